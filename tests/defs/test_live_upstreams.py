"""Profile live: what pulls, in which pool, and what a dead run leaves behind."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from almanac_assets.defs.build import INSTANCE_CONFIG
from almanac_assets.defs.definitions import definitions, upstreams
from almanac_assets.defs.live import free_slots, most_cited, own_keys, pool_of
from almanac_assets.defs.resources import WorkspaceResource, plan, sources


def test_planned_upstreams_are_assets_that_pull_and_the_others_stay_outside(tmp_path: Path) -> None:
    """What is pulled comes before the ledgers are read."""
    defs = definitions(WorkspaceResource(root=str(tmp_path), profile="live"))
    dg.Definitions.validate_loadable(defs)
    graph = defs.resolve_asset_graph()
    made = {key.to_user_string() for key in graph.materializable_asset_keys}
    planned = set(plan().upstreams(sources()))
    assert planned and planned <= made and "arxiv_bulk" not in made
    for name in ("_fetches", "_attempts"):
        assert planned <= {key.to_user_string() for key in graph.get(dg.AssetKey(name)).parent_keys}


def test_the_sample_pulls_nothing() -> None:
    """All upstreams are outside."""
    assert {type(one) for one in upstreams()} == {dg.AssetSpec}


def test_hosts_of_one_group_share_a_pool() -> None:
    """arXiv's services are asked by one run at a time."""
    assert pool_of("arxiv_oai") == pool_of("arxiv_listings") == "arxiv"
    assert pool_of("lab_feeds") == "lab_feeds"
    assert "pools: {default_limit: 1}" in INSTANCE_CONFIG


def test_a_dead_run_holds_no_place(tmp_path: Path) -> None:
    """One that was killed would hold up the next for ever."""
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        storage = instance.event_log_storage
        storage.set_concurrency_slots("arxiv", 1)
        assert storage.claim_concurrency_slot("arxiv", "dead-run", "pull").is_claimed
        assert not storage.claim_concurrency_slot("arxiv", "next-run", "pull").is_claimed
        storage.free_concurrency_slots_for_run("next-run")
        free_slots(instance, str(tmp_path))
        assert storage.claim_concurrency_slot("arxiv", "next-run", "pull").is_claimed


def test_keys_come_from_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is empty is none."""
    monkeypatch.setenv("ALMANAC_S2_KEY", " ")
    monkeypatch.setenv("ALMANAC_OPENALEX_KEY", "marker-77")
    assert set(own_keys()) == {"openalex"} and "marker" not in repr(own_keys())


def test_without_a_release_nothing_is_cited_most(tmp_path: Path) -> None:
    """The plan's own works are asked for all the same."""
    assert most_cited(tmp_path, 5) == []
