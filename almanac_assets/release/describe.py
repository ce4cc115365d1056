"""What a release says about itself: card, checksums, views.sql, datapackage.json, croissant.json, CHANGES.md.

Formats: Data Package v2 (https://datapackage.org/standard/data-package/) and Croissant 1.0 (https://mlcommons.org/croissant/1.0).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from almanac_assets.contract.table import Column, Contract
from almanac_assets.store.files import sha256_of

TITLE = "Almanac: a curated dataset of AI research"
LICENCE_NOTE = (
    "What Almanac adds is offered under CC0-1.0. Texts keep the licence of their source, which stands in the table `sources`: "
    "arXiv metadata (titles, abstracts, authors, categories) is CC0-1.0; the papers themselves are not part of the release. "
    "Some names of tasks and datasets were recognised with lists of Papers with Code (CC BY-SA 4.0)."
)
_PACKAGE_TYPES = {
    "text": "string",
    "time": "datetime",
    "date": "date",
    "bool": "boolean",
    "float64": "number",
    "int8": "integer",
    "int16": "integer",
    "int32": "integer",
    "int64": "integer",
}
_CROISSANT_TYPES = {
    "text": "sc:Text",
    "time": "sc:DateTime",
    "date": "sc:Date",
    "bool": "sc:Boolean",
    "float64": "sc:Float",
    "int8": "sc:Integer",
    "int16": "sc:Integer",
    "int32": "sc:Integer",
    "int64": "sc:Integer",
}


def views_sql(tables: Mapping[str, Contract]) -> str:
    """A view per table, from any folder once `release_dir` is set."""
    lines = ["-- SET VARIABLE release_dir = '/path/to/this/folder';  then: .read views.sql"]
    lines += [
        f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet(getvariable('release_dir') || '/tables/{name}.parquet');"
        for name in tables
    ]
    return "\n".join(lines) + "\n"


def datapackage(name: str, as_of: str, tables: Mapping[str, Contract], files: Mapping[str, Mapping[str, Any]]) -> str:
    """The Data Package descriptor."""
    resources = [
        {
            "name": table.replace("_", "-"),
            "path": f"tables/{table}.parquet",
            "title": contract.title,
            "description": contract.description,
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "bytes": files[table]["bytes"],
            "hash": f"sha256:{files[table]['sha256']}",
            "schema": {
                "fields": [_package_field(column) for column in contract.columns],
                "primaryKey": list(contract.key),
            },
        }
        for table, contract in tables.items()
    ]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "almanac",
        "title": TITLE,
        "version": name,
        "created": as_of,
        "licenses": [{"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}],
        "resources": resources,
    }
    return _json(package)


def _package_field(column: Column) -> dict[str, Any]:
    kind = _PACKAGE_TYPES.get(column.type_name, "any")  # lists: readers of the profile know no list of Parquet
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if not column.is_list:
        if column.allowed:
            constraints["enum"] = list(column.allowed)
        for name, bound in (("minimum", column.low), ("maximum", column.high)):
            if bound is not None:
                constraints[name] = int(bound) if kind == "integer" else bound
    field = {"name": column.name, "type": kind, "description": column.description}
    return field | ({"constraints": constraints} if constraints else {})


def croissant(name: str, as_of: str, tables: Mapping[str, Contract], files: Mapping[str, Mapping[str, Any]]) -> str:
    """The Croissant descriptor; nested columns are described as repeated fields."""
    distribution = [
        {
            "@type": "cr:FileObject",
            "@id": f"{table}.parquet",
            "name": f"{table}.parquet",
            "contentUrl": f"tables/{table}.parquet",
            "contentSize": f"{files[table]['bytes']} B",
            "encodingFormat": "application/x-parquet",  # the name that readers of Croissant know
            "sha256": files[table]["sha256"],
        }
        for table in tables
    ]
    record_sets = [
        {
            "@type": "cr:RecordSet",
            "@id": table,
            "name": table,
            "description": contract.description,
            "key": [{"@id": f"{table}/{key}"} for key in contract.key],
            "field": [_croissant_field(table, column) for column in contract.columns],
        }
        for table, contract in tables.items()
    ]
    described = {
        "@context": _CROISSANT_CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "almanac",
        "description": f"{TITLE}. {LICENCE_NOTE}",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "url": "https://arxiv.org",
        "version": name,
        "datePublished": as_of[:10],
        "distribution": distribution,
        "recordSet": record_sets,
    }
    return _json(described)


def _croissant_field(table: str, column: Column) -> dict[str, Any]:
    kind = _CROISSANT_TYPES.get(column.type_name) or ("sc:Text" if column.type_name == "list<text>" else "sc:Integer")
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": kind,
        "source": {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": column.name}},
    }
    if column.is_list:
        field["repeated"] = True
    # Foreign keys stand in the table `columns`: a reader of Croissant joins tables by their references, and ours run in
    # circles (an entity's parent is an entity).
    return field


_CROISSANT_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def card(
    name: str,
    as_of: str,
    tables: Mapping[str, Contract],
    files: Mapping[str, Mapping[str, Any]],
    sources: pl.DataFrame,
    rewritten: Mapping[str, int],
) -> str:
    """The release's README: what it holds, how to load and verify it, and whose texts it carries.

    `rewritten` counts, by table, the rows whose text is not the upstream's own.
    """
    head = ["---", "license: cc0-1.0", "language: [en]", f"pretty_name: Almanac {name}", "configs:"]
    for position, table in enumerate(tables):
        head += [f"- config_name: {table}", f"  data_files: tables/{table}.parquet"]
        head += ["  default: true"] if position == 0 else []
    rows = [f"| {table} | {files[table]['rows']:,} | {contract.description} |" for table, contract in tables.items()]
    terms = (
        sources.group_by("publisher", "licence", "redistribution")
        .agg(pl.len())
        .sort("publisher", "licence", "redistribution")
    )
    licences = [f"| {p} | {licence} | {r} | {n} |" for p, licence, r, n in terms.iter_rows()]
    body = f"""---

