"""What was read: documents, their versions, authors, categories and vectors."""

from __future__ import annotations

from almanac_assets.contract import column as c
from almanac_assets.contract import lists
from almanac_assets.contract.table import Rule, Table

DOCUMENT = "documents.document_id"
CONTENT_HASH = r"[0-9a-f]{32}"
# The two forms that https://info.arxiv.org/help/arxiv_identifier.html describes, without version and without class.
ARXIV_ID = r"[0-9]{4}\.[0-9]{4,5}|[a-z]+(-[a-z]+)?/[0-9]{7}"


class Documents(
    Table,
    key=("document_id",),
    group="documents",
    title="Documents",
    question="Which documents are there, what do they say, and when were they published?",
    primary_source="payloads",
    rules=(
        Rule(
            "day_of_published",
            "day is the UTC day of published_at",
            "day IS DISTINCT FROM (published_at AT TIME ZONE 'UTC')::DATE",
        ),
        Rule(
            "title_only_has_no_text",
            "text is null exactly when text_basis is title_only",
            "(text IS NULL) <> (text_basis = 'title_only')",
        ),
        Rule(
            "reason_only_if_withdrawn",
            "withdrawn_reason is given for withdrawn documents only",
            "withdrawn_reason IS NOT NULL AND NOT is_withdrawn",
        ),
        Rule("seen_in_order", "first_seen_at is not after last_seen_at", "first_seen_at > last_seen_at"),
    ),
):
    """One row per document in its newest known version, with clean text and the three clocks kept apart."""

    document_id = c.text("id made of the source's own id, as in 'arxiv:2606.01234'", pattern=r"[a-z0-9-]+:\S+")
    source_id = c.text(
        "source whose word it is: the primary category's listing for arXiv", refers_to="sources.source_id"
    )
    kind = c.enum("what sort of document it is", lists.DOCUMENT_KINDS)
    title = c.text("title as plain text: LaTeX read, white space collapsed")
    text = c.text("abstract or published part of the text as plain text; null if there is only a title", nullable=True)
    text_basis = c.enum("what `text` is", lists.TEXT_BASIS)
    language = c.text(
        "language of the text (BCP 47); null where it cannot be told", nullable=True, pattern=r"[a-z]{2,3}"
    )
    url = c.url("page of the document")
    published_at = c.time("publication of version 1 as far as the source tells", nullable=True)
    published_precision = c.enum("how exact published_at is", lists.DATE_PRECISION, nullable=True)
    published_basis = c.enum("who tells published_at", lists.DATE_BASIS)
    day = c.date("UTC day of published_at", nullable=True)
    updated_at = c.time("time of the newest version; null while there is one version only", nullable=True)
    first_seen_at = c.time("when Almanac first saw it: never a date of publication")
    last_seen_at = c.time("when Almanac last saw it in a payload")
    version = c.int16("newest version seen", low=1, unit="version")
    is_withdrawn = c.flag("the authors or the server withdrew it")
    withdrawn_reason = c.text("the reason as stated", nullable=True)
    is_backfill = c.flag("published more than 30 days before it was first seen")
    primary_category = c.text("first category, as in 'cs.LG'", nullable=True)
    comment = c.text("author's comment, plain text", nullable=True)
    journal_ref = c.text("journal reference as stated", nullable=True)
    doi = c.text("DOI, lower case, without prefix", nullable=True, pattern=r"10\.\S+")
    arxiv_id = c.text("arXiv id without version", nullable=True, pattern=ARXIV_ID)
    s2_corpus_id = c.int64("Semantic Scholar corpus id", nullable=True, low=0, unit="id")
    openalex_id = c.text("OpenAlex work id", nullable=True, pattern=r"W\d+")
    licence = c.text("licence of the document itself, an address as stated; null if not stated", nullable=True)
    payload_sha256 = c.text("payload of the newest version", refers_to="payloads.payload_sha256")
    content_hash = c.text("first 16 bytes of the sha256 of title and text", pattern=CONTENT_HASH)
    method = c.method()


class DocumentVersions(
    Table,
    key=("document_id", "version"),
    group="documents",
    title="Versions of documents",
    question="What did this document say before it was revised?",
    primary_source="payloads",
):
    """Each version of a document that was seen, with what changed against the one seen before."""

    document_id = c.text("the document", refers_to=DOCUMENT)
    version = c.int16("number of the version", low=1, unit="version")
    seen_at = c.time("when this version was first seen")
    published_at = c.time("when this version was published, as stated", nullable=True)
    changed = c.texts("columns that differ from the version seen before; empty for the first seen")
    title = c.text("title in this version, plain text")
    content_hash = c.text("first 16 bytes of the sha256 of title and text", pattern=CONTENT_HASH)
    payload_sha256 = c.text("payload in which it was first seen", refers_to="payloads.payload_sha256")
    method = c.method()


class DocumentAuthors(
    Table,
    key=("document_id", "position"),
    group="documents",
    title="Authors",
    question="Who wrote it, in which order?",
    primary_source="payloads",
):
    """The authors of each document's newest version, in order."""

    document_id = c.text("the document", refers_to=DOCUMENT)
    position = c.int16("1 is the first author", low=1, unit="position")
    name = c.text("name as stated, plain text")
    family = c.text("family name, where the source tells it apart", nullable=True)
    given = c.text("given names, where the source tells them apart", nullable=True)
    affiliation = c.text("affiliation as stated", nullable=True)
    orcid = c.text("ORCID iD", nullable=True, pattern=r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
    entity_id = c.text(
        "person this author is known to be; null until known", nullable=True, refers_to="entities.entity_id"
    )
    method = c.method()


class DocumentCategories(
    Table,
    key=("document_id", "position"),
    group="documents",
    title="Categories",
    question="Under which headings did its source file it?",
    primary_source="payloads",
):
    """The categories of each document, primary first, then cross-lists."""

    document_id = c.text("the document", refers_to=DOCUMENT)
    position = c.int16("1 is the primary category", low=1, unit="position")
    scheme = c.enum("whose categories these are", lists.CATEGORY_SCHEMES)
    category = c.text("category, as in 'cs.CL'")
    is_primary = c.flag("the first category")
    method = c.method()


class DocumentVectors(
    Table,
    key=("document_id",),
    group="text",
    title="Document vectors",
    question="Which documents are near this one in meaning?",
):
    """A vector per document for one's own search: `vector * scale` has length 1, so a dot product is the cosine."""

    document_id = c.text("the document", refers_to=DOCUMENT)
    vector = c.int8s("256 components; all zero if no word of the text is in the word table", unit="component")
    scale = c.number(
        "factor that turns the components into a vector of length 1; 0 for the zero vector", unit="factor", low=0
    )
    method = c.method()
