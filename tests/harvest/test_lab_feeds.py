"""Feeds of laboratories as records, and the ways in which real feeds mislead."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from almanac_assets.harvest.formats import parse
from almanac_assets.harvest.formats.json_feed import is_json_feed, read_json_feed
from almanac_assets.harvest.records import RECORDS, REJECTS

from .feed_payloads import HOME, id_of, item, lab_atom, lab_rss, reasons, rows

SCRAPER = "<generator>python-feedgen</generator>"
MORNING = datetime(2026, 6, 24, 9, 30, tzinfo=UTC)
ENTRY = (
    '<entry><title type="html">On &lt;em&gt;probes&lt;/em&gt;</title><id>urn:x:1</id>'
    '<link rel="replies" href="/c"/><link type="application/json" href="/j"/><link href="/blog/probes"/>'
    "<published>2026-06-24T09:30:00Z</published><updated>2026-06-24T12:00:00Z</updated>"
    '<author><name>Ada B.</name></author><category term="nlp" label="Language"/>'
    '<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">We <b>show</b><script>no()</script> things.</div>'
    "</summary></entry>"
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>{title}</title><link>{link}</link>'
    "<dc:date>2023-04-06T20:30:00-05:00</dc:date></channel>{items}</rdf:RDF>"
)
JSON_ITEM = {
    "id": 7,
    "url": "https://lab.example/blog/probes/",
    "title": "On probes",
    "content_html": "<p>We show things.</p>",
    "date_published": "2026-06-24T09:30:00Z",
    "authors": [{"name": "Ada B."}],
    "tags": ["nlp"],
}


def test_an_item_becomes_a_post() -> None:
    """Identity is the source and the hash of the link; the text is the feed's own description."""
    more = "<dc:creator>Ada B.</dc:creator><category>NLP</category><category>NLP</category>"
    (row,) = rows(lab_rss(item(more=more)))
    assert row["document_id"] == id_of("https://lab.example/blog/probes")
    assert (row["kind"], row["url"], row["arxiv_id"]) == ("post", "https://lab.example/blog/probes/", None)
    assert (row["title"], row["abstract"], row["text_basis"]) == ("On probes", "We show things.", "excerpt")
    assert (row["authors"], row["affiliations"]) == (["Ada B."], [None])
    assert (row["categories"], row["category_scheme"]) == (["NLP"], "source_tag")
    assert (row["published_at"], row["published_precision"], row["published_basis"]) == (MORNING, "second", "feed")
    assert row["updated_at"] is None


def test_the_same_post_in_every_form_is_the_same_document() -> None:
    """RSS 2.0, RSS 1.0, Atom and JSON Feed differ in names, not in what they say."""
    rdf_item = "<item><title>On probes</title><link>https://lab.example/blog/probes/</link></item>"
    bodies = {
        "rss": lab_rss(item()),
        "atom": lab_atom(ENTRY),
        "rdf": RDF.format(title="Lab", link=HOME, items=rdf_item).encode(),
    }
    for name, body in bodies.items():
        parsed = parse(body, "lab-blog")
        assert parsed.facts.format == name
        assert parsed.records["document_id"].to_list() == [id_of("https://lab.example/blog/probes")], name
        assert parsed.records["title"].to_list() == ["On probes"]
    parsed = read_json_feed({"home_page_url": HOME, "items": [JSON_ITEM]}, "lab-blog")
    assert parsed.facts.format == "json_feed"
    (row,) = parsed.records.rows(named=True)
    assert row["document_id"] == id_of("https://lab.example/blog/probes")
    assert (row["abstract"], row["authors"], row["categories"]) == ("We show things.", ["Ada B."], ["nlp"])
    assert row["published_at"] == MORNING


def test_an_entry_of_atom_by_its_types() -> None:
    """HTML and XHTML are read as declared, the page is the alternate link, `updated` is a later change."""
    (row,) = rows(lab_atom(ENTRY))
    assert (row["title"], row["abstract"]) == ("On probes", "We show things.")
    assert row["url"] == "https://lab.example/blog/probes"
    assert (row["authors"], row["categories"]) == (["Ada B."], ["Language"])
    assert (row["published_at"], row["updated_at"]) == (MORNING, datetime(2026, 6, 24, 12, tzinfo=UTC))


def test_an_entry_without_published_takes_the_date_of_updated() -> None:
    """Atom asks for `updated` alone, so many feeds give a post's date there."""
    (row,) = rows(lab_atom(ENTRY.replace("<published>2026-06-24T09:30:00Z</published>", "")))
    assert (row["published_at"], row["updated_at"]) == (datetime(2026, 6, 24, 12, tzinfo=UTC), None)


