"""The table `citation_contexts`: the sentences that cite, as far as they may be shown, and what each of them does."""

from __future__ import annotations

import hashlib
import logging

import polars as pl

from almanac_assets.citations.edges import between_works
from almanac_assets.citations.polarity import CONFIDENCE as POLARITY_CONFIDENCE
from almanac_assets.citations.polarity import polarities
from almanac_assets.citations.roles import CONFIDENCE as ROLE_CONFIDENCE
from almanac_assets.citations.roles import KIND_SHARE, roles
from almanac_assets.contract import TABLES
from almanac_assets.contract.lists import S2_INTENTS
from almanac_assets.contract.method import Method
from almanac_assets.documents.clean import EXCERPT, excerpt, plain_text, plain_texts
from almanac_assets.text.spans import evidence_ids

log = logging.getLogger("almanac.citations")

REWRITTEN = "rewritten"
CONTEXTS = Method(
    "citations.contexts",
    1,
    "Role and stance of citing sentences by cue rules",
    "Sentences as indexes and files give them, in plain text, one row for a sentence of one work about another however "
    "many sources give it; those that a source does not let us show are left out, and of long ones only the beginning may be "
    "shown (`excerpt`). Ordered cues are read in the clause of the "
    "citation mark, with the kind of section as a sign; nouns, names and the cited title tell what kind of thing is used. "
    "Without a cue the role is unclear. A stance needs evidence or a stated limit; use and praise are neutral; cues that "
    "conflict make it unclear. The part of the sentence that speaks of the cited work is not marked yet: scope is null.",
    {
        "excerpt": EXCERPT,
        "role_confidence": ROLE_CONFIDENCE,
        "kind_share": KIND_SHARE,
        "polarity_confidence": POLARITY_CONFIDENCE,
    },
    training_data="none fitted; confidences of nine cues from SciCite (Cohan et al. 2019, Apache-2.0), the others from "
    "sentences of 2025 NeurIPS papers and ScisummNet read by who wrote the rules",
)


def citation_contexts(
    read_contexts: pl.DataFrame, work_ids: pl.DataFrame, works: pl.DataFrame, sources: pl.DataFrame
) -> pl.DataFrame:
    """The table `citation_contexts`."""
    shown = _plain(_showable(between_works(read_contexts, work_ids, works, "contexts"), sources))
    made = _once(shown)
    titled = made.join(
        works.select(cited_work_id="work_id", cited_title="title"), on="cited_work_id", maintain_order="left"
    )
    spans = made.select(
        subject_id="context_id", field=pl.lit("sentence"), start=pl.lit(0), end=pl.col("sentence").str.len_chars()
    )
    judged = pl.concat([made, roles(titled), polarities(titled)], how="horizontal")
    unknown = pl.lit(None, dtype=pl.Int32)
    return (
        judged.with_columns(
            CONTEXTS.column, evidence_ids(spans, "citation_contexts"), scope_start=unknown, scope_end=unknown
        )
        .select(TABLES["citation_contexts"].column_names)
        .sort("context_id")
    )


def spans_of_contexts(citation_contexts: pl.DataFrame) -> pl.DataFrame:
    """Each whole sentence as a span."""
    return citation_contexts.select(
        subject_id="context_id",
        field=pl.lit("sentence"),
        start=pl.lit(0, dtype=pl.Int32),
        end=pl.col("sentence").str.len_chars().cast(pl.Int32),
    )


