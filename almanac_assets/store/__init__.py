"""Where bytes live: atomic files, payloads by their hash, the one Parquet writer, the lake and its memo, the clock."""
