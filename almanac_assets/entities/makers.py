"""Who made a thing, where a text says so in so many words: "OpenAI's GPT-4", "Llama 3 by Meta", "Claude (Anthropic)".

Only names that stand side by side are read, with nothing between them but the words that make the one the other's maker:
an organization that is named further away may be anything.
"""

from __future__ import annotations

import polars as pl

MADE_TYPES = ("model", "software", "hardware", "benchmark", "dataset")
# "NVIDIA H100" and "Google Gemini" name the maker; before a dataset or benchmark a bare name is as often where it is from.
ADJACENT_TYPES = ("model", "software", "hardware")
# Sorts of hardware that many make: "AMD FPGA" says nothing of FPGAs.
SORTS = ("fpga", "gpu", "cpu", "npu", "tpu", "asic", "soc", "dsp", "mcu", "lidar", "imu")
POSSESSIVE = r"^(?:'s|’s|'|’) $"
BY = r"^,? (?:by|from|(?:developed|released|created|introduced|built|made|trained|open-sourced) by) (?:the )?$"
BRACKET = r"^ ?\((?:by )?$"
LONGEST_GAP = 24
# A second maker counts only if a third as many documents as for the first say so: a slip of one author is no second maker.
LEAST_SHARE = 1 / 3

MAKERS_SCHEMA: dict[str, pl.DataType] = {
    "entity_id": pl.String(),
    "other_entity_id": pl.String(),
    "evidence_document_id": pl.String(),
    "evidence_field": pl.String(),
    "evidence_start": pl.Int32(),
    "evidence_end": pl.Int32(),
}


def stated_makers(mentions: pl.DataFrame, registry: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Things and the organizations that texts name as their makers, in MAKERS_SCHEMA, with the first such place."""
    forms = registry.select("entity_id", "normal_form")
    said = (
        _side_by_side(mentions, documents)
        .with_columns(org_first=pl.col("type") == "organization")
        .filter(_says_so())
        .select(
            "document_id",
            "field",
            entity_id=pl.when("org_first").then("next_id").otherwise("entity_id"),
            other_entity_id=pl.when("org_first").then("entity_id").otherwise("next_id"),
            start="start",
            end="next_end",
        )
        .join(forms, on="entity_id")
        .filter(~pl.col("normal_form").is_in(SORTS))
        .join(documents.select("document_id", "first_seen_at"), on="document_id")
        .sort("first_seen_at", "document_id", "field", "start")
    )
    pairs = said.group_by("entity_id", "other_entity_id", maintain_order=True).agg(
        pl.col("document_id").n_unique().alias("told"),
        evidence_document_id=pl.col("document_id").first(),
        evidence_field=pl.col("field").first(),
        evidence_start=pl.col("start").first(),
        evidence_end=pl.col("end").first(),
    )
    most = pl.col("told").max().over("entity_id")
    kept = pairs.filter((pl.col("told") == most) | ((pl.col("told") > 1) & (pl.col("told") >= most * LEAST_SHARE)))
    return kept.select(pl.col(name).cast(kind) for name, kind in MAKERS_SCHEMA.items()).sort(
        "entity_id", "other_entity_id"
    )


def _side_by_side(mentions: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Linked mentions with the next one of the same field, where one is an organization; `gap` is what stands between."""
    place = ["document_id", "field"]
    ordered = mentions.filter(pl.col("entity_id").is_not_null()).sort(*place, "start")
    following = [pl.col(name).shift(-1).over(place).alias(f"next_{name}") for name in ("start", "end", "type")]
    paired = ordered.with_columns(*following, pl.col("entity_id").shift(-1).over(place).alias("next_id"))
    near = paired.filter(
        (pl.col("next_start") - pl.col("end")).is_between(1, LONGEST_GAP)
        & ((pl.col("type") == "organization") != (pl.col("next_type") == "organization"))
        & (pl.col("type").is_in(MADE_TYPES) | pl.col("next_type").is_in(MADE_TYPES))
    )
    whole = pl.when(pl.col("field") == "title").then("title").otherwise("whole_text")
    texts = documents.select("document_id", "title", whole_text="text")
    return near.join(texts, on="document_id").with_columns(
        gap=whole.str.slice(pl.col("end"), pl.col("next_start") - pl.col("end")),
        after=whole.str.slice(pl.col("next_end"), 1),
    )


def _says_so() -> pl.Expr:
    adjacent = (pl.col("gap") == " ") & pl.col("next_type").is_in(ADJACENT_TYPES)
    owner_first = pl.col("org_first") & (pl.col("gap").str.contains(POSSESSIVE) | adjacent)
    bracketed = pl.col("gap").str.contains(BRACKET) & (pl.col("after") == ")") & (pl.col("type") == "model")
    thing_first = ~pl.col("org_first") & (pl.col("gap").str.contains(BY) | bracketed)
    return owner_first | thing_first
