"""Which sentences of a text make its summary."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.contract import TABLES
from almanac_assets.events.summary import WEIGHTS, chosen, chosen_sentences, summary_sentences
from tests.events.rows import document, documents, told

ABSTRACT = (
    "Large language models have become popular. However, their circuits remain poorly understood. "
    "We introduce Tracer, a tool that follows a token through all layers. It needs no labels. "
    "On nine models Tracer finds 40% more edges than probes. Code is available at https://x.example/tracer."
)


def taken(text: str, headline: str = "Tracer: following tokens through layers") -> list[str]:
    return [text[start:end] for start, end in chosen(text, headline)]


def test_a_summary_says_what_was_done_and_found() -> None:
    """What sets the scene and where the code is are left out; the order is that of the text."""
    made = taken(ABSTRACT)
    assert "We introduce Tracer, a tool that follows a token through all layers." in made
    assert "On nine models Tracer finds 40% more edges than probes." in made
    assert not any(sentence.startswith(("However", "Code is")) for sentence in made)


def test_a_short_text_is_its_own_summary() -> None:
    """One or two sentences are taken as they are."""
    assert taken("Only this.") == ["Only this."]
    assert taken("First this. Then that.") == ["First this.", "Then that."]


def test_the_sentence_that_an_excerpt_breaks_off_is_left_out() -> None:
    """A text of one sentence stays, and so does a longer text that merely lacks its last stop."""
    assert taken("First this. Then that. At last it falls to") == ["First this.", "Then that."]
    assert taken("It falls to") == ["It falls to"]
    assert taken("First this. Then " + "x" * 300) == ["First this.", "Then " + "x" * 300]


def test_each_sentence_points_to_its_span() -> None:
    """The table's sentence is the text between start and end, and its evidence is that span."""
    table = documents(document(text=ABSTRACT))
    chosen_spans = chosen_sentences(table.select("content_hash", "title", "text", "language"))
    made = summary_sentences(chosen_spans, table, told(table))
    sentences, spans = made["summary_sentences"], made["_evidence_events"]
    assert sentences.schema == TABLES["summary_sentences"].polars_schema
    words = [ABSTRACT[start:end] for start, end in spans.sort("start").select("start", "end").iter_rows()]
    assert sentences.sort("position")["sentence"].to_list() == words
    assert set(sentences["evidence_ids"].explode()) == set(spans["evidence_id"])


def test_titles_alone_and_other_languages_have_no_summary() -> None:
    """Nothing is made up, and rules for English are not applied elsewhere."""
    table = documents(document(text=None), document("arxiv:2", text="Ein Satz. Noch einer.", language="de"))
    assert chosen_sentences(table.select("content_hash", "title", "text", "language")).is_empty()


@given(text=st.text(max_size=900), headline=st.text(max_size=80))
def test_spans_are_in_order_and_apart_whatever_the_text(text: str, headline: str) -> None:
    """At most four, none longer than a sentence may be."""
    spans = chosen(text, headline)
    assert len(spans) <= WEIGHTS.most
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert all(0 < end - start <= WEIGHTS.longest for start, end in spans)
    assert pl.DataFrame(spans, orient="row").height == len(spans)