# Almanac {name}

As of {as_of}. Every derived row names its method (table `methods`); every span its document; every id stays what it is.

## Tables

| table | rows | a row is |
|---|---|---|
{chr(10).join(rows)}

The columns, with units, ranges and closed lists, stand in the table `columns`.

## Loading

```sql
SET VARIABLE release_dir = '.';   -- DuckDB, from this folder
.read views.sql
SELECT headline, importance FROM events ORDER BY importance DESC LIMIT 10;
```

```python
import polars as pl
events = pl.read_parquet("tables/events.parquet")
```

```python
import pandas as pd
events = pd.read_parquet("tables/events.parquet")
```

## Verifying

`sha256sum -c SHA256SUMS` checks the bytes, `almanac verify` also reads every table and runs every check of the contract.

## Known limits

Names are found by lists, patterns and definitions: a name that no list holds and no document defines is not found. Importance
is a sum of named signals with judged weights, not a prediction of citations. Posts are joined to the work they are about by
ids, links and equal titles alone. Roles of citing sentences follow from cue words and are `unclear` where none decides; the
table `quality` says how often the rules were right, on how many rows. English texts only are searched for names.
{_own_words(rewritten)}
## Licences

{LICENCE_NOTE}

| publisher | licence | what may be republished | sources |
|---|---|---|---|
{chr(10).join(licences)}
"""
    return "\n".join(head) + "\n" + body


def _own_words(rewritten: Mapping[str, int]) -> str:
    """What a reader must know of texts that were written for this body of data; nothing where there are none."""
    told = " and ".join(f"{count:,} rows of `{table}`" for table, count in sorted(rewritten.items()) if count)
    if not told:
        return ""
    return f"""
## Texts that are not the upstream's own

{told} carry texts that were rewritten in our own words because the originals may not be republished (`text_basis` is
`rewritten`). Ids, titles, dates, authors and links are true. Such a text is never quoted as evidence, and what follows from
it shows how the tables work, not what the source said.
"""


def changes_page(name: str, previous: str | None, changes: pl.DataFrame, accepted: Mapping[str, str]) -> str:
    """CHANGES.md: counts of changes by table and cause, with examples."""
    lines = [f"# Changes in {name}", ""]
    if previous is None:
        lines += ["The first release: there is nothing to compare it with.", ""]
    else:
        lines += [f"Against {previous}: {changes.height:,} differing cells or rows.", ""]
        counts = changes.group_by("table_name", "change", "cause").agg(pl.len().alias("n"), pl.col("row_key").min())
        lines += ["| table | change | cause | count | for example |", "|---|---|---|---|---|"]
        for row in counts.sort("table_name", "change", "cause").iter_rows(named=True):
            example = row["row_key"].replace("|", "\\|")
            lines.append(f"| {row['table_name']} | {row['change']} | {row['cause']} | {row['n']:,} | `{example}` |")
        lines.append("")
    lines += [f"Accepted although gate `{gate}` failed: {reason}" for gate, reason in sorted(accepted.items())]
    return "\n".join(lines).rstrip() + "\n"


def checksums(folder: Path) -> str:
    """SHA256SUMS over every file of the folder but itself, sorted by path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    return "".join(f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
