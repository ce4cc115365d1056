"""Subjects found in the corpus: what belongs to them, what they are called, and in which order to read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import polars as pl
import pytest

from almanac_assets.events.identity import event_id
from almanac_assets.relatedness.guide_ids import KNOWN_GUIDES, known_guides
from almanac_assets.relatedness.guides import LIMITS
from tests.relatedness.rows import AS_OF, Corpus

SUBJECTS = {
    "sae": ("Sparse autoencoders for {}", "We train sparse autoencoders, and they find features of {}."),
    "law": ("Scaling laws of {}", "The loss follows scaling laws, which we fit for {}."),
}
OBJECTS = ("vision", "speech", "proteins", "code", "music", "robots")


def corpus(*, each: int = 6, strangers: int = 24, order: Random | None = None, skip: tuple[str, ...] = ()) -> Corpus:
    """Two subjects of some papers each, which name a model of their own, and papers that are about nothing shared."""
    papers = []
    for place, (subject, (title, text)) in enumerate(SUBJECTS.items()):
        for number in range(each):
            directions = [0.0, 0.0]
            directions[place] = 1.0
            about = OBJECTS[number]
            papers.append(
                (f"{subject}{number}", [*directions, 0.1 * number], title.format(about), text.format(about), number)
            )
    for number in range(strangers):
        away = [0.0] * (3 + number) + [1.0]
        papers.append((f"x{number:02}", away, f"Title {number}", "Nothing is shared.", number))
    if order is not None:
        order.shuffle(papers)
    made = Corpus({"gemma": "model", "pythia": "model"})
    for name, directions, title, text, day in papers:
        if name not in skip:
            names = {"sae": ("gemma",), "law": ("pythia",)}.get(name[:3], ())
            made.add(name, *directions, title=title, text=text, day=-day, names=names)
    return made


def ids(*names: str) -> set[str]:
    return {event_id(f"arxiv:{name}") for name in names}


def titles(made: dict[str, pl.DataFrame]) -> dict[str, str]:
    return dict(made["guides"].select("title", "guide_id").iter_rows())


def test_a_guide_is_a_subject_that_several_events_share() -> None:
    """Named by its own terms as they are written; what is near to nothing has no guide."""
    made = corpus().guided()
    assert set(titles(made)) == {"Sparse autoencoders", "Scaling laws"}
    for title, prefix in (("Sparse autoencoders", "sae"), ("Scaling laws", "law")):
        held = made["event_guides"].filter(pl.col("guide_id") == titles(made)[title])
        assert set(held["event_id"].to_list()) == ids(*(f"{prefix}{n}" for n in range(6)))
    row = made["guides"].filter(pl.col("title") == "Scaling laws").row(0, named=True)
    assert (row["event_count"], row["entity_count"], row["parent_guide_id"]) == (6, 1, None)
    assert row["slug"].startswith("scaling-laws-")
    assert row["description"] == (
        "6 events from May 2026 to June 2026 that have in common: scaling laws. Named more here than elsewhere: PYTHIA."
    )


def test_reading_goes_by_date() -> None:
    """The foundation first; the reason tells the nearness and the shared terms."""
    made = corpus().guided()
    held = made["event_guides"].filter(pl.col("guide_id") == titles(made)["Scaling laws"]).sort("reading_order")
    assert held["event_id"].to_list() == [event_id(f"arxiv:law{n}") for n in (5, 4, 3, 2, 1, 0)]
    assert held["reading_order"].to_list() == [1, 2, 3, 4, 5, 6]
    assert held["reason"].str.contains("; it has scaling laws").all()


def test_an_event_without_a_date_has_no_place_in_the_order() -> None:
    """It belongs to the guide all the same."""
    made = corpus().add("law9", 0, 1, title="Scaling laws again", text="Scaling laws.", day=None).guided()
    row = made["event_guides"].filter(pl.col("event_id") == event_id("arxiv:law9")).row(0, named=True)
    assert (row["rank"], row["reading_order"]) == (1, None)


def test_entities_belong_where_their_events_are() -> None:
    """6 of 6 events less the one that chance would give, over 10."""
    made = corpus().guided()
    row = made["entity_guides"].filter(pl.col("entity_id") == "pythia").row(0, named=True)
    assert row["guide_id"] == titles(made)["Scaling laws"]
    assert row["score"] == pytest.approx((6 - 6 * 6 / 36) / 10, abs=1e-6)
    assert row["reason"] == "6 of its 6 events; the guide holds 16.7 % of all events"


def test_too_few_events_are_no_guide() -> None:
    """Three papers on a subject are not enough, and a corpus without subjects has no guides."""
    assert corpus(each=LIMITS.least_events - 1, strangers=60).guided()["guides"].height == 0
    assert corpus(each=0).guided()["guides"].height == 0
    assert Corpus().guided()["guides"].height == 0


def test_texts_without_a_common_term_are_no_guide() -> None:
    """Near vectors alone make no subject that could be named: junk titles cannot occur."""
    made = Corpus()
    for number in range(8):
        made.add(f"a{number}", 1, number / 20, title="A novel method and its results", text="We propose a paper.")
    for number in range(24):
        made.add(f"x{number:02}", *[0.0] * (3 + number), 1.0)
    assert made.guided()["guides"].height == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    """The same tables from shuffled inputs."""
    one, other = corpus().guided(), corpus(order=Random(seed)).guided()
    for name, key in (
        ("guides", ["guide_id"]),
        ("event_guides", ["event_id", "rank"]),
        ("entity_guides", ["entity_id", "rank"]),
    ):
        assert one[name].sort(key).equals(other[name].sort(key))


def test_ids_and_slugs_survive_a_refresh() -> None:
    """A guide that gains and loses events keeps its id and address even if its middle moves."""
    before = corpus(skip=("law0", "sae1")).guided()
    known = known_guides([(AS_OF["as_of"][0] - timedelta(days=1), before["guides"], before["event_guides"])])
    after = corpus(skip=("law5",)).guided(known)
    assert titles(after) == titles(before)
    assert set(after["guides"]["slug"]) == set(before["guides"]["slug"])
    assert after["_guide_redirects"].height == 0


def test_a_guide_that_is_gone_leads_to_where_its_events_are() -> None:
    """One heir is a merge, several are a split; one whose events are in no guide leads nowhere."""
    events = {name: sorted(ids(*names)) for name, names in {
        "g-law": [f"law{n}" for n in range(6)], "g-part": ["law1", "law2"],
        "g-both": ["law1", "law2", "sae1", "sae2"], "g-none": ["x01", "x02"],
    }.items()}  # fmt: skip
    gone = datetime(2026, 6, 10, tzinfo=UTC)
    rows = [(name, name, held, gone if name == "g-part" else None) for name, held in sorted(events.items())]
    made = corpus().guided(pl.DataFrame(rows, schema=KNOWN_GUIDES, orient="row"))
    sae = titles(made)["Sparse autoencoders"]
    told = {row["from_id"]: row for row in made["_guide_redirects"].iter_rows(named=True)}
    assert titles(made)["Scaling laws"] == "g-law"
    assert set(told) == {"g-part", "g-both"}
    assert (told["g-part"]["to_ids"], told["g-part"]["reason"]) == (["g-law"], "merge")
    assert told["g-part"]["since"] == gone
    assert (set(told["g-both"]["to_ids"]), told["g-both"]["reason"]) == ({sae, "g-law"}, "split")
    assert told["g-both"]["since"] == AS_OF["as_of"][0]


def test_known_guides_are_told_as_they_were_last() -> None:
    """A guide that left is kept, with the as_of of the first release without it."""
    days = [datetime(2026, 6, day, tzinfo=UTC) for day in (1, 2)]
    guides = [pl.DataFrame({"guide_id": names, "slug": [f"s-{n}" for n in names]}) for names in (["a", "b"], ["b"])]
    held = [
        pl.DataFrame({"guide_id": ["a", "b"], "event_id": ["e1", "e2"]}),
        pl.DataFrame({"guide_id": ["b"], "event_id": ["e3"]}),
    ]
    rows = known_guides(list(zip(days, guides, held, strict=True))).rows()
    assert rows == [("a", "s-a", ["e1"], days[1]), ("b", "s-b", ["e3"], None)]
    assert known_guides([]).schema == KNOWN_GUIDES
