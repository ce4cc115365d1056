"""What assets are given: where the data lies, what is taken in, and the shipped files that steps read."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import dagster as dg
from pydantic import Field

from almanac_assets import settings
from almanac_assets.documents.clock import AS_OF
from almanac_assets.entities.gazetteer import load_gazetteer
from almanac_assets.entities.overrides import load_overrides
from almanac_assets.errors import AlmanacError, InputMissing, NameUnknown, StoreDamaged
from almanac_assets.evaluation.quality import load_figures
from almanac_assets.events.importance import ImportanceConstants
from almanac_assets.harvest.attempts import Attempt, Attempts, attempts_fingerprint
from almanac_assets.harvest.intake import TakenIn, take_in_bulk, take_in_folder
from almanac_assets.harvest.ledger import Fetch, Ledger, fingerprint
from almanac_assets.harvest.pull_plan import Plan, load_plan
from almanac_assets.harvest.sources import Sources, load_sources
from almanac_assets.release.releases import Release, Releases
from almanac_assets.store.steps import Given, folder_fingerprint
from almanac_assets.store.workspace import Workspace
from almanac_assets.text.vectors import WordTable

PROFILES = ("sample", "none", "live")


class WorkspaceResource(dg.ConfigurableResource[None]):
    """The folders of one body of data and what a build takes into them.

    `profile` sample takes in the shipped payloads, live what the upstreams' assets pull, none nothing but what `payloads`
    and `corpus` name.
    """

    root: str = Field(default_factory=lambda: str(settings.own_root() or own_folder(settings.own_profile())))
    profile: str = Field(
        default_factory=lambda: settings.own_profile() or ("none" if settings.own_root() else "sample")
    )
    payloads: str | None = None
    corpus: str | None = None
    until: str | None = None  # only fetches of up to this day (UTC, included) are used
    as_of: str | None = None  # the fetch time of imports that state none
    accepted: Mapping[str, str] = Field(default_factory=dict)  # gate -> why it may fail
    route: str | None = Field(default_factory=settings.own_route)  # an address on this machine instead of every host

    @property
    def workspace(self) -> Workspace:
        return Workspace(Path(self.root))

    def take_in(self) -> list[TakenIn]:
        """Keep the payloads that this build names; what is known already costs nothing but reading it."""
        if self.profile not in PROFILES:
            raise NameUnknown("profile", self.profile, list(PROFILES))
        store, ledger, as_of = self.workspace.payloads, Ledger(self.workspace.ledger_file), moment(self.as_of)
        taken = []
        if self.profile == "sample":
            taken.append(take_in_folder(settings.SAMPLE, store, ledger, sources()))
        if self.payloads:
            taken.append(take_in_folder(Path(self.payloads), store, ledger, sources(), as_of=as_of))
        if self.corpus:
            taken.append(take_in_bulk(Path(self.corpus), store, ledger, as_of=as_of))
        if not self.fetches() and self.profile != "live":
            upto = f" up to {self.until}" if self.until else ""
            raise InputMissing(
                f"{self.workspace.ledger_file} names no fetch{upto}", remedy="name payloads, or a later day"
            )
        return taken

    def fetches(self) -> list[Fetch]:
        """The lines of the ledger that this build uses."""
        last = self.until or "9999-12-31"
        return [
            fetch
            for fetch in Ledger(self.workspace.ledger_file).fetches()
            if fetch.fetched_at.strftime("%Y-%m-%d") <= last
        ]

    def attempts(self) -> list[Attempt]:
        """The pulls that this build knows of, those that brought nothing included."""
        last = self.until or "9999-12-31"
        return [one for one in self.pulls().all() if one.pulled_at.strftime("%Y-%m-%d") <= last]

    def pulls(self) -> Attempts:
        return Attempts(self.workspace.ledger_file.with_name("attempts.jsonl"))

    def newest_attempts(self) -> list[Attempt]:
        """The last attempt of each source that the plan names, as far as it was asked; none unless the profile is live."""
        if self.profile != "live":
            return []
        newest = self.pulls().newest()
        asked = (source.id for pull in plan().pulls for source in plan().sources_of(pull, sources()))
        return [newest[source_id] for source_id in dict.fromkeys(asked) if source_id in newest]

    def given(self) -> Mapping[str, Given]:
        """Everything besides tables that steps may be given."""
        fetches = self.fetches()
        attempts = self.attempts()
        previous = self.previous()
        return {
            "ledger": Given(lambda: fetches, fingerprint(fetches)),
            "attempts": Given(lambda: attempts, attempts_fingerprint(attempts)),
            "payloads": Given(lambda: self.workspace.payloads, "by the hashes of the payloads"),
            "sources": Given(sources, shipped(settings.SOURCES_FILE) + shipped(settings.CATEGORIES_FILE)),
            "gazetteer": Given(gazetteer, shipped(settings.GAZETTEER)),
            "overrides": Given(overrides, shipped(settings.OVERRIDES)),
            "quality_figures": Given(quality_figures, shipped(settings.QUALITY_FILE)),
            "table": Given(word_table, shipped(settings.WORD_TABLE)),
            "constants": Given(constants, shipped(settings.CONSTANTS)),
            "previous": Given(lambda: previous, "\n".join(release.manifest_sha256 for release in previous)),
        }

    def previous(self) -> tuple[Release, ...]:
        """The releases with an as_of before that of the build at work, oldest first; none until that is known."""
        as_of = self.as_of_made()
        return tuple(r for r in Releases(self.workspace.releases).all() if as_of and r.as_of < as_of)

    def as_of_made(self) -> datetime | None:
        """What the step `_as_of` last came to."""
        try:
            made = self.workspace.lake.current("_as_of")
        except StoreDamaged:
            return None
        as_of: datetime = made.frame(("as_of",), AS_OF)["as_of"][0]
        return as_of


def moment(text: str | None) -> datetime | None:
    """A day or time in ISO form, UTC where no zone is given."""
    if text is None:
        return None
    try:
        stated = datetime.fromisoformat(text)
    except ValueError as error:
        raise AlmanacError(f"'{text}' is no date", remedy="write it as 2026-02-27 or 2026-02-27T12:00:00Z") from error
    return stated if stated.tzinfo else datetime.fromisoformat(stated.isoformat() + "+00:00")


# Shipped files are read once a process: a changed one is seen when the code location is loaded again.
shipped = lru_cache(maxsize=None)(folder_fingerprint)


@lru_cache(maxsize=1)
def sources() -> Sources:
    return load_sources(settings.SOURCES_FILE, settings.CATEGORIES_FILE)


@lru_cache(maxsize=1)
def plan() -> Plan:
    return load_plan(settings.PULLS_FILE, sources())


def own_folder(profile: str | None) -> Path:
    """The folder of a profile that no --out moved elsewhere."""
    return settings.LIVE if profile == "live" else settings.DATA


gazetteer = lru_cache(maxsize=1)(lambda: load_gazetteer(settings.GAZETTEER))
overrides = lru_cache(maxsize=1)(lambda: load_overrides(settings.OVERRIDES))
quality_figures = lru_cache(maxsize=1)(lambda: load_figures(settings.QUALITY_FILE))
word_table = lru_cache(maxsize=1)(lambda: WordTable.load(settings.WORD_TABLE))
constants = lru_cache(maxsize=1)(lambda: ImportanceConstants.load(settings.CONSTANTS))
