"""Vectors of contents to vectors of documents: the table `document_vectors`."""

from __future__ import annotations

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method

VECTORS = Method(
    "text.vectors",
    1,
    "Document vectors from a static word table",
    "Words of title and text, weighted by (1 + ln n) x idf, summed over a table of 33,968 words and 256 dimensions, the mean "
    "added, brought to length 1, quantised to whole numbers of -127 to 127.",
    {"dimensions": 256, "words": 33968},
    model_sha256="2431e3b124c367fa2a91979942d7678a192fd064126f5ef1aa9fa44ab30a25b4",  # of table.npz
    training_data="68,069 arXiv records (CC0-1.0) and the weights of all-MiniLM-L6-v2 (Apache-2.0)",
    licence="CC0-1.0 AND Apache-2.0",
)


def document_vectors(documents: pl.DataFrame, vectors: pl.DataFrame) -> pl.DataFrame:
    """The table `document_vectors`: each document's content has its vector."""
    return (
        documents.select("document_id", "content_hash")
        .join(vectors, on="content_hash", maintain_order="left")
        .with_columns(VECTORS.column)
        .select(TABLES["document_vectors"].column_names)
    )