def test_a_feed_names_itself_and_the_time_of_its_building() -> None:
    """Its own address comes before that of the site; which source that is, the claims of sources decide."""
    facts = parse(lab_rss(item())).facts
    assert facts.claimed_url == "https://lab.example/blog/feed.xml"
    assert facts.answered_at == datetime(2026, 6, 25, 6, tzinfo=UTC)
    assert parse(lab_rss(item(), head="")).facts.claimed_url == HOME
    assert parse(lab_rss(item(), built=None)).facts.answered_at is None


def test_a_date_copied_from_the_newest_post_is_no_time_of_building() -> None:
    """Site generators do that; the post keeps its date, and the payload has no time of its own."""
    body = lab_rss(item(), built="Wed, 24 Jun 2026 09:30:00 GMT")
    assert parse(body).facts.answered_at is None
    assert rows(body)[0]["published_at"] == MORNING


def test_a_date_within_minutes_of_the_build_is_unknown() -> None:
    """Scrapers write the time of their run where a page has no date, and again at every run."""
    for seconds, head in (("00", SCRAPER), ("59", SCRAPER), ("59", "")):
        body = lab_rss(item(date=f"Thu, 25 Jun 2026 05:58:{seconds} GMT"), item("/old"), head=head)
        first, second = rows(body)
        assert (first["published_at"], first["published_precision"]) == (None, None)
        assert first["published_basis"] == "unknown"
        assert second["published_at"] == MORNING
    exact = lab_rss(item(date="Thu, 25 Jun 2026 06:00:00 GMT"), head=SCRAPER)
    assert rows(exact)[0]["published_basis"] == "unknown"


def test_a_stamp_that_most_posts_outdate_is_not_believed() -> None:
    """A site's constant is no reason to reject its posts; a scraper's clock is right and the dates are wrong."""
    posts = [item(f"/{n}") for n in range(3)]
    stale = "Tue, 01 Jan 2019 00:00:01 GMT"
    assert len(rows(lab_rss(*posts, built=stale))) == 3
    assert reasons(lab_rss(*posts, built=stale, head=SCRAPER)) == ["date_out_of_range"] * 3


def test_a_future_date_is_rejected_alone() -> None:
    """A day of slack is allowed."""
    future = item("/later", date="Sat, 27 Jun 2026 00:00:00 GMT")
    body = lab_rss(item(), future)
    assert reasons(body) == ["date_out_of_range"] and len(rows(body)) == 1


