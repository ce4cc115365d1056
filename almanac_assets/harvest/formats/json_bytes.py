"""From bytes to JSON values, strictly, and from values of any type to those that a reader asked for.

What RFC 8259 leaves open is decided here: UTF-8 alone, no NaN or Infinity, no number that a double cannot hold, at most
MAX_DEPTH levels. Of a key that stands twice in one object the last value holds, as in most readers, and a note says so.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from almanac_assets.errors import FeedBroken
from almanac_assets.harvest.formats.values import clean_text
from almanac_assets.harvest.formats.xml_bytes import refuse_unreadable, shown
from almanac_assets.harvest.records import one_line

MAX_DEPTH = 64  # levels; an answer of the deepest API read here has 9
MAX_DIGITS = 309  # of a whole number: what a double can hold, so that every reader of JSON can
LARGEST_COUNT = 2**53 - 1  # the largest whole number that all readers of JSON take exactly (RFC 8259, section 6)
FIRST_YEAR, LAST_YEAR = 1500, 2100  # of a publication; others are slips of the pen
SHOWN_KEYS = 8  # of an object, in messages

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|\?xml[^>]*>\s*<!doctype\s+html)\b", re.IGNORECASE)
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_WORD_BEGUN = re.compile(r"(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|-)?")
_DIGITS = re.compile(r"[0-9]{1,15}")


def read_value(body: bytes) -> tuple[Any, tuple[str, ...]]:
    """The one JSON value that the bytes hold, and one note for each kind of fault that did not keep it from being read.

    Raises FeedBroken with empty_body, too_large, content_coding, bad_encoding, wrong_type (HTML), too_deep, truncated or
    not_json.
    """
    trimmed = refuse_unreadable(body)
    if _HTML.match(trimmed):
        raise FeedBroken("wrong_type", f"expected JSON, found an HTML page: {shown(trimmed)}")
    try:
        text = trimmed.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FeedBroken("bad_encoding", f"expected UTF-8, found other bytes at {error.start}") from None
    keys = _Keys()
    try:
        value = json.loads(
            text,
            object_pairs_hook=keys.once,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_whole,
        )
    except RecursionError:
        raise FeedBroken("too_deep", f"expected at most {MAX_DEPTH} levels, found more") from None
    except json.JSONDecodeError as error:
        raise _broken(text, error) from None
    except ValueError as error:
        raise FeedBroken("not_json", str(error)) from None
    _refuse_depth(value)
    if _LONE_SURROGATE.search(trimmed):
        value = _without_surrogates(value)
    repeated = f"{keys.repeated} keys stood twice in one object, the last value was taken"
    return value, (repeated,) if keys.repeated else ()


class _Keys:
    """Objects from their pairs, counting keys that stand twice."""

    def __init__(self) -> None:
        self.repeated = 0

    def once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        held = dict(pairs)
        self.repeated += len(pairs) - len(held)
        return held


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"expected a number that a double can hold, found {text[:SHOWN_KEYS]}…")
    return number


def _whole(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"expected a number of at most {MAX_DIGITS} digits, found {len(text)}")
    return int(text)


def _broken(text: str, error: json.JSONDecodeError) -> FeedBroken:
    """Why it is no JSON: cut off where nothing but the beginning of a value is left behind the fault."""
    rest = text[error.pos :].strip()
    cut = error.msg.startswith("Unterminated string") or _WORD_BEGUN.fullmatch(rest) is not None
    if cut and not error.msg.startswith("Extra data"):
        return FeedBroken("truncated", f"expected the end of the JSON value, found {text[-40:]!r}")
    return FeedBroken("not_json", f"{error.msg} at character {error.pos}: {text[error.pos : error.pos + 40]!r}")


def _refuse_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise FeedBroken("too_deep", f"expected at most {MAX_DEPTH} levels, found more")


def _without_surrogates(value: Any) -> Any:
    """The value with U+FFFD for halves of characters, which JSON can write and no encoding takes."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(child) for child in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(child) for key, child in value.items()}
    return value


def error_told(value: Any) -> str | None:
    """What an envelope of failure says: a text under `error`, or under `message`; None where the value is none.

    An answer that holds data as well is no failure.
    """
    if not isinstance(value, dict) or any(isinstance(value.get(name), list) for name in ("data", "results")):
        return None
    for name in ("error", "message"):
        told = value.get(name)
        parts = told if isinstance(told, list) else [told]
        words = [part.get("message") if isinstance(part, dict) else part for part in parts]
        said = "; ".join(word for word in words if isinstance(word, str) and word.strip())
        if said and not (isinstance(told, dict) and name == "message" and len(told) > 2):
            return one_line(said)
    return None


def shape(value: Any) -> str:
    """What a value is, for a message: an object with its first keys, a list with its first member, or a plain value."""
    if isinstance(value, dict):
        more = ", …" if len(value) > SHOWN_KEYS else ""
        return f"an object with {', '.join(list(value)[:SHOWN_KEYS])}{more}" if value else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}, the first {shape(value[0])}" if value else "an empty list"
    return f"a {'null' if value is None else type(value).__name__}"


def at(value: Any, *path: str) -> Any:
    """What lies under these keys, one in the other; None where an object or a key is missing."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text_at(value: Any, *path: str) -> str | None:
    """The text under these keys, cleaned; None where there is none, or something else than text."""
    return clean_text(at(value, *path))


def count_at(value: Any, *path: str) -> int | None:
    """The whole number from 0 to LARGEST_COUNT under these keys, also where it is written as text; else None."""
    found = at(value, *path)
    if isinstance(found, str) and _DIGITS.fullmatch(found):
        found = int(found)
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    is_count = isinstance(found, int) and not isinstance(found, bool) and 0 <= found <= LARGEST_COUNT
    return found if is_count else None


def year_at(value: Any, *path: str) -> int | None:
    """The year under these keys, None where it cannot be one."""
    year = count_at(value, *path)
    return year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None


def objects(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a list with their places; what is no list holds none."""
    for place, member in enumerate(value if isinstance(value, list) else []):
        if isinstance(member, dict):
            yield place, member
