"""Keys stay out of everything that is written: addresses, messages, ledgers, logs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, quote_plus, urlsplit, urlunsplit

MASK = "***"
# Names under which upstreams take keys in an address; their values are masked whoever put them there.
_SECRET_NAMES = r"api[_-]?key|apikey|key|token|access[_-]?token|auth|password|secret|signature|sig"
_SECRET_ARGUMENT = re.compile(rf"(?i)(?<=[?&;])({_SECRET_NAMES})=[^&#;\s]*")
_LOGIN = re.compile(r"(?<=://)[^/?#\s@]*@")
SHORTEST = 6  # characters; a shorter "key" is a mistake, and masking it would mask ordinary words


@dataclass(frozen=True, slots=True)
class Secret:
    """A key and how it is sent; its value shows in no text of the object."""

    name: str  # of the header or of the argument
    value: str
    place: Literal["header", "query"] = "header"

    def __repr__(self) -> str:
        return f"Secret({self.name}, {MASK})"


class Redactor:
    """Replaces the values of known secrets, in every form they take in an address, and whatever is named like one."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        forms = {
            form
            for secret in secrets
            if len(secret.value) >= SHORTEST
            for form in (secret.value, quote(secret.value, safe=""), quote_plus(secret.value))
        }
        # Longer forms first: a key that contains another must not leave its end behind.
        ordered = sorted(forms, key=lambda form: (-len(form), form))
        self._known = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def holds_secret(self, text: str) -> bool:
        """Whether a known secret stands in the text."""
        return bool(self._known and self._known.search(text))

    def text(self, text: str) -> str:
        """The text without any known secret, login or argument that is named like a key."""
        masked = self._known.sub(MASK, text) if self._known else text
        return _LOGIN.sub("", _SECRET_ARGUMENT.sub(rf"\1={MASK}", masked))

    def url(self, url: str) -> str:
        """An address as it may be written down: no login, no fragment, no argument that is named like a key.

        OAI-PMH's resumptionToken is not a key and stays, since the ledger needs it to tell whether a harvest is whole.
        """
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        kept = [pair for pair in parts.query.split("&") if pair and not _is_secret(pair)]
        return self.text(urlunsplit((parts.scheme, host, parts.path, "&".join(kept), "")))


def _is_secret(pair: str) -> bool:
    return re.fullmatch(_SECRET_NAMES, pair.partition("=")[0], re.IGNORECASE) is not None
