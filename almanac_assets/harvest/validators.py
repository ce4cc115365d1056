"""What servers said about the state of an answer (ETag, Last-Modified), kept per address, to ask only for what is new."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from almanac_assets.errors import AlmanacError
from almanac_assets.harvest.answers import Answer, Request
from almanac_assets.store.files import write_text

# After so many words of "nothing new" the whole answer is asked for again: some servers never change their ETag.
FULL_EVERY = 10


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one address: its validators, the body they belong to, and how often they were believed."""

    payload_sha256: str
    etag: str | None = None
    last_modified: str | None = None
    believed: int = 0


class Validators:
    """The file of validators beside the payload store; a damaged one is forgotten, since all of it can be asked anew."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known = _read(file)

    def known(self, url: str) -> Known | None:
        return self._known.get(url)

    def conditional(self, request: Request) -> Request:
        """The request with what is known of its address, or unchanged once the word was believed often enough."""
        known = self._known.get(request.url)
        if not request.conditional or known is None or known.believed >= FULL_EVERY:
            return request
        return replace(request, etag=known.etag, last_modified=known.last_modified)

    def learn(self, answer: Answer, payload_sha256: str) -> None:
        """Keep what a whole answer says of itself, or forget the address if it says nothing."""
        if answer.etag or answer.last_modified:
            self._known[answer.url] = Known(payload_sha256, answer.etag, answer.last_modified)
        else:
            self._known.pop(answer.url, None)
        self._write()

    def believe(self, url: str) -> None:
        """Count one more word that nothing has changed."""
        self._known[url] = replace(self._known[url], believed=self._known[url].believed + 1)
        self._write()

    def forget(self, url: str) -> None:
        self._known.pop(url, None)
        self._write()

    def _write(self) -> None:
        stated = {url: asdict(known) for url, known in sorted(self._known.items())}
        write_text(self._file, json.dumps(stated, indent=1) + "\n")


def _read(file: Path) -> dict[str, Known]:
    try:
        return {str(url): Known(**stated) for url, stated in json.loads(file.read_text(encoding="utf-8")).items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise AlmanacError(f"{file} cannot be read: {error.strerror}", remedy="mend rights, then pull again") from error
    except (ValueError, TypeError, AttributeError):
        return {}
