"""Why an address gave no answer that can be used; each failure is one line that a person can act on.

    FetchFailed          nothing came, or what came must not be used: not asked again
    ├── NotReached       no connection: no name, no route, no TLS, or an address that must not be asked
    ├── Interrupted      it may work a moment later: asked again, a bounded number of times
    └── SourceSaidNo     the source answered that it will not: not asked again

`outcome` is the value of the closed list feed_health.outcome that a pull ends with. No message holds a secret: addresses
enter it through redaction.safe_url, and what a server wrote is shortened and made safe to print.
"""

from __future__ import annotations

from almanac_assets.errors import AlmanacError


class FetchFailed(AlmanacError):
    """Nothing came, or what came must not be used; asking again would change nothing."""

    outcome = "error"

    def __init__(self, url: str, found: str, *, status: int | None = None, remedy: str = "") -> None:
        self.url, self.found, self.status = url, found, status
        super().__init__(f"{url}: {found}", remedy=remedy)


class NotReached(FetchFailed):
    """No connection came about, so nothing was asked of the host."""


class Interrupted(FetchFailed):
    """A fault that may pass: a timeout, a cut body, a busy server. `wait` is what the server asked for, in seconds."""

    def __init__(self, url: str, found: str, *, status: int | None = None, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(url, found, status=status)
        # A server that is only busy said no in the end; a connection that broke said nothing.
        self.outcome = "refused" if status == TOO_MANY else "error"


class SourceSaidNo(FetchFailed):
    """The source answered that it will not give this: forbidden, not found, a budget that is spent."""

    outcome = "refused"


TOO_MANY = 429
