"""The body of an answer, gathered piece by piece under two caps: bytes on the wire, and bytes once inflated.

Only gzip is asked for and only gzip is taken, in any number of members, each of which must reach its end: libraries return
a cut or a doubled body as if it were whole, and inflate a bomb before anyone can look (RFC 1952, section 2.2).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

MIB = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS  # zlib's way of asking for the gzip format and its checksum
CODINGS = {"": False, "identity": False, "gzip": True, "x-gzip": True}
_MAGIC = b"\x1f\x8b"


class BodyBroken(Exception):
    """Bytes that are no whole body; `may_pass` says whether asking again can help."""

    def __init__(self, found: str, *, may_pass: bool = False) -> None:
        self.found, self.may_pass = found, may_pass
        super().__init__(found)


@dataclass(frozen=True, slots=True)
class Caps:
    """Most bytes of an answer: as sent, and as inflated."""

    wire: int = 8 * MIB
    inflated: int = 32 * MIB


class Body:
    """One body in the making; `feed` takes pieces as they come, `whole` gives the bytes or raises BodyBroken."""

    def __init__(self, coding: str, caps: Caps) -> None:
        name = coding.strip().lower()
        if name not in CODINGS:
            raise BodyBroken(f"expected gzip or no content coding, found {name[:40]!r}")
        self._caps, self._is_packed = caps, CODINGS[name]
        self._member: zlib._Decompress | None = None
        self._wire = self._size = 0
        self._pieces: list[bytes] = []

    def feed(self, piece: bytes) -> None:
        self._wire += len(piece)
        if self._wire > self._caps.wire:
            raise BodyBroken(f"more than {self._caps.wire:,} bytes were sent")
        if not self._is_packed:
            self._keep(piece)
            return
        try:
            self._inflate(piece)
        except zlib.error as error:
            raise BodyBroken(f"expected gzip, found {error}") from None

    def _inflate(self, piece: bytes) -> None:
        while piece:
            if self._member is None:
                if not _MAGIC.startswith(piece[:2]):
                    raise BodyBroken("bytes that are no gzip follow the end of the body" if self._size else "no gzip")
                self._member = zlib.decompressobj(_GZIP)
            # One byte over what is left is enough to know that there is too much.
            self._keep(self._member.decompress(piece, self._caps.inflated + 1 - self._size))
            piece = self._member.unconsumed_tail
            if self._member.eof:
                piece, self._member = self._member.unused_data, None

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._caps.inflated:
            raise BodyBroken(f"the body inflates to more than {self._caps.inflated:,} bytes")
        self._pieces.append(piece)

    def whole(self) -> bytes:
        """All bytes; BodyBroken if the packed form did not reach its end, or is packed without saying so."""
        if self._member is not None or (self._is_packed and not self._wire):
            raise BodyBroken(f"the gzip body ends early, after {self._wire:,} bytes", may_pass=True)
        body = b"".join(self._pieces)
        if body.startswith(_MAGIC):
            raise BodyBroken("expected plain bytes, found gzip inside or without its header")
        return body