@pytest.mark.parametrize(
    ("written", "moment", "precision"),
    [
        ("Wed, 24 Jun 2026 00:00:00 GMT", datetime(2026, 6, 24, tzinfo=UTC), "day"),
        ("Wed, 24 Jun 2026 00:00:00 -0700", datetime(2026, 6, 24, tzinfo=UTC), "day"),
        ("24 Jun 2026 02:30 EDT", datetime(2026, 6, 24, 6, 30, tzinfo=UTC), "second"),
        ("2026-06-24T09:30Z", MORNING, "second"),
        ("2026-06-24", datetime(2026, 6, 24, tzinfo=UTC), "day"),
        ("Wed, 24 Jun 2026 23:30:00", datetime(2026, 6, 24, tzinfo=UTC), "day"),
        ("Wed, 24 Jun 2026 23:30:00 CEST", datetime(2026, 6, 24, tzinfo=UTC), "day"),
        ("2026-06-24T23:30:00", datetime(2026, 6, 24, tzinfo=UTC), "day"),
        ("06/07/2026", None, None),
        ("2026-02-30T09:30:00Z", None, None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None, None),
        ("1970-01-01T00:00:00Z", None, None),
        ("yesterday", None, None),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(written: str, moment: datetime | None, precision: str | None) -> None:
    """Midnight is how a day is written, a time without a known zone is a day, what is ambiguous is unknown."""
    body = lab_rss(item(date=written))
    (row,) = rows(body)
    assert (row["published_at"], row["published_precision"]) == (moment, precision)
    assert row["published_basis"] == ("feed" if moment else "unknown")
    assert len(parse(body).facts.notes) == (moment is None)


@pytest.mark.parametrize(
    ("description", "content", "text"),
    [
        ("We show things.", "<p>Long.</p>", "We show things."),
        (None, "<p>Long.</p>", "Long."),
        ("", None, None),
        ("On probes", None, None),
        ("<b>On  Probes!</b>", "<p>Long.</p>", "Long."),
        ("<p>Short.</p><p>The post <a>On probes</a> appeared first on <a>Lab</a>.</p>", None, "Short."),
        ("<p>The post On probes first appeared on Lab.</p>", None, None),
        ("word " * 200, None, "word " * 119 + "word"),
        ("&lt;p&gt;Twice.&lt;/p&gt;", None, "Twice."),
    ],
)
def test_the_text_is_the_description_or_the_beginning_of_the_content(
    description: str | None, content: str | None, text: str | None
) -> None:
    """One that repeats the title or names the blog says nothing; without any there is only a title."""
    more = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    (row,) = rows(lab_rss(item(text=description, more=more)))
    assert (row["abstract"], row["text_basis"]) == (text, "excerpt" if text else "title_only")


def test_links_to_papers_code_and_data_are_found_in_all_of_the_content() -> None:
    """They are read before the text is cut, and the post's own page counts if it is a paper's."""
    content = "x " * 900 + '<a href="https://arxiv.org/pdf/2304.01373v2">p</a> https://github.com/EleutherAI/pythia.'
    more = f"<content:encoded><![CDATA[{content}]]></content:encoded>"
    (row,) = rows(lab_rss(item("https://aclanthology.org/P19-1001/", more=more)))
    assert row["links"] == [
        "https://aclanthology.org/P19-1001",
        "https://arxiv.org/abs/2304.01373",
        "https://github.com/EleutherAI/pythia",
    ]
    (entry,) = rows(lab_rss(item("https://github.com/lab/tool/blob/main/CHANGELOG.md#1")))
    assert entry["links"] == []


@pytest.mark.parametrize("page", ["https://arxiv.org/abs/2304.01373", "https://huggingface.co/papers/2304.01373"])
def test_an_item_whose_page_is_a_paper_of_arxiv_is_that_paper(page: str) -> None:
    """Feeds that list papers say when they listed them, not when they appeared, and in words of their own."""
    (row,) = rows(lab_rss(item(page, text="Liked! https://github.com/EleutherAI/pythia")))
    assert (row["document_id"], row["arxiv_id"], row["url"]) == ("arxiv:2304.01373", "2304.01373", None)
    assert (row["kind"], row["title"], row["abstract"]) == ("preprint", "On probes", None)
    assert row["links"] == ["https://github.com/EleutherAI/pythia"]
    assert (row["published_at"], row["published_basis"]) == (datetime(2023, 4, 1, tzinfo=UTC), "identifier")


@pytest.mark.parametrize(
    ("creator", "names"),
    [
        ("ada@lab.example (Ada Byron)", ["Ada Byron"]),
        ("Ada Byron &lt;ada@lab.example&gt;", ["Ada Byron"]),
        ("ada@lab.example", []),
        ("wp-admin", []),
        ("Ada Byron, Carl Doe and Eve Roe", ["Ada Byron", "Carl Doe", "Eve Roe"]),
        ("Ada Byron, Chief", ["Ada Byron, Chief"]),
        ("&lt;a href='x'&gt;Ada Byron&lt;/a&gt;", ["Ada Byron"]),
    ],
)
def test_authors_are_people_without_addresses_of_mail(creator: str, names: list[str]) -> None:
    """Logins are not names, and a list is split only where every part is a name."""
    assert rows(lab_rss(item(more=f"<dc:creator>{creator}</dc:creator>")))[0]["authors"] == names


def test_an_author_of_the_feed_is_not_the_author_of_its_posts() -> None:
    """In feeds that third parties make it is their name."""
    feed = lab_atom(ENTRY.replace("<author><name>Ada B.</name></author>", ""))
    named = feed.replace(b"<updated>", b"<author><name>Feed Maker</name></author><updated>", 1)
    assert rows(named)[0]["authors"] == []


def test_feeds_of_arxiv_keep_their_own_reader() -> None:
    """They are told by arXiv's namespace or by a page of arXiv as their own."""
    assert parse(lab_rss(link="https://rss.arxiv.org/rss/cs.CL", head="")).facts.format == "arxiv_rss"
    assert parse(lab_rss(link="https://notarxiv.org/rss", head="")).facts.format == "rss"


def test_announcements_of_the_old_arxiv_service_are_papers() -> None:
    """Identifier, version, category and kind stand in brackets behind the title."""
    entry = (
        "<item><title>Probes. (arXiv:2304.01974v{mark})</title><link>http://arxiv.org/abs/2304.01974</link>"
        "<description>&lt;p&gt;We show things.&lt;/p&gt;</description>"
        "<dc:creator>&lt;a href='x'&gt;Ada B.&lt;/a&gt;, &lt;a&gt;Carl D.&lt;/a&gt;</dc:creator></item>"
    )
    head = {"title": "cs.CL updates on arXiv.org", "link": "http://arxiv.org/"}
    parsed = parse(RDF.format(items=entry.format(mark="1 [cs.CL]"), **head).encode())
    row = parsed.records.row(0, named=True)
    assert (row["document_id"], row["title"], row["abstract"]) == ("arxiv:2304.01974", "Probes", "We show things.")
    assert (row["authors"], row["categories"], row["url"]) == (["Ada B.", "Carl D."], ["cs.CL"], None)
    assert (row["announce_type"], row["published_at"]) == ("new", datetime(2023, 4, 6, tzinfo=UTC))
    assert (parsed.facts.format, parsed.facts.category, parsed.facts.claimed_url) == ("rdf", "cs.CL", None)
    for mark, kind in (("2 [cs.CL] UPDATED", "replace"), ("1 [cs.CL] CROSS LISTED", "cross")):
        (later,) = rows(RDF.format(items=entry.format(mark=mark), **head).encode())
        assert (later["announce_type"], later["published_basis"]) == (kind, "identifier")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<rss version='2.0'><foo/></rss>", "schema_changed"),
        (lab_rss(item())[:-20], "truncated"),
        (lab_rss(item(more="<a>")), "not_xml"),
        (lab_rss(item(more="<y:a/>")), "not_xml"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]>' + lab_rss(item()), "doctype_refused"),
        (lab_rss(item(text="caf\xe9")).decode().encode("latin-1"), "bad_encoding"),
        (b'<feed xmlns="urn:other"/>', "wrong_type"),
    ],
)
def test_a_feed_that_is_not_well_formed_is_refused_as_a_whole(body: bytes, reason: str) -> None:
    """Nothing is salvaged: a feed cut short must not look like a feed that lost its posts."""
    parsed = parse(body)
    assert (parsed.records.height, parsed.rejects["reason"].to_list()) == (0, [reason])


