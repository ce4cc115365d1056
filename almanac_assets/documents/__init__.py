"""From payloads to documents: parsing, clean text, identity, versions, quarantine."""
