"""Summaries in a document's own words: two to four of its sentences, in their order, each with its span.

A sentence is chosen by what it says (what was done, what was found), by where it stands and by whether it names what the
headline names; the sentence that sets the scene is chosen only where little else is there. Nothing is ever rewritten.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

import polars as pl

from almanac_assets.contract import TABLES
from almanac_assets.contract.method import Method
from almanac_assets.documents.clean import EXCERPT
from almanac_assets.text.sentences import Span, sentences
from almanac_assets.text.spans import evidence_ids, span_rows


@dataclass(frozen=True)
class SummaryWeights:
    """Points of a sentence, chosen by reading 60 summaries of the shipped sample; no labels were fitted."""

    does: float = 2.0  # says what the work does: we introduce, this paper studies
    finds: float = 1.6  # says what came of it: we find, results show, outperforms
    figure: float = 0.5  # has a number with it
    headline: float = 1.2  # times the share of the headline's longer words that it has
    first: float = 0.6  # the first sentence, which says what it is about
    scene: float = -1.0  # sets the scene: however, recent work, remains challenging
    aside: float = -1.5  # says where the code is
    least: int = 2  # sentences, where the text has so many
    most: int = 4
    length: int = 600  # code points after which no further sentence is taken
    longest: int = 500  # code points of one sentence: a longer one was not cut rightly, or is a table


WEIGHTS = SummaryWeights()
SUMMARY = Method(
    "events.summary",
    1,
    "Summary from the document's own sentences",
    "Sentences of the lead's text get points for saying what the work does and what it found, for figures, for the words of "
    "the headline and for standing first; less for setting the scene and for pointers to code. The best two to four are "
    "taken whole, in their order.",
    asdict(WEIGHTS),
)
_DOES = re.compile(
    r"\b(?:we|i|authors|researchers|this (?:paper|work|study|survey|post|report|article)|in this (?:paper|work|study))\b[^.]{0,60}?"
    r"\b(?:introduc|propos|present|stud(?:y|ies)|investigat|develop|describ|design|build|analy[sz]|examin|formali[sz]|survey|"
    r"review|releas|provid|address|explor|distinguish|conduct|establish|announc|offer|ask)",
    re.IGNORECASE,
)
_FINDS = re.compile(
    r"\b(?:we|results?|experiments?|findings?|evaluations?|it|analysis|our method|our approach)\b[^.]{0,40}?"
    r"\b(?:find|found|show|shows|shown|reveal|reveals|demonstrat|observe|prove|achiev|outperform|improve[sd]?|reduc|reach|recover|"
    r"indicat|suggest|confirm|surpass|yield|match)",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?\s?(?:%|x\b|×|points?\b|pp\b|billion|million|B\b|M\b)")
_SCENE = re.compile(
    r"^(?:however|recent(?:ly)?|despite|although|while|existing|prior|previous|current|in recent|many|most|traditional)\b|"
    r"\b(?:remains? (?:a |an |largely |poorly |un)|little is known|has become|have become|has emerged|have emerged|crucial|increasingly)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:code|data|models?|weights|project page|demo|dataset)\b[^.]{0,60}\b(?:available|released|at https?|found at|public)|https?://",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"[.!?…。！？:][\"'”’»)\]]*\s*$")
_LONG_WORD = re.compile(r"[A-Za-z][\w-]{3,}")


def chosen(text: str, headline: str) -> list[Span]:
    """The spans of the sentences taken, in order; none for a text without any sentence of usable length."""
    spans = [span for span in _finished(text) if span[1] - span[0] <= WEIGHTS.longest]
    if len(spans) <= WEIGHTS.least:
        return spans
    wanted = {word.casefold() for word in _LONG_WORD.findall(headline)}
    ranked = sorted(range(len(spans)), key=lambda at: (-_points(text[slice(*spans[at])], at, wanted), at))
    taken: list[int] = []
    length = 0
    for at in ranked[: WEIGHTS.most]:
        size = spans[at][1] - spans[at][0]
        if len(taken) >= WEIGHTS.least and (length + size > WEIGHTS.length or _is_aside(text[slice(*spans[at])])):
            continue
        taken.append(at)
        length += size
    return [spans[at] for at in sorted(taken)]


def _finished(text: str) -> list[Span]:
    """The sentences of a text, but not the one in whose middle an excerpt ends; of a text of one sentence that one."""
    spans = sentences(text)
    was_cut = len(text) <= EXCERPT and len(spans) > 1 and _CLOSED.search(text) is None
    return spans[:-1] if was_cut else spans


def _points(sentence: str, at: int, wanted: set[str]) -> float:
    words = {word.casefold() for word in _LONG_WORD.findall(sentence)}
    points = WEIGHTS.does * bool(_DOES.search(sentence)) + WEIGHTS.finds * bool(_FINDS.search(sentence))
    points += WEIGHTS.figure * bool(_FIGURE.search(sentence)) + WEIGHTS.first * (at == 0)
    points += WEIGHTS.headline * len(words & wanted) / max(len(wanted), 1)
    points += WEIGHTS.scene * bool(_SCENE.search(sentence)) + WEIGHTS.aside * _is_aside(sentence)
    return round(points, 6)


def _is_aside(sentence: str) -> bool:
    return _ASIDE.search(sentence) is not None


CHOSEN = pl.Schema({"content_hash": pl.String(), "position": pl.Int16(), "start": pl.Int32(), "end": pl.Int32()})


def chosen_sentences(texts: pl.DataFrame) -> pl.DataFrame:
    """The chosen sentences of each English text, as spans; a title alone has none."""
    english = texts.filter(pl.col("text").is_not_null() & (pl.col("language") == "en").fill_null(value=True))
    rows = [
        (content_hash, position, start, end)
        for content_hash, title, text in english.select("content_hash", "title", "text").iter_rows()
        for position, (start, end) in enumerate(chosen(text, title), 1)
    ]
    return pl.DataFrame(rows, schema=CHOSEN, orient="row")


def summary_sentences(
    summaries: pl.DataFrame, documents: pl.DataFrame, event_documents: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The table `summary_sentences`, of the lead of each event, and the spans that its rows point to."""
    leads = event_documents.filter(pl.col("role") == "lead").select("event_id", "document_id")
    placed = (
        leads.join(documents.select("document_id", "content_hash", "text"), on="document_id")
        .join(summaries, on="content_hash")
        .sort("event_id", "position")
        .with_columns(sentence=pl.col("text").str.slice(pl.col("start"), pl.col("end") - pl.col("start")))
        .select("event_id", "position", "sentence", "start", "end", subject_id="document_id", field=pl.lit("text"))
    )
    ids = evidence_ids(placed).to_frame().select(evidence_ids=pl.concat_list("evidence_id"))
    told = placed.with_columns(SUMMARY.column, ids.to_series(), basis=pl.lit("verbatim"))
    return {
        "summary_sentences": told.select(TABLES["summary_sentences"].column_names),
        "_evidence_events": span_rows(placed),
    }