def _showable(contexts: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Contexts that may be published, with the `limit` of their length; a sentence in our own words always may."""
    terms = contexts.join(
        sources.select("source_id", "standing", "redistribution"), on="source_id", how="left", maintain_order="left"
    )
    is_ours = pl.col("text_basis") == REWRITTEN
    shown = terms.filter(is_ours | (pl.col("redistribution") != "facts_only").fill_null(value=False))
    if shown.height < terms.height:
        log.info("%d of %d citing sentences may not be shown", terms.height - shown.height, terms.height)
    is_cut = ~is_ours & (pl.col("redistribution") == "excerpt")
    return shown.with_columns(limit=pl.when(is_cut).then(EXCERPT))


def _plain(contexts: pl.DataFrame) -> pl.DataFrame:
    """Sentences in plain text, cut between words where there is a limit, the marker's span with them; empty ones go."""
    sentence = plain_texts(contexts["sentence"])
    start, end = _moved_markers(contexts, sentence)
    plain = contexts.with_columns(
        sentence,
        start,
        end,
        before=plain_texts(contexts["before"]),
        after=plain_texts(contexts["after"]),
        section=plain_texts(contexts["section"]),
    ).with_columns(pl.col("before", "after", "section").replace({"": None}))
    is_long = pl.col("sentence").str.len_chars() > pl.col("limit")
    plain = plain.with_columns(
        sentence=pl.when(is_long).then(excerpt(pl.col("sentence"))).otherwise("sentence"),
        text_basis=pl.when(is_long).then(pl.lit("excerpt")).otherwise("text_basis"),
        before=pl.when(pl.col("limit").is_null()).then("before"),
        after=pl.when(pl.col("limit").is_null()).then("after"),
    )
    inside = pl.col("marker_end") <= pl.col("sentence").str.len_chars()
    return plain.with_columns(pl.when(inside).then(pl.col("marker_start", "marker_end"))).filter(
        pl.col("sentence") != ""
    )


def _moved_markers(contexts: pl.DataFrame, plain: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Begin and end of the markers in the plain sentences; null where a marker cannot be found again for certain."""
    start, end = contexts["marker_start"], contexts["marker_end"]
    is_sound = contexts.select(
        ((pl.col("marker_start") >= 0) & (pl.col("marker_start") < pl.col("marker_end"))).fill_null(value=False)
    ).to_series()
    moved = (contexts["sentence"] != plain).fill_null(value=False) & is_sound
    places: dict[int, tuple[int, int] | None] = {
        row: _place(raw, made, begin, stop)
        for row, raw, made, begin, stop in zip(
            moved.arg_true().to_list(),
            *(column.filter(moved).to_list() for column in (contexts["sentence"], plain, start, end)),
            strict=True,
        )
    }
    spans = [
        (places[row] or (None, None)) if row in places else (begin, stop) if sound else (None, None)
        for row, (begin, stop, sound) in enumerate(zip(start, end, is_sound, strict=True))
    ]
    return (
        pl.Series("marker_start", [span[0] for span in spans], dtype=pl.Int32),
        pl.Series("marker_end", [span[1] for span in spans], dtype=pl.Int32),
    )


def _place(raw: str, plain: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the marker raw[start:end] stands in the plain sentence: as the same one of its occurrences."""
    marker = plain_text(raw[start:end])
    if not marker or raw.count(raw[start:end]) != plain.count(marker):
        return None
    at = -1
    for _ in range(raw.count(raw[start:end], 0, start) + 1):
        at = plain.find(marker, at + 1)
    return (at, at + len(marker)) if at >= 0 else None


def _once(contexts: pl.DataFrame) -> pl.DataFrame:
    """Each sentence of a pair of works once, as the best source gives it, with what others know of its place."""
    folded = contexts["sentence"].str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ")
    ids = [
        "c-" + hashlib.sha256("\0".join(row).encode()).hexdigest()[:16]
        for row in zip(contexts["citing_work_id"], contexts["cited_work_id"], folded.str.strip_chars(), strict=True)
    ]
    intents = pl.col("s2_intents").list.explode(keep_nulls=False, empty_as_null=False)
    order = ("standing", "fetched_at", "payload_sha256", "ordinal", "position")
    return (
        contexts.with_columns(context_id=pl.Series(ids, dtype=pl.String), is_ours=pl.col("text_basis") == REWRITTEN)
        .sort("context_id", "is_ours", *order, descending=[False, False, True, True, True, False, False])
        .group_by("context_id", maintain_order=True)
        .agg(
            pl.col("citing_work_id", "cited_work_id", "sentence", "text_basis", "marker_start", "marker_end").first(),
            pl.col("before", "after", "section").drop_nulls().first(),
            intents.filter(intents.is_in(S2_INTENTS)).unique().sort(),
        )
    )
