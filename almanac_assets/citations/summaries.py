"""The table `citation_summaries`: what those who cite a work use it for, in one class, with the numbers behind it.

Citing works are counted, not sentences: the sentences of one paper are not independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from almanac_assets.citations.intervals import percent, wilson
from almanac_assets.citations.uses import UNCLEAR, main_uses
from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method


@dataclass(frozen=True)
class HubRule:
    """A class holds if the lower end of the interval of these roles together reaches `least`."""

    name: str
    label: str
    roles: tuple[str, ...]
    least: float
    says: str
    one_says: str


# The first that holds wins.
RULES = (
    HubRule(
        "tool_reference",
        "Tool reference",
        ("uses_method", "uses_software_or_model"),
        0.50,
        "use it as a method, library or model",
        "uses it as a method, library or model",
    ),
    HubRule(
        "data_reference",
        "Data reference",
        ("uses_data",),
        0.50,
        "use it as a dataset or benchmark",
        "uses it as a dataset or benchmark",
    ),
    HubRule(
        "baseline",
        "Baseline",
        ("compares",),
        0.40,
        "measure themselves against it",
        "measures itself against it",
    ),
    HubRule(
        "foundation",
        "Foundation",
        ("extends", "motivation"),
        0.30,
        "build on it or take their motivation from it",
        "builds on it or takes its motivation from it",
    ),
    HubRule(
        "background_reference",
        "Background reference",
        ("background",),
        0.60,
        "mention it as background",
        "mentions it as background",
    ),
)
SUPPORT_LIMIT = 10  # classified citing works below which no class is given
CONTESTED_SHARE, CONTESTED_LEAST = 0.10, 5  # lower end of the interval of critical works; disputing works
TIERS = (("landmark", 1000), ("hub", 100), ("established", 20), ("emerging", 3))  # citing works found, at least
SUMMARIES = Method(
    "citations.summaries",
    1,
    "Classes and breakdowns of cited works with 95 % intervals",
    "Of each citing work counts its main role: that of most of its sentences with a role, ties by confidence, then by the "
    "order of the list. A class holds if the lower end of Wilson's 95 % interval of its roles' share of the classified "
    "citing works reaches its limit; the first that holds wins, none is given below the support limit. Contested is a work "
    "that enough citing works with a known stance dispute or qualify. In the breakdowns, role and stance are of the citing "
    "works with a sentence, fields and years of all citing works; a work with several fields counts in each.",
    {
        "support_limit": SUPPORT_LIMIT,
        "classes": [{"class": rule.name, "roles": list(rule.roles), "least": rule.least} for rule in RULES],
        "contested_share": CONTESTED_SHARE,
        "contested_least": CONTESTED_LEAST,
        "tiers": dict(TIERS),
        "interval": "Wilson (1927), 95 %",
    },
)


def citation_summaries(citations: pl.DataFrame, citation_contexts: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """The table `citation_summaries`: a row for each work that is cited."""
    counts = _found(citations, works).join(_classified(main_uses(citation_contexts)), on="work_id", how="left")
    counts = counts.with_columns(pl.col(name).fill_null(0) for name in _COUNTS)
    classified = counts.with_columns(SUMMARIES.column, support_limit=pl.lit(SUPPORT_LIMIT, dtype=pl.Int64))
    classified = classified.with_columns(tier=_tier(), hub_class=_hub_class(), is_contested=_is_contested())
    return (
        classified.with_columns(
            hub_sentence=_hub_sentence(), contested_reason=pl.when("is_contested").then(_contested_reason())
        )
        .select(TABLES["citation_summaries"].column_names)
        .sort("work_id")
    )


def _found(citations: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """Per cited work the citing works found, those that are documents here, and the years that they span."""
    citing = works.select("work_id", "document_id", "year")
    return (
        citations.join(citing, left_on="citing_work_id", right_on="work_id")
        .group_by(work_id="cited_work_id")
        .agg(
            citing_found=pl.len().cast(pl.Int64),
            citing_linked=pl.col("document_id").count().cast(pl.Int64),
            first_citation_year=pl.col("year").min(),
            last_citation_year=pl.col("year").max(),
        )
    )


_CLASS_COUNTS = tuple(f"in_{rule.name}" for rule in RULES)
_COUNTS = (
    *("citing_with_context", "contexts", "classified_works", "unclear_works"),
    *("with_stance", "disputing", "qualifying"),
    *_CLASS_COUNTS,
)


def _classified(uses: pl.DataFrame) -> pl.DataFrame:
    role, stance = pl.col("main_role"), pl.col("main_polarity")
    return uses.group_by(work_id="cited_work_id").agg(
        citing_with_context=pl.len().cast(pl.Int64),
        contexts=pl.col("contexts").sum(),
        classified_works=(role != UNCLEAR).sum().cast(pl.Int64),
        unclear_works=(role == UNCLEAR).sum().cast(pl.Int64),
        with_stance=(stance != UNCLEAR).sum().cast(pl.Int64),
        disputing=(stance == "disputes").sum().cast(pl.Int64),
        qualifying=(stance == "qualifies").sum().cast(pl.Int64),
        **{f"in_{rule.name}": role.is_in(rule.roles).sum().cast(pl.Int64) for rule in RULES},
    )


def _tier() -> pl.Expr:
    found = [pl.when(pl.col("citing_found") >= least).then(pl.lit(tier)) for tier, least in TIERS]
    return pl.coalesce(*found, pl.lit("rare"))


def _hub_class() -> pl.Expr:
    holds = [
        pl.when(wilson(pl.col(f"in_{rule.name}"), pl.col("classified_works"))[0] >= rule.least).then(pl.lit(rule.name))
        for rule in RULES
    ]
    is_thin = pl.col("classified_works") < SUPPORT_LIMIT
    return pl.when(is_thin).then(pl.lit("unclassified")).otherwise(pl.coalesce(*holds, pl.lit("mixed")))


def _hub_sentence() -> pl.Expr:
    """The class in words with count, denominator, percent, interval, and what was left out; null if unclassified."""
    named = [
        pl.when(pl.col("hub_class") == rule.name).then(
            pl.concat_str(pl.lit(f"{rule.label}: "), _part(rule), pl.lit("; "), _left_out())
        )
        for rule in RULES
    ]
    most = pl.max_horizontal(_CLASS_COUNTS)
    leading = pl.coalesce(*(pl.when(pl.col(f"in_{rule.name}") == most).then(_part(rule)) for rule in RULES))
    mixed = pl.concat_str(
        pl.lit("Mixed: no use prevails beyond doubt; as the largest group, "), leading, pl.lit("; "), _left_out()
    )
    return pl.coalesce(*named, pl.when(pl.col("hub_class") == "mixed").then(mixed))


def _part(rule: HubRule) -> pl.Expr:
    count, of = pl.col(f"in_{rule.name}"), pl.col("classified_works")
    low, high = wilson(count, of)
    verb = pl.when(count == 1).then(pl.lit(rule.one_says)).otherwise(pl.lit(rule.says))
    return pl.format(
        "{} of {} classified citing works ({} %, 95 % interval {} to {} %) {}",
        count,
        of,
        percent(count / of),
        percent(low),
        percent(high),
        verb,
    )


def _left_out() -> pl.Expr:
    unclear = pl.col("unclear_works")
    told = (
        pl.when(unclear == 0)
        .then(pl.lit("none is unclear"))
        .when(unclear == 1)
        .then(pl.lit("1 further citing work is unclear"))
        .otherwise(pl.format("{} further citing works are unclear", unclear))
    )
    return pl.format("{} ({} contexts in all).", told, "contexts")


def _is_contested() -> pl.Expr:
    low, _ = wilson(pl.col("disputing") + pl.col("qualifying"), pl.col("with_stance"))
    return (low >= CONTESTED_SHARE).fill_null(value=False) & (pl.col("disputing") >= CONTESTED_LEAST)


def _contested_reason() -> pl.Expr:
    critical = pl.col("disputing") + pl.col("qualifying")
    low, high = wilson(critical, pl.col("with_stance"))
    return pl.format(
        "{} of {} citing works with a known stance ({} %, 95 % interval {} to {} %) dispute or qualify it; {} of them dispute it",
        critical,
        "with_stance",
        percent(critical / pl.col("with_stance")),
        percent(low),
        percent(high),
        "disputing",
    )
