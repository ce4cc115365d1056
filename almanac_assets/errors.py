"""Every error that Almanac raises on purpose, in one tree.

    AlmanacError
    ├── InputMissing       a file or folder that was asked for is not there, or cannot be read
    ├── NameUnknown        a profile, table, source or release nobody has heard of
    ├── FeedBroken         a payload whose structure is not what its source promises
    ├── ContractBroken     a table that does not keep the contract of its class
    ├── ReleaseRefused     a release that failed its gates; nothing visible has changed
    └── StoreDamaged       bytes on disk that are not what their checksum says

A message names the file or record, what was expected, what was found, and what to do.
"""

from __future__ import annotations


class AlmanacError(Exception):
    """The root: catch it to catch all that Almanac raises on purpose."""

    def __init__(self, what: str, *, remedy: str = "") -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what} — {remedy}" if remedy else what)


class InputMissing(AlmanacError):
    """A file or folder that was asked for is not there, or cannot be read."""


class NameUnknown(AlmanacError):
    """A profile, table, source or release nobody has heard of."""

    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        self.kind, self.name, self.known = kind, name, known
        super().__init__(f"unknown {kind} '{name}'", remedy=f"one of: {', '.join(known)}" if known else "")


class FeedBroken(AlmanacError):
    """A payload whose structure is not what its source promises.

    `reason` is a value of the closed list quarantine.reason.
    """

    def __init__(self, reason: str, detail: str) -> None:
        self.reason, self.detail = reason, detail
        super().__init__(f"{reason}: {detail}")


class ContractBroken(AlmanacError):
    """A table that does not keep the contract of its class."""

    def __init__(self, table: str, column: str, expected: str, found: str, *, rows: int = 0, remedy: str = "") -> None:
        self.table, self.column, self.expected, self.found, self.rows = table, column, expected, found, rows
        count = f" in {rows} rows" if rows else ""
        super().__init__(f"{table}.{column}: expected {expected}, found {found}{count}", remedy=remedy)


class ReleaseRefused(AlmanacError):
    """A release that failed its gates; nothing visible has changed."""

    def __init__(self, name: str, failures: list[str]) -> None:
        self.name, self.failures = name, failures
        super().__init__(
            f"release {name} refused, {len(failures)} gates failed: " + "; ".join(failures),
            remedy="the last release is untouched; mend what is named above, or publish it on purpose with "
            "almanac build --accept GATE --because TEXT",
        )


class StoreDamaged(AlmanacError):
    """Bytes on disk that are not what their checksum says."""
