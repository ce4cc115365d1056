"""One string of authors, taken apart."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.harvest.authors import split_authors


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("", []),
        ("Ada B.", [("Ada B.", None)]),
        ("Ada B., Carl D. and Eve F.", [("Ada B.", None), ("Carl D.", None), ("Eve F.", None)]),
        ("Ada B., Carl D., and Eve F.", [("Ada B.", None), ("Carl D.", None), ("Eve F.", None)]),
        ("Naihong Hu and and Linsheng Zhu", [("Naihong Hu", None), ("Linsheng Zhu", None)]),
        ("A. Andersson & B. Brandt; C. Chen", [("A. Andersson", None), ("B. Brandt", None), ("C. Chen", None)]),
        ("C. Neri (Bank, London, UK) and L. S. (School)", [("C. Neri", "Bank, London, UK"), ("L. S.", "School")]),
        (
            "A. B. Smith, C. Doe (2) and E. Roe (1,2) ((1) Univ X, (2) Lab Y)",
            [("A. B. Smith", None), ("C. Doe", "Lab Y"), ("E. Roe", "Univ X; Lab Y")],
        ),
        (
            "S. Naik (1), S. V. (2) ((1) Division, Laboratory (2) Department of Physics, College)",
            [("S. Naik", "Division, Laboratory"), ("S. V.", "Department of Physics, College")],
        ),
        ("A (a), B (b) ((a) X, and (b) Y)", [("A", "X"), ("B", "Y")]),
        ("Ada B. (1), Carl D. (2)", [("Ada B.", None), ("Carl D.", None)]),
        ("G. David Forney, Jr. and P. Vontobel", [("G. David Forney Jr.", None), ("P. Vontobel", None)]),
        ("J. Fox III, K. Lee, II (Lab Y)", [("J. Fox III", None), ("K. Lee II", "Lab Y")]),
        ("X. Wang, et al.", [("X. Wang", None)]),
        ("X. Wang et al", [("X. Wang", None)]),
        ("HESS Collaboration: A. Abr, F. Ac", [("HESS Collaboration", None), ("A. Abr", None), ("F. Ac", None)]),
        ("The ATLAS Collaboration", [("The ATLAS Collaboration", None)]),
        ("L. Oakes for the CDF Collaboration", [("L. Oakes", "the CDF Collaboration")]),
        ("on behalf of the X Team, Ada B.", [("the X Team", None), ("Ada B.", None)]),
        ("Center for AI Safety Research Group", [("Center for AI Safety Research Group", None)]),
        ("Xiaoming (Simon) Wang, B. C.", [("Xiaoming (Simon) Wang", None), ("B. C.", None)]),
        (
            r"J\'er\^ome {\L}. Fran\c{c}a, A~B. Mu\~noz",
            [(r"J\'er\^ome {\L}. Fran\c{c}a", None), (r"A B. Mu\~noz", None)],
        ),
        ("Ada B. (Univ X, Carl D.", [("Ada B. (Univ X", None), ("Carl D.", None)]),
        (":, Ada B., 3", [("Ada B.", None)]),
    ],
)
def test_the_forms_authors_come_in(text: str, authors: list[tuple[str, str | None]]) -> None:
    """Names in order, each with its affiliation where one is given."""
    assert split_authors(text) == authors


NAME = st.from_regex(r"[A-Z]\. [A-Z][a-zéüø]{2,9}(-[A-Z][a-z]{2,5})?", fullmatch=True)
PLACE = st.from_regex(r"(Univ|Lab) [A-Z][a-z]{1,6}(, [A-Z][a-z]{2,6})?( \(dep [A-Z]\))?", fullmatch=True)


@given(st.lists(st.tuples(NAME, st.none() | PLACE), min_size=1, max_size=8), st.booleans())
def test_names_and_affiliations_survive_joining_and_splitting(
    authors: list[tuple[str, str | None]], joined: bool
) -> None:
    """What is written in arXiv's form comes back as it was, with an "and" before the last or without."""
    written = [f"{name} ({place})" if place else name for name, place in authors]
    text = " and ".join(filter(None, [", ".join(written[:-1]), written[-1]])) if joined else ", ".join(written)
    assert split_authors(text) == authors


@given(st.text(max_size=60))
def test_any_string_gives_names_without_loose_ends(text: str) -> None:
    """No name is empty, and none begins or ends with a separator."""
    for name, place in split_authors(text):
        assert name and name == name.strip(" ,;") and place != ""


@pytest.mark.parametrize(
    "text", ["(" * 50_000, "(a)" * 30_000, "for the " * 30_000, ", " * 50_000, "((1) " + "(1) x," * 30_000 + ")"]
)
def test_hostile_strings_take_linear_time(text: str) -> None:
    """Hundreds of kilobytes of brackets and separators take well under a second."""
    started = time.process_time()
    split_authors(text)
    assert time.process_time() - started < 2
