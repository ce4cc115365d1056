"""Almanac: public research feeds turned into a curated, versioned research dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from almanac_assets.loading import load

__all__ = ["load"]


def __getattr__(name: str) -> object:
    """`almanac_assets.load` without importing Polars for those who only import the package."""
    if name == "load":
        from almanac_assets.loading import load

        return load
    raise AttributeError(f"module 'almanac_assets' has no attribute '{name}'")
