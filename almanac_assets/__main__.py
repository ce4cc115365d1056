"""`python -m almanac_assets` is the `almanac` command."""

from __future__ import annotations

from almanac_assets.cli import main

if __name__ == "__main__":
    main()
