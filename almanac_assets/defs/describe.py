"""What the UI shows of a table: column schema, lineage, a preview to read, and a picture where it says more."""

import base64
from collections.abc import Mapping
from typing import Any

import dagster as dg
import polars as pl

from almanac_assets.contract.dictionary import bounds
from almanac_assets.defs.pictures import picture
from almanac_assets.store.lake import Product
from almanac_assets.store.steps import Made, Step
from almanac_assets.store.tables import read_frame

PREVIEW_ROWS = 5
CELL = 60  # characters of a cell in a preview


def column_schema(product: Product) -> dg.TableSchema:
    """Names, types, meanings and bounds of a product's columns."""
    if product.contract is None:
        columns = [dg.TableColumn(name, str(kind)) for name, kind in product.schema.items()]
        return dg.TableSchema(columns=columns)
    columns = [
        dg.TableColumn(
            column.name,
            column.type_name,
            description=column.description,
            constraints=dg.TableColumnConstraints(
                nullable=column.nullable,
                unique=product.contract.key == (column.name,),
                other=[bounds(column)] if bounds(column) else [],
            ),
        )
        for column in product.contract.columns
    ]
    key = f"key: {', '.join(product.contract.key)}"
    return dg.TableSchema(columns=columns, constraints=dg.TableConstraints(other=[key]))


def column_lineage(product: Product, step: Step) -> dg.TableColumnLineage:
    """Columns that each column follows from: those of its own name among the columns read, else all that are read."""
    lineage = {}
    for name in product.schema.names():
        same = [(table, name) for table, columns in step.reads.items() if name in columns]
        read = same or [(table, column) for table, columns in step.reads.items() for column in columns]
        lineage[name] = [dg.TableColumnDep(dg.AssetKey(table), column) for table, column in read]
    return dg.TableColumnLineage(lineage)


def made_metadata(made: Made, step: Step) -> Mapping[str, Any]:
    """What is said of a product that was just made or found unchanged."""
    frame = _first_part(made)
    metadata: dict[str, Any] = {
        "dagster/row_count": made.kept.rows,
        "dagster/column_lineage": column_lineage(made.product, step),
        "parts": len(made.kept.parts),
        "parts_made": made.parts_made,
        "reused": made.reused,
        "seconds": round(made.seconds, 2),
        "content_hash": made.kept.content_hash,
        "preview": dg.MetadataValue.md(preview(frame)),
    }
    drawing = picture(made.product.name, frame)
    if drawing:
        encoded = base64.b64encode(drawing.encode()).decode()
        metadata["picture"] = dg.MetadataValue.md(f"![{made.product.name}](data:image/svg+xml;base64,{encoded})")
    return metadata


def _first_part(made: Made) -> pl.DataFrame:
    if not made.kept.parts:
        return pl.DataFrame(schema=made.product.schema)
    return read_frame(made.kept.parts[sorted(made.kept.parts)[0]].path)


def preview(frame: pl.DataFrame, rows: int = PREVIEW_ROWS) -> str:
    """The first rows as a Markdown table with short cells."""
    if not frame.height:
        return "no rows"
    head = "| " + " | ".join(frame.columns) + " |"
    rule = "|" + "---|" * frame.width
    lines = ["| " + " | ".join(_cell(value) for value in row) + " |" for row in frame.head(rows).iter_rows()]
    return "\n".join([head, rule, *lines])


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    text = " ".join(text.split()).replace("|", "\\|")
    return text if len(text) <= CELL else text[: CELL - 1] + "…"
