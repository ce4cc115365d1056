"""From bytes to an XML tree, strictly: what is not well-formed is refused, with the reason.

The parser reads whole bytes, resolves no entity, opens no address and never recovers: a half-read page that looks whole
is worse than none. Two faults are mended before a second try, since mending them loses nothing: control characters that
XML forbids are removed, and HTML's names for characters (`&nbsp;`) are written as numbers.
"""

from __future__ import annotations

import re
from html.entities import name2codepoint

from lxml import etree

from almanac_assets.errors import FeedBroken

MAX_PAYLOAD_BYTES = 64 * 1024 * 1024  # a page of 2,500 records holds about 10 MiB
SHOWN_BYTES = 40  # of a payload's beginning, in messages

_ENCODINGS = frozenset({"utf-8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be", "iso-8859-1", "windows-1252"})
_ENCODING_FAULTS = frozenset({31, 32, 81})  # libxml2: unknown, unsupported, invalid bytes
_CHARACTER_FAULTS = frozenset({9, 26})  # libxml2: invalid character, undeclared entity
_ENDED_EARLY = frozenset({4, 5, 73, 74, 77})  # libxml2: empty, document end, tag not closed, end tag, tag not finished
_LIMIT = 114  # libxml2: resource limit
_COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"PK\x03\x04": "zip",
}
_CONTROLS = bytes(c for c in range(0x20) if c not in (0x09, 0x0A, 0x0D))
_CONTROL_REFERENCE = re.compile(rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));")
_NAMED_REFERENCE = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,7});")
_XML_NAMES = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def shown(body: bytes) -> str:
    """The beginning of a payload, for a message."""
    return repr(body[:SHOWN_BYTES])


def refuse_unreadable(body: bytes) -> bytes:
    """The payload without byte-order mark and leading white space; FeedBroken if it is empty, huge or compressed."""
    if len(body) > MAX_PAYLOAD_BYTES:
        raise FeedBroken("too_large", f"expected at most {MAX_PAYLOAD_BYTES} bytes, found {len(body)}")
    trimmed = body.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not trimmed:
        raise FeedBroken("empty_body", f"expected a payload, found {len(body)} bytes of white space or nothing")
    for magic, coding in _COMPRESSED.items():
        if trimmed.startswith(magic):
            raise FeedBroken("content_coding", f"expected plain bytes, found {coding}; unpack the payload first")
    return trimmed


def root_start(body: bytes) -> int:
    """Where the root element begins, behind declaration, comments and white space; -1 if there is none."""
    at = 0
    while at < len(body):
        if body.startswith(b"<?", at):
            end = body.find(b"?>", at)
        elif body.startswith(b"<!--", at):
            end = body.find(b"-->", at)
        else:
            return at
        if end < 0:
            return -1
        at = end + (3 if body.startswith(b"<!--", at) else 2)
        while body[at : at + 1].isspace():
            at += 1
    return -1


def read_tree(body: bytes) -> tuple[etree._Element, tuple[str, ...]]:
    """The root of a well-formed document, and one note for each kind of fault that was mended to read it.

    `body` has passed refuse_unreadable. Raises FeedBroken with wrong_type (HTML), doctype_refused, truncated,
    bad_encoding, too_deep, too_large or not_xml.
    """
    prolog = body[max(root_start(body), 0) :][:SHOWN_BYTES].lower()
    if prolog.startswith((b"<html", b"<!doctype html")):
        raise FeedBroken("wrong_type", f"expected a feed, found an HTML page: {shown(body)}")
    if prolog.startswith(b"<!doctype"):
        raise FeedBroken("doctype_refused", "expected no document type, found one; entities are never expanded")
    notes: tuple[str, ...] = ()
    try:
        root = _parse(body)
    except etree.XMLSyntaxError as error:
        mended, notes = _mend(body) if _code(error) in _CHARACTER_FAULTS else (body, ())
        if not notes:
            raise _broken(body, error) from None
        try:
            root = _parse(mended)
        except etree.XMLSyntaxError as second:
            raise _broken(mended, second) from None
    return _accepted(root), notes


def _parse(body: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    return etree.fromstring(body, parser)


def _accepted(root: etree._Element) -> etree._Element:
    info = root.getroottree().docinfo
    if getattr(info, "doctype", ""):
        raise FeedBroken("doctype_refused", "expected no document type, found one; entities are never expanded")
    if (info.encoding or "utf-8").lower() not in _ENCODINGS:
        raise FeedBroken("bad_encoding", f"expected UTF-8, UTF-16 or Latin-1, found {info.encoding}")
    if local_name(root).lower() == "html":
        raise FeedBroken("wrong_type", "expected a feed, found an HTML page")
    return root


def _code(error: etree.XMLSyntaxError) -> int:
    """libxml2's number for the first fault."""
    return int(getattr(error, "code", 0))


def _broken(body: bytes, error: etree.XMLSyntaxError) -> FeedBroken:
    """Why libxml2 gave up, in our words: the reason follows from its error code and from how the bytes end."""
    message = str(error.msg)
    code = _code(error)
    if code == _LIMIT:
        return FeedBroken("too_deep" if "depth" in message else "too_large", message)
    name = re.match(rb"<([^\s/>]+)", body[max(root_start(body), 0) :])
    closed = name is not None and re.search(rb"</" + re.escape(name[1]) + rb"\s*>", body[-4096:]) is not None
    if name is not None and not closed and not body.rstrip().endswith(b"/>"):
        return FeedBroken(
            "truncated", f"expected the closing tag of the root at the end, found {body[-SHOWN_BYTES:]!r}"
        )
    if code in _ENCODING_FAULTS:
        return FeedBroken("bad_encoding", message)
    if code in _ENDED_EARLY and name is not None and not closed:
        return FeedBroken("truncated", message)
    return FeedBroken("not_xml", message)


def _mend(body: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The payload without what XML forbids but no text needs, and what was done, one note each."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body, ()
    notes: list[str] = []
    bare = body.translate(None, _CONTROLS)
    bare, references = _CONTROL_REFERENCE.subn(b"", bare)
    if removed := len(body) - len(bare):
        notes.append(f"{removed} bytes of control characters removed before reading ({references} written as numbers)")

    def numbered(found: re.Match[bytes]) -> bytes:
        code = None if found[1] in _XML_NAMES else name2codepoint.get(found[1].decode("ascii"))
        return found[0] if code is None else b"&#%d;" % code

    named = _NAMED_REFERENCE.sub(numbered, bare)
    if named != bare:
        notes.append("HTML names of characters written as numbers before reading")
    return named, tuple(notes)


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: etree._Element) -> str:
    """The namespace of an element, empty where it has none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def full_text(element: etree._Element) -> str:
    """All text of an element, that of its children included."""
    return "".join(str(part) for part in element.itertext()) if len(element) else element.text or ""
