"""HTML in feeds to plain text and to the addresses it points to, in one pass that is linear in the text.

Feeds carry HTML escaped once, escaped twice, in CDATA or as elements. What a reader would not see (scripts, styles,
comments) is dropped; a name in angle brackets that HTML does not know, such as `<think>`, is text and stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from lxml import etree

from almanac_assets.harvest.formats.values import clean_text
from almanac_assets.harvest.formats.xml_bytes import local_name

# Elements of https://html.spec.whatwg.org/multipage/indices.html by what they do to the text around them.
_UNSEEN = frozenset((
    "applet", "audio", "canvas", "embed", "head", "iframe", "math", "noembed", "noframes", "noscript", "object",
    "script", "select", "style", "svg", "template", "textarea", "title", "video",
))  # fmt: skip
_WITHIN_A_WORD = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
))  # fmt: skip
_BREAKS = frozenset((
    "address", "area", "article", "aside", "base", "basefont", "blockquote", "body", "br", "button", "caption",
    "center", "col", "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "html", "img", "input", "legend", "li", "link", "main", "map", "menu", "meta", "meter", "nav", "ol", "optgroup",
    "option", "output", "p", "param", "picture", "pre", "progress", "search", "section", "slot", "source", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "ul",
))  # fmt: skip
_VOID = frozenset({"embed"})  # unseen, but without an end to wait for

_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*(?:[-:][A-Za-z0-9:-]+)?)(?=[\s/>])")
_TAG_REST = re.compile(r"""(?>[^>"']+|"[^"]*"|'[^']*')*+>""")
_ADDRESS = re.compile(r"""\s(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE | re.ASCII)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII) for name in sorted(_UNSEEN - _VOID)}
_ESCAPED_MARKUP = re.compile(r"&lt;(?:/(?:p|a|div|li|ul|em|strong|span|h[1-6])|br\s*/?|p)&gt;", re.IGNORECASE)
_CERTAIN_MARKUP = re.compile(r"<(?:/(?:p|a|div|li|ul|em|strong|span|h[1-6])|br ?/?)>", re.IGNORECASE)
_WRITTEN = re.compile(r"https?://[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
_BEHIND_AN_ADDRESS = ".,;:!?)]*_"


@dataclass(frozen=True, slots=True)
class Plain:
    """What a piece of HTML says: its text, or None where there is none, and the addresses in it, in order."""

    text: str | None
    addresses: tuple[str, ...] = ()


NOTHING = Plain(None)


def plain_html(written: str | None) -> Plain:
    """Text and addresses of a piece of HTML; markup that was escaped once too often is read once more, never twice."""
    if not written:
        return Plain(None)
    text, addresses, marked = _stripped(written)
    if not marked and _ESCAPED_MARKUP.search(written):
        text, addresses, _ = _stripped(decoded(written))
    return _plain(text, addresses)


def plain_words(written: str | None) -> Plain:
    """A text that is declared to hold no markup. Tags that nobody writes about in passing are read as markup all the same,
    since feeds declare HTML as text."""
    return plain_html(written) if written and _CERTAIN_MARKUP.search(written) else _plain(written or "", [])


def plain_element(element: etree._Element) -> Plain:
    """Text and addresses of an element: of its markup where it has child elements, else of the HTML in its text."""
    if not len(element):
        return plain_html(element.text)
    parts: list[str] = []
    addresses: list[str] = []
    unseen: etree._Element | None = None
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        name = local_name(node).lower()
        seam = "" if name in _WITHIN_A_WORD else " "
        if event == "start" and unseen is None:
            unseen = node if name in _UNSEEN else None
            addresses += [value for key in ("href", "src") if (value := node.get(key))]
            parts += [seam, (node.text or "") if unseen is None else ""]
        elif event != "start":
            if event == "end" and unseen is node:
                unseen = None
            if unseen is None and node is not element:
                parts += [seam if event == "end" else "", node.tail or ""]
    return _plain("".join(parts), addresses)


def decoded(text: str) -> str:
    """The text with its character references read once; one that names nothing stays as it is."""
    return _REFERENCE.sub(lambda found: unescape(found[0]), text)


def written_addresses(text: str) -> list[str]:
    """The http addresses that stand in a text as such, without the punctuation behind them."""
    return [found.rstrip(_BEHIND_AN_ADDRESS) for found in _WRITTEN.findall(text)]


def _plain(text: str, addresses: list[str]) -> Plain:
    clean = clean_text(text)
    return Plain(clean, tuple(dict.fromkeys([*addresses, *written_addresses(clean or "")])))


def _stripped(html: str) -> tuple[str, list[str], bool]:
    """The text between the tags with references read, the addresses in the tags, and whether there was any tag.

    Every search that fails once is not made again, so that hostile markup costs no more than one pass.
    """
    parts: list[str] = []
    addresses: list[str] = []
    at, quotes_close, marked = 0, True, False
    while (start := html.find("<", at)) >= 0:
        parts.append(decoded(html[at:start]))
        if html.startswith("<!--", start):
            end = html.find("-->", start + 4)
            at = end + 3 if end >= 0 else len(html)
            continue
        named = _TAG_NAME.match(html, start)
        name = named[1].lower() if named else ""
        known = name in _BREAKS or name in _WITHIN_A_WORD or name in _UNSEEN or "-" in name or ":" in name
        if named is None or not known:
            parts.append("<")
            at = start + 1
            continue
        marked = True
        rest = _TAG_REST.match(html, named.end()) if quotes_close else None
        quotes_close = rest is not None
        end = rest.end() if rest else html.find(">", start) + 1
        if not end:  # the tag is never closed: what is left is a tag that was cut
            at = len(html)
            break
        addresses += [decoded(a or b or c) for a, b, c in _ADDRESS.findall(html[start:end])]
        parts.append("" if name in _WITHIN_A_WORD else " ")
        at = end
        if name in _ENDS and html[start + 1] != "/" and html[end - 2] != "/":
            closing = _ENDS[name].search(html, end)
            at = closing.start() if closing else len(html)
    parts.append(decoded(html[at:]))
    return "".join(parts), addresses, marked