def test_a_long_feed_takes_time_in_proportion() -> None:
    """20,000 posts take seconds; a step that looks at all pairs of them would take hours."""
    started = time.process_time()
    assert parse(lab_rss(*(item(f"/blog/{n}", title=f"Note {n}") for n in range(20_000)))).records.height == 20_000
    assert time.process_time() - started < 60


def test_a_feed_without_posts_is_empty() -> None:
    """Feeds break and heal; an empty one is no error and takes nothing back."""
    assert parse(lab_rss()).outcome == parse(lab_atom()).outcome == "empty"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*JSON_ITEM, "author"]), inner),
    max_leaves=12,
)


@given(st.fixed_dictionaries({"items": st.lists(JSON, max_size=4)}, optional={"title": JSON, "feed_url": JSON}))
def test_any_json_feed_is_read_or_refused(value: dict[str, object]) -> None:
    """A field of the wrong type counts as left out; each item is a record or a reject."""
    parsed = read_json_feed(value, "lab-blog")
    assert parsed.records.schema == RECORDS and parsed.rejects.schema == REJECTS
    assert parsed.rejects["ordinal"].n_unique() == parsed.rejects.height


def test_a_json_feed_is_told_by_its_version() -> None:
    """Other JSON is none; a feed without a list of items is refused."""
    assert is_json_feed({"version": "https://jsonfeed.org/version/1"})
    assert not is_json_feed({"version": "2"}) and not is_json_feed([])
    assert read_json_feed({"items": {}}).rejects["reason"].to_list() == ["schema_changed"]
    assert parse(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}').facts.format == "json_feed"


@settings(max_examples=200)
@given(
    st.sampled_from([lab_rss(item()), lab_atom(ENTRY), RDF.format(title="L", link=HOME, items=item()).encode()]),
    st.integers(0, 900),
    st.integers(0, 40),
    st.binary(max_size=20),
)
def test_damaged_feeds_never_crash(body: bytes, at: int, length: int, put: bytes) -> None:
    """A piece cut out and another put in give records and rejects of the two schemas."""
    parsed = parse(body[:at] + put + body[at + length :], "lab-blog")
    assert parsed.records.schema == RECORDS and parsed.rejects.schema == REJECTS


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_words_in_an_item_give_one_record_or_one_reject(link: str, date: str, text: str) -> None:
    """Whatever a field holds, the item is accounted for, and what is kept can be published."""
    entry = {"url": link, "date_published": date, "title": text, "content_html": text, "id": date}
    parsed = read_json_feed({"home_page_url": HOME, "items": [entry]}, "lab-blog")
    assert parsed.records.height + parsed.rejects.height == 1
    assert parsed.records["url"].str.contains(r"^https?://[^\s/?#@]+([/?#]\S*)?$").all()
