"""What is related to what, with the parts of each score and a reason in words."""

from __future__ import annotations

from almanac_assets.contract import column as c
from almanac_assets.contract import lists
from almanac_assets.contract.table import Rule, Table

DOCUMENT = "documents.document_id"


class SimilarPapers(
    Table,
    key=("document_id", "rank"),
    group="relatedness",
    title="Similar papers",
    question="What else should a reader of this paper open, and why?",
    rules=(
        Rule("not_itself", "a paper is not similar to itself", "document_id = other_document_id"),
        Rule(
            "parts_add_up",
            "the four parts add up to the score",
            "abs(text_part + entity_part + citation_part + category_part - score) > 0.0000025",
        ),
    ),
):
    """Up to ten papers near this one, best first; the list is never padded."""

    document_id = c.text("the paper whose list this is", refers_to=DOCUMENT)
    rank = c.int16("1 is the nearest", low=1, high=10, unit="rank")
    other_document_id = c.text("the similar paper", refers_to=DOCUMENT)
    score = c.score("sum of the four parts")
    text_part = c.score("what nearness of the texts adds")
    entity_part = c.score("what shared entities add, rare ones more")
    citation_part = c.score("what shared citations add; 0 while no citations are known")
    category_part = c.score("what shared categories add")
    reason = c.text("the parts in words, with the shared names")
    method = c.method()


class ListNotes(
    Table,
    key=("subject_id", "list_name"),
    group="relatedness",
    title="Notes on short lists",
    question="Why is this list short or empty?",
):
    """For each list that holds less than its maximum: how many there were to show, and why no more."""

    subject_id = c.text("id of the document, event or entity whose list it is")
    list_name = c.enum("which list", lists.LIST_NAMES)
    shown = c.count("rows in the list", unit="rows")
    eligible = c.count("rows above the threshold", unit="rows")
    threshold = c.number("least score to be listed; null where there is none", nullable=True, unit="score")
    note = c.text("the reason in a sentence")
    method = c.method()
