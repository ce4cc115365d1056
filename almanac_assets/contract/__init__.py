"""What is published: one class per table, from which schema, checks, dictionary and descriptors derive.

`TABLES` maps each published table's name to its contract, in the order of the data's flow.
"""

from __future__ import annotations

from almanac_assets.contract import citations, documents, entities, events, harvest, relatedness, trust
from almanac_assets.contract.table import Column, Contract, Rule, Table, registered

# Importing the modules registers their classes; the order here is the order of the flow.
_ROOMS = (harvest, documents, entities, citations, events, relatedness, trust)

TABLES: dict[str, Contract] = registered([room.__name__ for room in _ROOMS])

__all__ = ["TABLES", "Column", "Contract", "Rule", "Table"]
