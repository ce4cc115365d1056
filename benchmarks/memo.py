"""Build the sample from nothing and again unchanged: what the memo saves. python benchmarks/memo.py"""

from __future__ import annotations

import tempfile
import time

from almanac_assets.defs.build import build
from almanac_assets.defs.resources import WorkspaceResource


def main() -> None:
    with tempfile.TemporaryDirectory() as root:
        seconds = []
        for what in ("from nothing", "unchanged"):
            begin = time.monotonic()
            built = build(WorkspaceResource(root=root), record=False)
            seconds.append(time.monotonic() - begin)
            print(f"{what:13} {seconds[-1]:5.1f} s, {len(built.made)} products made")
    print(f"ratio {seconds[0] / seconds[1]:.1f} (what is left is Dagster's own time and the checks of every table)")


if __name__ == "__main__":
    main()
