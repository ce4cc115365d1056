"""Works of which only the titles agree: when is an equal title enough to take two for one?

A unit is a set of ids that statements tie together. Titles join units only where nothing speaks against it; what a
title joins into a contradiction falls apart again, whole, so that the order of the statements never matters.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from almanac_assets.citations.components import components
from almanac_assets.harvest.work_ids import SCHEMES

LEAST_WORDS, LEAST_LETTERS = 4, 20  # a title with fewer of both, such as "Deep learning", may stand over many works
YEARS_APART = 1  # a preprint and its proceedings
SHARED_MOST = 12  # units; a title over more of them ("Conclusion and outlook on future work") tells none apart
HARD = tuple(scheme for scheme in SCHEMES if scheme not in ("title", "local"))


@dataclass(frozen=True)
class Facts:
    """What is stated of units: kinds of ids (a DOI counts by its publisher's prefix), years, first authors."""

    schemes: pl.DataFrame  # unit, scheme
    years: pl.DataFrame  # unit, low, high
    families: pl.DataFrame  # unit, family


def facts(units: pl.DataFrame, statements: pl.DataFrame) -> Facts:
    """Facts of the units from their ids (`units`: id, unit) and their statements (unit, year, authors)."""
    hard = units.filter(scheme_of("id").is_in(HARD))
    registrant = pl.col("id").str.extract(r"^(doi:[^/]+)/")
    dated = statements.drop_nulls("year").group_by("unit").agg(low=pl.col("year").min(), high=pl.col("year").max())
    named = statements.select("unit", family=family("authors")).drop_nulls().unique()
    return Facts(hard.select("unit", scheme=registrant.fill_null(scheme_of("id"))), dated, named)


def scheme_of(column: str) -> pl.Expr:
    return pl.col(column).str.extract(r"^([a-z0-9]+):")


def family(column: str) -> pl.Expr:
    """The first author's family name in lower-case ASCII letters; null where there is none to compare.

    It stands before a comma, or else is the last word: "Biderman, Stella" and "Stella Biderman" agree.
    """
    first = pl.col(column).list.first()
    name = first.str.extract(r"^([^,]+)").str.strip_chars().str.replace(r"(?i)\s+(?:jr|sr|ii|iii)\.?$", "")
    letters = name.str.extract(r"(\S+)$").str.normalize("NFKD").str.to_lowercase().str.replace_all(r"[^a-z]", "")
    return pl.when(letters != "").then(letters)


def joined_by_title(units: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Units (id, unit) in works: unit and `work`, the number of its component.

    `statements` has unit, title, title_id, is_titled (the title is the first id that the statement has), year, authors.
    """
    # A bulk file names a work by its title where it knows nothing better, and elsewhere, by its own id, what it is.
    named = statements.filter("is_titled").select("unit", group="title_id")
    owners = units.filter(scheme_of("id") == "title").select("unit", group="id")
    whole = _consistent(pl.concat([named, owners.join(named, on="group", how="semi")]), units, statements, strict=False)
    lifted_units = units.join(whole, on="unit").select("id", unit="component")
    lifted = statements.join(whole, on="unit").drop("unit").rename({"component": "unit"})
    pairs = _pairs(lifted_units, lifted)
    links = _without_conflicts(pairs, facts(lifted_units, lifted), strict=True)
    final = _consistent(links, lifted_units, lifted, strict=True).rename({"unit": "component", "component": "work"})
    return whole.join(final, on="component").select("unit", "work")


def _pairs(units: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Two units that state one title which is long enough to tell works apart: a group each."""
    letters = pl.col("title").str.normalize("NFKD").str.replace_all(r"[^0-9A-Za-z]", "").str.len_chars()
    words = pl.col("title").str.count_matches(r"\S+")
    telling = statements.filter((words >= LEAST_WORDS) | (letters >= LEAST_LETTERS)).select("title_id").unique()
    stated = statements.select("unit", "title_id")
    own = units.filter(scheme_of("id") == "title").select("unit", title_id="id")
    titled = pl.concat([stated, own]).drop_nulls().unique().join(telling, on="title_id", how="semi")
    titled = titled.filter(pl.len().over("title_id") <= SHARED_MOST)
    both = titled.join(titled, on="title_id", suffix="_other").filter(pl.col("unit") < pl.col("unit_other"))
    both = both.select("unit", "unit_other").unique().sort("unit", "unit_other").with_row_index("group")
    return pl.concat([both.select("group", "unit"), both.select("group", unit="unit_other")])


def _consistent(links: pl.DataFrame, units: pl.DataFrame, statements: pl.DataFrame, *, strict: bool) -> pl.DataFrame:
    """Every unit with its `component` by the links (group, unit); what would contradict itself stays apart."""
    alone = units.select(pl.col("unit").unique().sort())
    found = components(links, "group", "unit").rename({"component": "group"})
    kept = _without_conflicts(found, facts(units, statements), strict=strict)
    rows = pl.concat(
        [
            kept.select("unit", group=pl.format("g{}", "group")),
            alone.join(kept, on="unit", how="anti").select("unit", group=pl.format("u{}", "unit")),
        ]
    )
    return components(rows, "group", "unit")


def _without_conflicts(groups: pl.DataFrame, known: Facts, *, strict: bool) -> pl.DataFrame:
    """The groups (group, unit) that may be one work: no kind of id twice, and if `strict` years and first authors agree."""
    bad = [_repeated(groups.join(known.schemes.unique(), on="unit"))]
    if strict:
        dated = groups.join(known.years, on="unit").group_by("group").agg(pl.col("low").max(), pl.col("high").min())
        bad += [dated.filter(pl.col("low") - pl.col("high") > YEARS_APART).select("group"), _strangers(groups, known)]
    return groups.join(pl.concat(bad).unique(), on="group", how="anti")


def _repeated(schemes: pl.DataFrame) -> pl.DataFrame:
    """Groups in which two units have ids of one kind: units share no id, so these differ."""
    counted = schemes.group_by("group", "scheme").agg(units=pl.col("unit").n_unique())
    return counted.filter(pl.col("units") > 1).select("group").unique()


def _strangers(groups: pl.DataFrame, known: Facts) -> pl.DataFrame:
    """Groups without a first author that all units share which name one."""
    named = groups.join(known.families, on="unit")
    naming = named.group_by("group").agg(naming=pl.col("unit").n_unique())
    shared = named.group_by("group", "family").agg(shared=pl.col("unit").n_unique())
    most = shared.group_by("group").agg(pl.col("shared").max()).join(naming, on="group")
    return most.filter(pl.col("shared") < pl.col("naming")).select("group")
