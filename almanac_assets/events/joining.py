"""Which documents tell the same story: copies of one work, and posts about it.

Joined are documents with one arXiv id or DOI, a post and the one paper that it links to, and documents of different sources
with the same title (and, where both name authors, the same first author). Two papers with ids of their own stay two, whatever
their titles: a post about one of them does not pull in the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from almanac_assets.harvest.formats.values import read_doi, read_identity
from almanac_assets.harvest.work_ids import folded_title

LEAST_TITLE_WORDS = 4  # a shorter title ("Introducing GPT-5") may be that of another story
LEAST_TITLE_LETTERS = 20
ALIKE_TITLES = 0.5  # share of the words of two titles that both have, from which a post is a copy and not coverage
CONFIDENCE = {"same_id": None, "same_doi": None, "links_to": 0.9, "same_title_authors": 0.95}
TITLE_ALONE = 0.85  # confidence of equal titles where one document names no authors


@dataclass(frozen=True)
class Join:
    """Two documents of one story, `left` < `right`, and why."""

    left: str
    right: str
    rule: str
    confidence: float | None
    is_copy: bool
    reason: str

    @property
    def order(self) -> tuple[float, str, str]:
        """The surest first; ties by the ids."""
        return (-(1.0 if self.confidence is None else self.confidence), self.left, self.right)


def stories(documents: pl.DataFrame, newest: pl.DataFrame) -> tuple[dict[str, str], list[Join]]:
    """The first document (by id) of each story that has several, by document; and the joins that were made.

    `documents` has document_id, source_id, title, doi, arxiv_id; `newest` has document_id, authors, links.
    """
    facts = documents.select("document_id", "source_id", "title", "doi", "arxiv_id").join(
        newest.select("document_id", "authors", "links"), on="document_id", how="left"
    )
    ids = dict(documents.filter(pl.col("arxiv_id").is_not_null()).select("document_id", "arxiv_id").iter_rows())
    found = [*_same_hard_id(facts), *_linked(facts), *_same_titles(facts)]
    group: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    made = []
    for join in sorted(found, key=lambda join: join.order):
        left, right = group.get(join.left, join.left), group.get(join.right, join.right)
        both = members.get(left, [left]) + members.get(right, [right])
        papers = {ids[one] for one in both if one in ids}
        if left == right or len(papers) > 1:
            continue
        first = min(both)
        members[first] = both
        group |= dict.fromkeys(both, first)
        made.append(join)
    return group, made


def _same_hard_id(facts: pl.DataFrame) -> list[Join]:
    """Documents with the same arXiv id or DOI: each beside the first of them by document id."""
    joins = []
    for column, rule, said in (("arxiv_id", "same_id", "arXiv id"), ("doi", "same_doi", "DOI")):
        shared = facts.filter(pl.col(column).is_not_null()).group_by(column).agg(pl.col("document_id").sort())
        for id_, documents in shared.filter(pl.col("document_id").list.len() > 1).sort(column).iter_rows():
            joins += [
                Join(documents[0], other, rule, None, True, f"both have the {said} {id_}") for other in documents[1:]
            ]
    return joins


def _linked(facts: pl.DataFrame) -> list[Join]:
    """Posts that link to exactly one paper among the documents; a post that links to several is about none of them."""
    by_id = dict(facts.filter(pl.col("arxiv_id").is_not_null()).select("arxiv_id", "document_id").iter_rows())
    by_doi = dict(facts.filter(pl.col("doi").is_not_null()).select("doi", "document_id").iter_rows())
    posts = facts.filter(pl.col("arxiv_id").is_null() & (pl.col("links").list.len() > 0)).sort("document_id")
    titles = dict(facts.select("document_id", "title").iter_rows()) if posts.height else {}
    joins = []
    for post, title, links in posts.select("document_id", "title", "links").iter_rows():
        papers = sorted({paper for link in links if (paper := _paper(link)) is not None})
        if len(papers) != 1:
            continue
        target = by_id.get(papers[0]) or by_doi.get(papers[0])
        if target is None or target == post:
            continue
        alike = title_overlap(title, titles[target]) >= ALIKE_TITLES
        left, right = sorted((post, target))
        reason = f"the post links to {papers[0]} and to no other paper"
        joins.append(Join(left, right, "links_to", CONFIDENCE["links_to"], alike, reason))
    return joins


def _paper(link: str) -> str | None:
    """The arXiv id or DOI that an address names."""
    identity = read_identity(link.split("?")[0].split("#")[0].removesuffix(".pdf"))
    return identity.arxiv_id if identity else read_doi(link)


def title_overlap(left: str, right: str) -> float:
    """Words that both titles have over words that either has (Jaccard), case aside."""
    words = [set(folded.split()) for folded in (left.casefold(), right.casefold())]
    return len(words[0] & words[1]) / max(len(words[0] | words[1]), 1)


def _same_titles(facts: pl.DataFrame) -> list[Join]:
    """Documents of different sources with one title; only a group that holds a post can be one story."""
    telling = facts.filter(pl.col("title").str.split(" ").list.len() >= LEAST_TITLE_WORDS)
    post_titles = {folded_title(title) for title in telling.filter(pl.col("arxiv_id").is_null())["title"]}
    if not post_titles:
        return []
    folded = pl.Series("folded", [folded_title(title) for title in telling["title"]], dtype=pl.String)
    wanted = telling.with_columns(folded).filter(
        pl.col("folded").is_in(sorted(post_titles)) & (pl.col("folded").str.len_chars() >= LEAST_TITLE_LETTERS)
    )
    joins = []
    for _, group in sorted(wanted.partition_by("folded", as_dict=True).items(), key=lambda item: str(item[0])):
        rows = list(group.sort("document_id").select("document_id", "source_id", "authors").iter_rows())
        for at, (left, source, authors) in enumerate(rows):
            for right, other_source, other_authors in rows[at + 1 :]:
                if source != other_source and (join := _by_title(left, right, authors, other_authors)):
                    joins.append(join)
    return joins


def family_name(name: str) -> str:
    """The family name in small letters: the last word, or what stands before a comma; "Jr." and numbers are none."""
    words = name.split(",")[0].split() if "," in name else name.split()
    kept = [word for word in words if word.rstrip(".").casefold() not in ("jr", "sr", "ii", "iii")]
    return kept[-1].casefold() if kept else ""


def _by_title(left: str, right: str, authors: list[str] | None, others: list[str] | None) -> Join | None:
    """The join of two documents with one title, unless both name authors and the first ones differ."""
    rule = "same_title_authors"
    if authors and others:
        if family_name(authors[0]) != family_name(others[0]):
            return None
        return Join(left, right, rule, CONFIDENCE[rule], True, "the same title and first author")
    return Join(left, right, rule, TITLE_ALONE, True, "the same title in another source; one of them names no authors")
