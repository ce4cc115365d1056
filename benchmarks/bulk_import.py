"""Build a release from a bulk file, and a folder of other payloads where one is named, and tell seconds and peak memory step by
step: python benchmarks/bulk_import.py FILE [PAYLOADS].
"""

from __future__ import annotations

import logging
import resource
import sys
import tempfile
import time
from pathlib import Path

BEGIN = time.monotonic()


def peak_mib() -> float:
    """Peak resident memory of this process so far, in MiB (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Watch(logging.Handler):
    """Adds elapsed time and peak memory to each line of progress."""

    def emit(self, record: logging.LogRecord) -> None:
        print(f"{time.monotonic() - BEGIN:7.1f} s  {peak_mib():6,.0f} MiB  {record.getMessage()}", flush=True)


def main() -> None:
    file = Path(sys.argv[1]).resolve()
    payloads = str(Path(sys.argv[2]).resolve()) if len(sys.argv) > 2 else None
    logger = logging.getLogger("almanac")
    logger.addHandler(Watch())
    logger.setLevel(logging.INFO)
    from almanac_assets.defs.build import build
    from almanac_assets.defs.resources import WorkspaceResource

    with tempfile.TemporaryDirectory() as root:
        built = build(WorkspaceResource(root=root, profile="none", corpus=str(file), payloads=payloads), record=False)
        documents = built.release.manifest["tables"]["documents"]["rows"]
        size = sum(path.stat().st_size for path in built.release.folder.rglob("*.parquet")) / 2**20
    seconds = time.monotonic() - BEGIN
    print(
        f"{documents:,} documents to a release of {size:,.0f} MiB in {seconds:.0f} s "
        f"({documents / seconds:,.0f} a second), peak memory {peak_mib():,.0f} MiB"
    )


if __name__ == "__main__":
    main()
