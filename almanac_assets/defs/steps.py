"""The whole flow in one list: which function makes which tables, from which columns; the rooms of it lie in flow/."""

import polars as pl

from almanac_assets.defs.flow import citing, happening, naming, reading, relating, trusting
from almanac_assets.store.lake import Product
from almanac_assets.store.steps import Step

STEPS: tuple[Step, ...] = (
    *reading.STEPS,
    *naming.STEPS,
    *citing.STEPS,
    *happening.STEPS,
    *relating.STEPS,
    *trusting.STEPS,
)

PRODUCTS: dict[str, Product] = {product.name: product for step in STEPS for product in step.products}
SCHEMAS: dict[str, pl.Schema] = {name: product.schema for name, product in PRODUCTS.items()}
MADE_BY: dict[str, Step] = {product.name: step for step in STEPS for product in step.products}
