"""HTML to text, and addresses in one form."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.harvest.formats.html_text import plain_html, plain_words
from almanac_assets.harvest.formats.links import normal_link, web_link, work_links

MUCH = 300_000  # repetitions; what is quadratic takes hours, what is linear less than a second


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain words", "plain words"),
        ("<p>one</p><p>two<br>three</p>", "one two three"),
        ("mono<b>poly</b>, H<sub>2</sub>O", "monopoly, H2O"),
        ("a<!-- no --> b<script>if (a<b) {}</script> c<style>p{}</style>", "a b c"),
        ("<SCRIPT>no</SCRIPT>yes", "yes"),
        ("<svg><path d='x'/></svg>yes<script/>and", "yes and"),
        ("AT&amp;T &lt;3 &mdash; caf&#233; &#x1F600;", "AT&T <3 — café 😀"),
        ("&unknown; &#99999999999; &", "&unknown; &#99999999999; &"),
        ("the <think> token, x<y and z>w", "the <think> token, x<y and z>w"),
        ('<a title="a > b" href="x">c</a>', "c"),
        ("<p title='never closed", None),
        ("<!-- never closed", None),
        ("<script>never closed", None),
        ("&lt;p&gt;twice&lt;/p&gt;", "twice"),
        ("say &lt;b&gt; for bold", "say <b> for bold"),
        ("<code>&lt;p&gt;once&lt;/p&gt;</code>", "<p>once</p>"),
        ("", None),
        (" \n ", None),
    ],
)
def test_html_becomes_the_text_that_a_reader_sees(html: str, text: str | None) -> None:
    """Blocks are parted, words are not; what HTML does not know is text; references are read once."""
    assert plain_html(html).text == text


def test_text_that_is_declared_plain_keeps_its_brackets() -> None:
    """Unless it can be nothing but HTML under a wrong name."""
    assert plain_words("use <b> or &lt;").text == "use <b> or &lt;"
    assert plain_words("one<br/>two").text == "one two"


def test_addresses_come_from_tags_and_from_the_text() -> None:
    """In their order, without punctuation behind them, references read."""
    html = '<a href="/a?x=1&amp;y=2">b</a><img src=c.png> see https://d.example/e, (https://f.example).'
    assert plain_html(html).addresses == ("/a?x=1&y=2", "c.png", "https://d.example/e", "https://f.example")


@pytest.mark.parametrize(
    "piece", ["<", "<a", "<a href='", '<p "', "<!--", "<script>", "</", "&", "&#", "<a-", "http://", "&lt;p&gt;", "<p>"]
)
def test_hostile_markup_takes_one_pass(piece: str) -> None:
    """No search that failed is made again."""
    started = time.process_time()
    plain_html(piece * MUCH)
    assert time.process_time() - started < 20


@given(st.text(alphabet="<>/&;!-'\"= abpBscript#x0", max_size=200))
def test_any_markup_gives_clean_text(html: str) -> None:
    """Never an exception, never white space to trim."""
    text = plain_html(html).text
    assert text is None or text == " ".join(text.split())


@pytest.mark.parametrize(
    ("link", "read"),
    [
        ("HTTP://Lab.Example:80/A b?utm_source=x&q=1#F", "http://lab.example/A%20b?q=1#F"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("../x", "https://lab.example/x"),
        ("mailto:a@b.example", None),
        ("javascript:alert(1)", None),
        ("https://user:secret@lab.example/", None),
        ("https://[bad/", None),
        ("https://lab.example/" + "x" * 3000, None),
        (None, None),
    ],
)
def test_a_link_that_can_be_published(link: str | None, read: str | None) -> None:
    """Absolute, over http, without campaign arguments and without a user's name."""
    assert web_link(link, "https://lab.example/blog/") == read


@given(st.text(max_size=40), st.booleans(), st.booleans())
def test_scheme_and_last_slash_never_tell_links_apart(path: str, secure: bool, slash: bool) -> None:
    """The normal form of a link is that of its twin, and its own."""
    link = web_link("https://lab.example/" + path.replace("#", "").replace("?", ""))
    if link is not None:
        twin = link.replace("https", "https" if secure else "http", 1).rstrip("/") + "/" * slash
        assert normal_link(twin) == normal_link(link) == normal_link(normal_link(link))


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("http://arxiv.org/abs/2304.01373v2", "https://arxiv.org/abs/2304.01373"),
        ("https://arxiv.org/pdf/hep-th/9901001.pdf", "https://arxiv.org/abs/hep-th/9901001"),
        ("https://arxiv.org/list/cs.CL/recent", None),
        ("https://doi.org/10.48550/arXiv.2304.01373", "https://arxiv.org/abs/2304.01373"),
        ("https://dx.doi.org/10.1000/ABC", "https://doi.org/10.1000/abc"),
        ("https://aclanthology.org/2023.acl-long.1.pdf", "https://aclanthology.org/2023.acl-long.1"),
        ("https://www.aclweb.org/anthology/P19-1001/", "https://aclanthology.org/P19-1001"),
        ("https://openreview.net/pdf?id=aBcDeF123_&x=1", "https://openreview.net/forum?id=aBcDeF123_"),
        ("https://github.com/EleutherAI/pythia.git", "https://github.com/EleutherAI/pythia"),
        ("https://github.com/EleutherAI/pythia/tree/main/x", "https://github.com/EleutherAI/pythia"),
        ("https://github.com/EleutherAI", None),
        ("https://github.com/features/copilot", None),
        ("https://huggingface.co/EleutherAI/pythia-70m", "https://huggingface.co/EleutherAI/pythia-70m"),
        ("https://huggingface.co/datasets/EleutherAI/pile", "https://huggingface.co/datasets/EleutherAI/pile"),
        ("https://huggingface.co/papers/2304.01373", "https://arxiv.org/abs/2304.01373"),
        ("https://huggingface.co/blog/pythia", None),
        ("https://lab.example/paper.pdf", None),
    ],
)
def test_links_to_works_have_one_form_each(address: str, found: str | None) -> None:
    """A paper is its abstract page, a repository its owner and name; other pages name no work."""
    assert work_links([address, address]) == ((found,) if found else ())
