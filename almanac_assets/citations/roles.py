"""What a citing sentence does with the cited work: ordered cues of language, read where they can govern the marker.

A cue decides or nothing does: a sentence without any is `unclear`. The section is itself a sign only where it says
enough: a sentence of an introduction or of related work that does not speak of the own work tells what is known.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from almanac_assets.citations.cues import CUES
from almanac_assets.citations.kinds import use_kind
from almanac_assets.citations.reading import first_cue, readings
from almanac_assets.citations.sections import section_classes
from almanac_assets.citations.words import OWN, OWN_FINDING

# A clause that grants a merit before the sentence comes to what it wants to say.
_GRANTING: Final = r"(?i)^\W*(?:and |but )?(?:while|although|though|despite|in spite of)\b"
UNCLEAR: Final = "unclear"

# Share right of what each cue decided. The first nine: train and dev of the citation-intent set SciCite (three labels, so
# that no kind of use is told apart), n between 114 and 1,773. The others: (right + 1) / (read + 2) of 11 to 16 citing
# sentences of NeurIPS 2025 papers each, drawn with a seed and read by who wrote the rules, not blind; most were read before
# the last tightening of the rules, so that they are no independent test.
CONFIDENCE: Final[dict[str, float]] = {
    "as_in": 0.91,
    "done_here": 0.82,
    "used_here": 0.91,
    "we_use": 0.86,
    "likened": 0.84,
    "same_finding": 0.74,
    "known": 0.77,
    "told_of_it": 0.74,
    "told": 0.92,
    "future": 0.83,
    "evaluation_extended": 0.86,  # as we_use: too rare to be read by itself
    "extends": 0.77,
    "built_on": 0.75,
    "inspired": 0.92,
    "compared": 0.80,
    "outdone": 0.69,
    "on_data": 0.72,
    "gap": 0.69,
    "gap_granted": 0.69,
}
# Share of uses whose kind is right, of 30 of each kind read in the same way; multiplies the confidence of the cue.
KIND_SHARE: Final[dict[str, float]] = {"uses_data": 0.78, "uses_software_or_model": 0.84, "uses_method": 0.66}


def roles(contexts: pl.DataFrame) -> pl.DataFrame:
    """`section_class`, `role`, `roles`, `role_confidence`, `decided_by` and `cue` of each context, in the same order.

    Needs `sentence`, `section`, `cited_title`, `marker_start` and `marker_end` (code points). `roles` has the primary one
    first and is empty where the role is `unclear`; the cue is what decided, in the sentence's own words, or null where
    the section alone did. The sentences before and after are not asked: they tell of roles more often wrongly than not.
    """
    read = readings(contexts).with_columns(
        section_class=section_classes(contexts["section"]), title=contexts["cited_title"].cast(pl.String).fill_null("")
    )
    read = read.with_columns(**_signs()).with_columns(kind=use_kind())
    when = {
        "always": pl.lit(value=True),
        "own": pl.col("own"),
        "done": pl.col("done"),
        "own_or_done": pl.col("own") | pl.col("done"),
        "finding": pl.col("own") | pl.col("finding") | pl.col("argued"),
        "data_done": pl.col("done") & (pl.col("kind") == "uses_data"),
        "untold": ~pl.col("told"),
        "undone": ~pl.col("done") & ~pl.col("own_clause"),
        "not_granted": ~pl.col("done") & ~pl.col("own_clause") & ~pl.col("clause").str.contains(_GRANTING),
        "told": pl.col("told") & ~pl.col("own"),
    }
    read = read.with_columns(
        pl.when(when[cue.when]).then(first_cue(cue.patterns) if cue.patterns else pl.lit("")).alias(_at(cue.name))
        for cue in CUES
    )
    said = [pl.when(pl.col(_at(cue.name)).is_not_null()) for cue in CUES]
    named = [pl.col("kind") if cue.role == "uses" else pl.lit(cue.role) for cue in CUES]
    read = read.with_columns(
        rule=pl.coalesce([at.then(pl.lit(cue.name)) for at, cue in zip(said, CUES, strict=True)]),
        roles=pl.concat_list([at.then(role) for at, role in zip(said, named, strict=True)])
        .list.drop_nulls()
        .list.unique(maintain_order=True),
        cue=pl.coalesce([_at(cue.name) for cue in CUES]).replace({"": None}),
    )
    # Background is what is left: a work that is also put to use is not only mentioned.
    alone = pl.col("roles").list.len() == 1
    read = read.with_columns(
        roles=pl.when(alone)
        .then("roles")
        .otherwise(pl.col("roles").list.eval(pl.element().filter(pl.element() != "background")))
    )
    read = read.with_columns(role=pl.col("roles").list.first().fill_null(UNCLEAR))
    sure = pl.col("rule").replace_strict(CONFIDENCE, default=0.0, return_dtype=pl.Float64)
    kind_sure = pl.col("role").replace_strict(KIND_SHARE, default=1.0, return_dtype=pl.Float64)
    return read.select(
        "section_class",
        "role",
        "roles",
        role_confidence=(sure * kind_sure).round(2),
        decided_by=pl.lit("cue"),
        cue="cue",
    )


def _at(name: str) -> str:
    return f"cue:{name}"


def _signs() -> dict[str, pl.Expr]:
    """Who speaks, and where."""
    stands = pl.col("section_class").fill_null("")
    return {
        "own": pl.col("sentence").str.contains(OWN),
        "own_clause": pl.col("clause").str.contains(OWN),
        "finding": pl.col("sentence").str.contains(OWN_FINDING),
        "told": stands.is_in(["introduction", "related_work"]),
        "done": stands.is_in(["method", "experiments", "results", "appendix"]),
        "argued": stands.is_in(["experiments", "results", "discussion", "conclusion"]),
    }
