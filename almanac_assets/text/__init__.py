"""From documents to sentences, terms and vectors: made once per content hash, and kept."""
