"""What is asked of a source and what it answered, and whether an answer is whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from almanac_assets.errors import FeedBroken
from almanac_assets.harvest.formats.xml_bytes import read_tree, refuse_unreadable, shown
from almanac_assets.harvest.inflate import BodyBroken, Caps
from almanac_assets.harvest.redaction import Secret

Expected = Literal["xml", "json"]

# What a reader of the format would refuse as a whole, and what it is better not to keep at all.
_NEVER_KEPT = ("empty_body", "wrong_type", "content_coding", "doctype_refused", "too_large")


@dataclass(frozen=True, slots=True)
class Request:
    """One GET: the address without any key, what its answer has to be, and what is known of it already."""

    url: str
    expects: Expected
    caps: Caps = field(default_factory=Caps)
    seconds: float = 60.0  # for the whole answer, from the name server to the last byte
    secret: Secret | None = None
    conditional: bool = False  # ask only for what has changed since the last answer, where that is known
    etag: str | None = None
    last_modified: str | None = None

    @property
    def is_conditional(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer with status 200, or the word that nothing has changed: then `body` is None.

    `url` is the address that was asked and `final_url` the one that answered, both without keys.
    """

    url: str
    final_url: str
    fetched_at: datetime
    http_status: int
    body: bytes | None
    media_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved: bool = False  # a redirect said that the address has changed for good


def require_whole(body: bytes, expects: Expected) -> None:
    """Raise BodyBroken for a body that is cut, empty, or no answer of that kind at all.

    A body that is whole but faulty passes: the reader of its format sets it aside with a reason, and the bytes are kept.
    """
    try:
        trimmed = refuse_unreadable(body)
        if expects == "xml":
            _require_xml(trimmed)
        else:
            _require_json(trimmed)
    except FeedBroken as broken:
        if broken.reason == "truncated":
            raise BodyBroken(f"the answer is cut: {broken.detail}", may_pass=True) from None
        if broken.reason in _NEVER_KEPT:
            raise BodyBroken(broken.detail) from None


def _require_xml(body: bytes) -> None:
    if not body.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        raise FeedBroken("wrong_type", f"expected XML, found {shown(body)}")
    read_tree(body)


def _require_json(body: bytes) -> None:
    if body[:1] not in (b"{", b"["):
        raise FeedBroken("wrong_type", f"expected JSON, found {shown(body)}")
    if body.rstrip()[-1:] != (b"}" if body[:1] == b"{" else b"]"):
        raise FeedBroken("truncated", f"expected the end of a JSON value, found {shown(body[-20:])}")
