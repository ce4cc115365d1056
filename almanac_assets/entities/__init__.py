"""Documents to mentions, mentions to entities and their aliases."""

from __future__ import annotations

from almanac_assets.entities.aliases import ALIASES_SCHEMA, entity_aliases
from almanac_assets.entities.found import FOUND_SCHEMA, found_mentions
from almanac_assets.entities.gazetteer import Entry, Gazetteer, Pin, load_gazetteer
from almanac_assets.entities.linking import MENTIONS_SCHEMA, linked_mentions
from almanac_assets.entities.normal_forms import normal_form, parent_form
from almanac_assets.entities.registry import REGISTRY_SCHEMA, registry

__all__ = [
    "ALIASES_SCHEMA",
    "FOUND_SCHEMA",
    "MENTIONS_SCHEMA",
    "REGISTRY_SCHEMA",
    "Entry",
    "Gazetteer",
    "Pin",
    "entity_aliases",
    "found_mentions",
    "linked_mentions",
    "load_gazetteer",
    "normal_form",
    "parent_form",
    "registry",
]
