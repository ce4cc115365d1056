"""The `almanac` command: a thin door to the same functions that the assets call."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from almanac_assets import settings
from almanac_assets.errors import AlmanacError, InputMissing

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

FOLDER = click.Path(path_type=Path)


def friendly(command: Callable[..., None]) -> Callable[..., None]:
    """One clear line and exit code 1 for what Almanac raises on purpose; a trace for everything else is a defect."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except AlmanacError as error:
            errors.print(f"almanac: {error}", style="red", markup=False)
            sys.exit(1)

    return run


def show_progress() -> None:
    """One line per step on the terminal."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("  %(message)s"))
    logger = logging.getLogger("almanac")
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.INFO)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="almanac-assets")
def main() -> None:
    """Public research feeds turned into a curated, versioned research dataset.

    Start with `almanac build`: it makes two releases of the shipped sample in data/releases/. `almanac ui` shows the flow.
    """


@main.command()
@click.option(
    "--payloads",
    type=FOLDER,
    help="Folder of payloads: OAI-PMH pages, arXiv RSS days, JSON lines; archives (.tar.zst) are read too.",
)
@click.option(
    "--corpus",
    type=FOLDER,
    help="Parquet file with id, title, abstract, categories, published; or the public arXiv snapshot (JSON lines).",
)
@click.option(
    "--out", type=FOLDER, help="Folder for payload store, lake and releases. Needed with --payloads and --corpus."
)
@click.option(
    "--as-of", help="Fetch time (UTC) of files that state none themselves, as 2026-02-27 or 2026-02-27T12:00:00Z."
)
@click.option("--until", help="Use only what was fetched up to this day (UTC, included).")
@click.option(
    "--profile",
    default=None,
    help="What is taken in: sample (the shipped payloads), live (what the sources answer now) or none (nothing but the files "
    "named above). Default: ALMANAC_PROFILE if set, else sample; none if files are named.",
)
@click.option(
    "--accept",
    multiple=True,
    metavar="GATE",
    help="Publish although this gate fails; needs --because. May be repeated.",
)
@click.option("--because", help="Why the gate may fail; written into the manifest and CHANGES.md.")
@friendly
def build(
    payloads: Path | None,
    corpus: Path | None,
    out: Path | None,
    as_of: str | None,
    until: str | None,
    profile: str | None,
    accept: tuple[str, ...],
    because: str | None,
) -> None:
    """Turn payloads into a release.

    Without options: two releases of the shipped sample, the first of all but its last day, the second of everything.
    What has not changed since the last build is not made again. A release that fails a gate is not published, and the
    last one stays what it is.

    \b
    almanac build
    almanac build --payloads harvest/ --out mine/
    almanac build --corpus arxiv.parquet --out mine/
    """
    if accept and not because:
        raise AlmanacError("--accept needs a reason", remedy='add --because "why the gate may fail"')
    if (payloads or corpus) and not out:
        raise AlmanacError("--payloads and --corpus need a folder for what is made", remedy="add --out DIR")
    for named in (payloads, corpus):
        if named and not named.exists():
            raise InputMissing(f"{named} does not exist", remedy="check the path")
    chosen = profile or ("none" if payloads or corpus else settings.own_profile() or "sample")
    if chosen == "live" and not (payloads or corpus or until or as_of):
        pull_and_build(out, dict.fromkeys(accept, because or ""))
        return
    stated: dict[str, Any] = {
        "root": str((out or (settings.LIVE if chosen == "live" else settings.DATA)).absolute()),
        "profile": chosen,
        "payloads": str(payloads) if payloads else None,
        "corpus": str(corpus) if corpus else None,
        "as_of": as_of,
        "accepted": dict.fromkeys(accept, because or ""),
    }
    show_progress()
    if chosen == "sample" and until is None:
        days = sample_days()
        run_build(stated | {"until": days[-2]}, f"the sample up to {days[-2]}")
        run_build(stated, f"the whole sample, up to {days[-1]}")
    else:
        run_build(stated | {"until": until}, str(corpus or payloads or "the sample"))


def sample_days() -> list[str]:
    """The days on which the sample was fetched, in order."""
    lines = (settings.SAMPLE / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted({json.loads(line)["fetched_at"][:10] for line in lines})


def run_build(stated: dict[str, Any], what: str, *, anew: bool = False) -> None:
    from almanac_assets.defs.build import build as build_release
    from almanac_assets.defs.resources import WorkspaceResource

    console.print(f"Building {what}", style="bold", markup=False)
    built = build_release(WorkspaceResource(**stated), anew=anew)
    facts = built.release.manifest["tables"]
    rows = sum(table["rows"] for table in facts.values())
    verb = "Made" if built.is_new else "Nothing new: the same as"
    console.print(
        f"{verb} release {built.release.name}: {len(facts)} tables, {rows:,} rows, as of {built.release.manifest['as_of']}",
        markup=False,
    )
    if facts["quarantine"]["rows"]:
        console.print(
            f"  {facts['quarantine']['rows']:,} records in quarantine; their reasons are in the table `quarantine`",
            markup=False,
        )
    console.print(f"  {len(built.made)} products made, the others unchanged", markup=False)
    console.print(f"  {built.release.folder}", markup=False)


@main.command()
@click.option("--out", type=FOLDER, help="Folder for payload store, lake and releases. Default: data/live/.")
@friendly
def live(out: Path | None) -> None:
    """Ask the real sources what is new, and build a release from all that they ever answered.

    What is asked stands in data/pulls.yaml, and each source is asked as its terms want it: the first run takes some
    minutes. Every answer is kept before the next request is sent, so a run may be stopped and started again at any time.
    Keys are read from ALMANAC_S2_KEY and ALMANAC_OPENALEX_KEY where they are set, and written nowhere.

    \b
    Exit code 0: at least one source answered; a line names those that did not. A release was made, unless nothing is new.
    Exit code 1: no source answered, or the build failed; one line says why, and the last release is what it was.
    """
    pull_and_build(out, {})


def pull_and_build(out: Path | None, accepted: dict[str, str]) -> None:
    """Pull all sources, build, and say at the end how each source did."""
    from almanac_assets.harvest.attempts import Attempts
    from almanac_assets.store.workspace import Workspace

    root = (out or settings.LIVE).absolute()
    attempts = Attempts(Workspace(root).ledger_file.with_name("attempts.jsonl"))
    before = set(attempts.all())
    show_progress()
    try:
        run_build({"root": str(root), "profile": "live", "accepted": accepted}, "what the sources answer")
    finally:
        made = [attempt for attempt in attempts.all() if attempt not in before]
        grid = Grid("source", "outcome", "answers", "seconds", "message", box=None, pad_edge=False)
        for one in made:
            seconds = f"{one.elapsed_ms / 1000:.1f}"
            said = re.sub(r"^https?://\S+: ", "", one.message or "")  # the lines above have the addresses
            grid.add_row(one.source_id, one.outcome, str(one.answers), seconds, escape(said))
        console.print(grid)
    failed = [one.source_id for one in made if one.failed]
    if failed:
        said = f"almanac: {len(failed)} of {len(made)} sources did not answer: {', '.join(failed)}"
        errors.print(said, style="yellow", markup=False)


@main.command()
@click.option("--out", type=FOLDER, help="The folder given to `almanac build --out`; default: the sample's.")
@friendly
def reparse(out: Path | None) -> None:
    """Make everything below the raw payloads anew.

    The lake is emptied and all payloads of the ledger are read again by today's code. Nothing is fetched or imported; the
    releases stay, and a new one is made if anything came out differently.
    """
    from almanac_assets.store.workspace import Workspace

    root = (out or settings.DATA).absolute()
    workspace = Workspace(root)
    if not workspace.ledger_file.exists():
        raise InputMissing(
            f"{workspace.ledger_file} does not exist: nothing was taken in yet", remedy="run `almanac build` first"
        )
    show_progress()
    run_build({"root": str(root), "profile": "none"}, f"every payload of {workspace.ledger_file}", anew=True)


@main.command()
@click.argument("path", type=FOLDER)
@click.option("--json", "json_file", type=FOLDER, help="Also write the rows as JSON to this file.")
@friendly
def parse(path: Path, json_file: Path | None) -> None:
    """Show what would be read from payloads on disk, storing nothing.

    PATH is a file or a folder; archives are looked into. One row per file: format, outcome, items, reason, seconds. The
    exit code is 1 if no file could be read.
    """
    from almanac_assets.documents.preview import parsed_files
    from almanac_assets.store.clock import SystemClock

    grid = Grid("file", "format", "outcome", "items", "rejected", "reason", "seconds", box=None, pad_edge=False)
    rows = []
    for row in parsed_files(path, SystemClock()):
        rows.append(row)
        grid.add_row(
            *(
                str(row[name] if row[name] is not None else "")
                for name in ("file", "format", "outcome", "items", "rejected", "reason", "seconds")
            )
        )
    console.print(grid)
    good = [row for row in rows if row["outcome"] != "error"]
    items = sum(row["items"] for row in rows if isinstance(row["items"], int))
    console.print(f"{len(rows)} files, {len(good)} readable, {items:,} items; nothing was stored", markup=False)
    if json_file:
        json_file.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        console.print(f"rows written to {json_file}", markup=False)
    if not good:
        sys.exit(1)


@main.command()
@click.argument("release", default="latest")
@click.option("--out", type=FOLDER, help="The folder given to `almanac build --out`; default: the sample's.")
@friendly
def evaluate(release: str, out: Path | None) -> None:
    """Hold a release against the rows labelled by hand in evaluation/labels, and write evaluation/quality.jsonl.

    RELEASE is a name such as 2026.6.1, or 'latest'. The figures are published as the table `quality` by the next build.
    """
    from almanac_assets.evaluation.agreement import agreement
    from almanac_assets.evaluation.quality import write_figures
    from almanac_assets.release.releases import Releases

    rows = agreement(settings.LABELS, Releases((out or settings.DATA) / "releases").named(release).folder)
    grid = Grid("measure", "slice", "value", "95 % interval", "n", box=None, pad_edge=False)
    for row in rows:
        interval = f"{row['low']:.2f} to {row['high']:.2f}"
        grid.add_row(str(row["measure"]), str(row["slice"]), f"{row['value']:.3f}", interval, str(row["n"]))
    console.print(grid)
    write_figures(settings.QUALITY_FILE, rows)
    console.print(f"{len(rows)} figures written to {settings.QUALITY_FILE}", markup=False)


@main.command()
@click.argument("release", default="latest")
@click.option("--out", type=FOLDER, help="The folder given to `almanac build --out`; default: the sample's.")
@friendly
def verify(release: str, out: Path | None) -> None:
    """Check a release: every byte, every table in three readers, every check of the contract.

    RELEASE is a name such as 2026.6.1, 'latest', or the path of a release's folder.
    """
    from almanac_assets.release.releases import Releases
    from almanac_assets.release.verify import verify as verified

    folder = Path(release)
    if not (folder / "SHA256SUMS").exists() and os.sep not in release:
        folder = Releases((out or settings.DATA) / "releases").named(release).folder
    faults = verified(folder)
    for fault in faults:
        errors.print(f"  {fault}", style="red", markup=False)
    if faults:
        raise AlmanacError(
            f"{folder}: {len(faults)} faults", remedy="restore the release from a copy, or build it again"
        )
    console.print(f"{folder}: sound", markup=False)


@main.command()
@click.option("--out", type=FOLDER, help="The folder given to `almanac build --out`; default: the sample's.")
@friendly
def doctor(out: Path | None) -> None:
    """Look at the installation and the data, and say what is wrong and how to mend it."""
    from almanac_assets.doctor import findings

    bad = 0
    for finding in findings((out or settings.DATA).absolute()):
        bad += not finding.good
        mark = "[green]ok [/green]" if finding.good else "[red]bad[/red]"
        console.print(f"{mark} {finding.what}: {finding.said}" + (f" — {finding.remedy}" if finding.remedy else ""))
    if bad:
        raise AlmanacError(f"{bad} findings need attention")


@main.command()
@click.option("--port", default=3000, show_default=True, help="Port on 127.0.0.1.")
@click.option("--out", type=FOLDER, help="The folder given to `almanac build --out`; default: the sample's.")
@friendly
def ui(port: int, out: Path | None) -> None:
    """Show the flow in the Dagster UI on 127.0.0.1; end it with Ctrl-C.

    Runs that are started there make what `almanac build` makes: the sample's releases, or those of --out from the payloads
    that were taken in before.
    """
    from almanac_assets.defs.build import dagster_home

    home = dagster_home()
    dagster = Path(sys.executable).with_name("dagster")
    if not dagster.exists():
        raise InputMissing(f"{dagster} is missing", remedy="install the [ui] extra, or run `make ui`")
    console.print(f"Dagster UI on http://127.0.0.1:{port} (home {home}); Ctrl-C ends it", markup=False)
    if out:
        os.environ[settings.OUT_VARIABLE] = str(out.absolute())
    os.chdir(settings.CHECKOUT)
    os.execv(dagster, [str(dagster), "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)])


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page is not what the contract says.")
@friendly
def docs(check: bool) -> None:
    """Write the pages that derive from the contract: docs/dictionary.md."""
    from almanac_assets.contract import TABLES
    from almanac_assets.contract.dictionary import dictionary_page

    file = settings.CHECKOUT / "docs" / "dictionary.md"
    page = dictionary_page(TABLES)
    if check:
        if not file.exists() or file.read_text(encoding="utf-8") != page:
            raise AlmanacError(f"{file} is not what the contract says", remedy="run `almanac docs`")
        return
    file.parent.mkdir(exist_ok=True)
    file.write_text(page, encoding="utf-8")
    console.print(f"{file} written: {len(TABLES)} tables", markup=False)
