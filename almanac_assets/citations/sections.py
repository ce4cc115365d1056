"""The heading above a citing sentence, as printed, to the kind of section it opens.

What a section does goes before where it stands: "B Extended related work" in an appendix is related work, and only a
lettered heading whose words tell nothing more ("C Proofs") is an appendix. Of a heading with words of two kinds the
kind listed first wins ("Background and motivation" is an introduction, "Results and discussion" are results).
"""

from __future__ import annotations

from typing import Final

import polars as pl

# "3.1 ", "IV. ", "Section 2: ", "A.2 " and "#" of marked-up text.
_NUMBER: Final = r"^[\s#§*]*(?i:section|sec\.)?\s*(?:\d+(?:\.\d+)*|[IVX]+\.?|[A-Z](?:\.\d+)*)[.:)]?(?:\s+|$)"
# A letter before a heading; I, V and X with a full stop are Roman numbers of a section. "A" before a small letter is a word.
_LETTERED: Final = r"^\s*(?i:appendix)\b|^\s*(?:[A-HJ-UWYZ][.:)]?|[A-Z](?:\.\d+)+[.:)]?|[IVX])\s+[A-Z0-9]"

# The first line whose words occur in the heading, after its number, tells the kind.
_KINDS: Final[tuple[tuple[str, str], ...]] = (
    (
        "related_work",
        r"related (?:\w+ ){0,2}(?:works?|literature|studies|research|methods)|(?:prior|previous|existing) (?:works?|studies|research|art)\b"
        r"|literature (?:review|survey)|state of the art|^background|background(?: knowledge)?$|relation to (?:prior|previous|existing)",
    ),
    (
        "introduction",
        r"^intro|introduction|^motivation|motivation$|^overview$|^contributions?$|^abstract$|^summary of contributions",
    ),
    ("conclusion", r"^conclu|conclusions?$|concluding|^summary$|closing remarks|final remarks"),
    (
        "experiments",
        r"^experiments?\b|experiment\w* (?:set|detail|design|protocol|config|settings?|procedure|environment)|experiments?$"
        r"|(?:experiment|evaluation|training|empirical|simulation|test)\w* (?:set-?\s?ups?|settings?|details|protocols?|recipe|config\w*)"
        r"|^set-?\s?ups?$|^settings?$"
        r"|implementation|baselines?\b|^(?:the )?(?:\w+ )?(?:data ?sets?|benchmarks?|corpora)\b|data ?sets? (?:and|&)|\bdata ?sets?$"
        r"|metrics\b|hyper-?parameters|^evaluations?\b"
        r"|evaluations?$|^training$|^case stud|empirical (?:stud|evaluation)|numerical|^tasks?\b|downstream tasks?|compute resources|^models?$",
    ),
    (
        "results",
        r"\bresults?\b|\bfindings\b|ablation|comparisons?$|^comparisons?\b|^performance|^analys[ie]s\b|(?:quantitative|qualitative"
        r"|performance|error) (?:analysis|evaluation)",
    ),
    (
        "discussion",
        r"discussions?\b|limitations?\b|future (?:work|directions)|broader impacts?|societal impacts?|^impact statement|implications",
    ),
    (
        "method",
        r"method|^preliminar|preliminar\w+$|problem (?:formulation|setup|setting|definition|statement)|^(?:the "
        r"|our )?(?:proposed )?(?:approach|model|framework|algorithm)\b"
        r"|(?:model|network|system)? ?architectures?$|^materials|^notations?|formulation$|training objective|^proposed\b",
    ),
)


def section_classes(sections: pl.Series) -> pl.Series:
    """The kind of section of each heading: a value of the closed list, `other` where no word tells, null without heading.

    Blank headings count as none. Case, numbers and mark-up do not matter.
    """
    heading = pl.col("heading").str.strip_chars()
    words = heading.str.replace(_NUMBER, "").str.replace_all(r"\s+", " ").str.strip_chars(" .:*#").str.to_lowercase()
    told = [pl.when(words.str.contains(pattern)).then(pl.lit(name)) for name, pattern in _KINDS]
    lettered = pl.when(heading.str.contains(_LETTERED)).then(pl.lit("appendix"))
    kind = pl.when(heading != "").then(pl.coalesce(*told, lettered, pl.lit("other")))
    frame = sections.cast(pl.String).rename("heading").to_frame()
    return frame.select(kind.alias("section_class")).to_series()
