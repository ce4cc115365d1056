"""Gather the records of one payload: the rules that hold for every format are applied here, once.

A record without title is rejected, as is one with a date out of range; a record that repeats an earlier identifier and
version is dropped if it says the same, and rejected if it does not.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime

from almanac_assets.harvest.formats.times import midnight, out_of_range
from almanac_assets.harvest.formats.values import Identity
from almanac_assets.harvest.records import (
    WHOLE_PAYLOAD,
    Facts,
    Parsed,
    Record,
    Reject,
    records_frame,
    rejects_frame,
)


def published(
    moment: datetime | None, precision: str, basis: str, identity: Identity
) -> tuple[datetime | None, str, str]:
    """When version 1 was submitted, how exactly that is known, and from what; without a date, the identifier's month.

    The month in an identifier is that of the announcement, so a submission of its last hours can lie in the month
    before; no finer statement follows from it.
    """
    if moment is None:
        return midnight(identity.month), "month", "identifier"
    return moment, precision, basis


class Collector:
    """The records and rejects of one payload, in the order of the payload.

    `seen_at` is the time at which the payload was answered; no stated date may lie more than a day after it.
    """

    def __init__(self, seen_at: datetime | None) -> None:
        self._seen_at = seen_at
        self._records: list[Record] = []
        self._rejects: list[Reject] = []
        self._first: dict[tuple[str, int], Record] = {}

    def reject(self, ordinal: int | None, name: str | None, reason: str, detail: str) -> None:
        """Put the record at `ordinal`, called `name` by its source, aside for `reason`."""
        known = f" ({name})" if name else ""
        locator = WHOLE_PAYLOAD if ordinal is None else f"record {ordinal}{known}"
        self._rejects.append(Reject(ordinal, locator, reason, detail))

    def keep(self, record: Record, name: str | None) -> None:
        """Take a record in, unless one of the common rules rejects it."""
        if record.title is None and not record.is_deleted:
            return self.reject(record.ordinal, name, "missing_title", "expected a title, found none")
        for column in ("published_at", "version_at", "updated_at"):
            moment = getattr(record, column)
            if out_of_range(moment, self._seen_at):
                seen = f" (answered {self._seen_at.isoformat()})" if self._seen_at else ""
                detail = f"{column} is {moment.isoformat()}: expected 1990 or later, at most a day ahead{seen}"
                return self.reject(record.ordinal, name, "date_out_of_range", detail)
        earlier = self._first.setdefault((record.document_id, record.version), record)
        if earlier is record:
            self._records.append(record)
        elif differing := differing_columns(earlier, record):
            detail = f"{record.document_id} v{record.version} stood in record {earlier.ordinal} with other {differing}"
            self.reject(record.ordinal, name, "duplicate_id", detail)
        return None

    def parsed(self, facts: Facts) -> Parsed:
        """All that was gathered, as a read payload with these facts."""
        return Parsed(facts, records_frame(self._records), rejects_frame(self._rejects))


def differing_columns(first: Record, second: Record) -> str:
    """The columns in which two records of one version differ, besides their place and the server's change stamp."""
    same_place = dataclasses.replace(second, ordinal=first.ordinal, datestamp=first.datestamp)
    names = (field.name for field in dataclasses.fields(Record))
    return ", ".join(name for name in names if getattr(first, name) != getattr(same_place, name))
