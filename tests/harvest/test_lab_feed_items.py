"""What makes two items of a laboratory's feeds one document, and which items are none."""

from __future__ import annotations

import pytest

from .feed_payloads import HOME, id_of, item, lab_rss, reasons, rows


@pytest.mark.parametrize(
    "link",
    [
        "http://lab.example/blog/probes/",
        "https://lab.example/blog/probes",
        "https://LAB.example:443/blog/probes/?utm_source=rss&UTM_medium=x",
        "/blog/probes/",
        "probes",
        "  https://lab.example/blog/probes/ ",
    ],
)
def test_a_link_written_otherwise_is_the_same_post(link: str) -> None:
    """Feeds change scheme and last slash for all their items at once, and guids at every build."""
    (row,) = rows(lab_rss(item(link, guid=f"made-new-{len(link)}")))
    assert row["document_id"] == id_of("https://lab.example/blog/probes")


def test_a_relative_link_is_read_from_the_base_that_the_document_states() -> None:
    """`xml:base` may itself be relative to the feed's home."""
    for base in ("/blog/", "https://lab.example/blog/x"):
        body = lab_rss(item("probes")).replace(b"<item>", f'<item xml:base="{base}">'.encode())
        assert rows(body)[0]["document_id"] == id_of("https://lab.example/blog/probes")


@pytest.mark.parametrize("link", ["/blog/probes#v2", "/blog/Probes", "/zh/blog/probes", "/blog/probes?page=2"])
def test_a_link_that_says_more_is_another_post(link: str) -> None:
    """Entries of a changelog share a page, and language twins stay two documents."""
    (row,) = rows(lab_rss(item(link)))
    assert row["document_id"] != id_of("https://lab.example/blog/probes")


def test_a_changelog_makes_release_notes() -> None:
    """The feed's title says what its items are; each has its own fragment."""
    items = [item(f"https://lab.example/CHANGELOG.md#{n}", title=f"v{n}") for n in (1, 2)]
    found = rows(lab_rss(*items, title="Tool Changelog"))
    assert [row["kind"] for row in found] == ["release_note"] * 2
    assert len({row["document_id"] for row in found}) == 2


def test_without_a_link_the_guid_and_then_title_and_date_identify() -> None:
    """Such a post's address is the permanent guid, else the feed's home."""
    guid, none = item(None, guid="7", date=None), item(None)
    first, second = rows(lab_rss(guid, none))
    assert (first["document_id"], first["url"]) == (id_of("7"), HOME)
    assert second["document_id"] == id_of("On probes\n2026-06-24T09:30:00+00:00")
    (row,) = rows(lab_rss(item(None, guid="https://lab.example/p/1")))
    assert row["url"] == "https://lab.example/p/1"
    not_a_link = item(None, more='<guid isPermaLink="false">https://lab.example/p/1</guid>')
    assert rows(lab_rss(not_a_link))[0]["url"] == HOME


def test_empty_guids_do_no_harm() -> None:
    """One laboratory's feed has nothing else."""
    posts = [item(f"/blog/{n}", more='<guid isPermaLink="false"></guid>') for n in range(3)]
    assert len({row["document_id"] for row in rows(lab_rss(*posts))}) == 3


def test_posts_that_all_link_to_the_home_page_go_by_their_guid() -> None:
    """A link that all items share identifies none of them."""
    found = rows(lab_rss(*(item(HOME, guid=f"n{n}", title=f"Note {n}") for n in range(2))))
    assert [row["document_id"] for row in found] == [id_of("n0"), id_of("n1")]


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([item(title=None)], "missing_title"),
        ([item(title=" ")], "missing_title"),
        ([item(None, date=None)], "missing_id"),
        ([item("javascript:alert(1)", date=None)], "missing_id"),
        ([item(), item(title="Another")], "duplicate_id"),
        ([item("/tag/nlp", date=None, text=None)], "not_an_article"),
        ([item("/company/team/alignment", date=None, text="On probes")], "not_an_article"),
        ([item("/research", date=None, text=None)], "not_an_article"),
        ([item(HOME, date=None, text=None)], "not_an_article"),
        ([item("/blog/index.xml", title="[NOTICE] moved")], "not_an_article"),
    ],
)
def test_an_item_that_cannot_be_a_post_is_rejected_alone(items: list[str], reason: str) -> None:
    """Its neighbours are kept."""
    body = lab_rss(*items, item("/blog/good"))
    assert reasons(body) == [reason]
    assert rows(body)[-1]["url"] == "https://lab.example/blog/good"


@pytest.mark.parametrize(
    "post",
    [
        item("/research", text=None),
        item("/research", date=None),
        item("/index/research-on-tags", date=None, text=None),
        item("/blog/2026/06/safety", date=None, text=None),
        item("/log#team", date=None, text=None),
    ],
)
def test_a_page_that_may_be_a_post_is_kept(post: str) -> None:
    """A date, a text, or a path that is deeper than a section's speaks for a post."""
    assert reasons(lab_rss(post)) == []


def test_a_post_that_stands_twice_is_kept_once() -> None:
    """Word for word the same is no fault; two posts with one title are two posts."""
    assert len(rows(lab_rss(item(), item()))) == 1
    assert len(rows(lab_rss(item("/a"), item("/b")))) == 2


def test_a_second_title_in_another_element_is_not_the_title() -> None:
    """Google's feeds carry `<og>` with its own title and description, without a namespace."""
    more = '<og xmlns:og="http://ogp.me/ns#"><title>Wrong</title><description>Wrong</description></og>'
    more += '<x:title xmlns:x="urn:x">Wrong</x:title>'
    (row,) = rows(lab_rss(item(title=None, text=None, more=more + "<title>Right</title>")))
    assert (row["title"], row["abstract"]) == ("Right", None)
