"""How a product of the flow is named: a published table by its contract, a private one by its own words."""

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.store.lake import Product

# What a room says of its redirects; the published table adds the method.
REDIRECTS = TABLES["redirects"].stated_schema


def private(name: str, schema: pl.Schema, key: tuple[str, ...], group: str, says: str) -> Product:
    return Product(name, schema, key, says, group)


def table(name: str) -> Product:
    return Product.published(TABLES[name])


def columns_of(name: str) -> tuple[str, ...]:
    """All columns of a published table but its method, which says nothing that a step could use."""
    return tuple(column for column in TABLES[name].column_names if column != "method")
