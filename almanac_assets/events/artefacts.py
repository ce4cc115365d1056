"""What a text says is given away: code, weights, data. Said, not checked; a promise ("upon acceptance") counts.

The word alone is no sign: "genetic code", "code generation" and "the data available today" give nothing away. So a thing
must stand as the head of a phrase beside a verb of giving, or in an address. Patterns are linear (no look-around).
"""

from __future__ import annotations

import polars as pl

# Words that may stand between "we release" and the thing; any other word, "of" above all, ends the phrase.
_BETWEEN = (
    r"(?:[\s,(/&]+(?:our|the|all|both|its|their|these|this|a|an|any|full|complete|entire|trained|pre-?trained|fine-?tuned|tuned|"
    r"base|open|public|first|model|models|code|codes|codebase|source|data|dataset|datasets|benchmark|benchmarks|corpus|weights|"
    r"checkpoints|training|evaluation|inference|experimental|experiment|associated|corresponding|resulting|new|large|small|"
    r"implementation|implementations|scripts|prompts|toolkit|framework|pipeline|library|package|and|as|well|with|along|annotated|"
    r"curated|synthetic|intermediate|final|annotations|human|demo|supplementary|materials|[a-z0-9]+-[a-z0-9-]+)\)?){0,12}"
)
_ADVERBS = r"(?:[\s,]+(?:also|now|all|both|be|been|made|fully|freely|openly|publicly|further|hereby|will|have|has|then|thus|soon)){0,5}"
# "to share data" and "and open-source models" give nothing away: those verbs need a speaker.
_GIVE = (
    rf"(?:\b(?:we|authors){_ADVERBS}\s+(?:release[sd]?|open[- ]?sourced?|publish|share)"
    rf"|\b(?:and|to){_ADVERBS}\s+(?:release|publish))"
)
_MAKE = rf"\bmake{_BETWEEN}[\s,(]+"
_KNOWN = r"\s+(?:publicly|freely|openly|fully|public|available|accessible)\b"
_NAMED = r"\s+[^\s,.;]+,?\s+(?:a|an|the)\s+(?:[^\s.;]+\s+){0,4}"
_END = r"(?:\s*[.,;:)(]|\s*$|\s+(?:and|as|at|are|is|for|from|here|in|of|on|online|open|publicly|freely|to|under|upon|via|will|with|available|https?))"
_IS = rf"[\s,]+(?:is|are|will|can|have|has|were|was|shall|to)\b{_ADVERBS}[\s]+"
_GIVEN = (
    r"(?:released|open[- ]?sourced?|public|published|shared|available|accessible|found|downloaded|hosted|provided)\b"
)
_GIVEN_TO_ALL = (
    r"(?:released|open[- ]?sourced?|public|published|(?:available|accessible|found|hosted|provided|downloaded)\s+(?:at|on|in|via|from|"
    r"under|here|through|upon|online|for\s+(?:research|download)|https?))\b"
)
_PUBLICLY = r"(?:publicly|freely|openly|fully)\s+(?:available|accessible|released)\b"

_CODE = r"\b(?:code|codes|codebase|source[- ]code|implementations?)"
_WEIGHTS = (
    r"\b(?:weights|checkpoints|(?:our|all|both|trained|pre-?trained|fine-?tuned|the resulting)\s+(?:\S+\s+)?models?)"
)
_DATA = r"\b(?:data|data ?sets?|benchmarks?|corpus|corpora)"
_OTHERS = r"(?:[\s,(&/]+(?:and|our|the|all|both|code|source|weights|checkpoints|models?|data|data ?sets?|benchmarks?|scripts|prompts|demos?|trained|pre-?trained|model|training|evaluation|annotations|as|well|with|along|videos?|project|page|materials|supplementary)\)?){0,10}"

_SITES = r"(?:github|gitlab)\.(?:com|io)/\S|bitbucket\.org/\S|codeberg\.org/\S|anonymous\.4open\.science/\S"
ARTEFACTS = {
    "code": rf"(?i){_SITES}|{_GIVE}{_BETWEEN}[\s,(]+{_CODE}{_END}|{_MAKE}{_CODE}{_KNOWN}|{_CODE}{_OTHERS}{_IS}{_GIVEN}"
    rf"|{_CODE}{_OTHERS}\s*(?:available|:)\s*(?:at|on|here|in|via|under|https?)|\bopen[- ]?source\s+{_CODE}\s+(?:at|on|https?)",
    "weights": rf"(?i)huggingface\.co/(?:[a-ce-z0-9_]|d[b-z0-9_-])|{_GIVE}{_BETWEEN}[\s,(]+(?:{_WEIGHTS}|models?){_END}"
    rf"|{_MAKE}{_WEIGHTS}{_KNOWN}|{_WEIGHTS}{_OTHERS}{_IS}{_GIVEN}"
    rf"|{_CODE}[\s,]+(?:\S+\s+){{0,2}}(?:and|&)\s+(?:\S+\s+)?models?{_IS}{_GIVEN}",
    "data": rf"(?i)huggingface\.co/datasets|zenodo\.org/\S|{_GIVE}(?:{_BETWEEN}[\s,(]+{_DATA}{_END}|{_NAMED}{_DATA}\b)"
    rf"|{_MAKE}{_DATA}{_KNOWN}|{_DATA}{_OTHERS}{_IS}(?:{_PUBLICLY}|{_GIVEN_TO_ALL})",
}
# Every pattern needs one of these; a text without them is not looked at more closely.
_NEEDED = (
    *(
        "releas",
        "availab",
        "open-sourc",
        "open sourc",
        "publicly",
        "be public",
        "publish",
        "we share",
        "accessib",
        "code:",
    ),
    *("github", "gitlab", "huggingface", "zenodo", "4open", "codeberg", "bitbucket"),
)


def artefact_kinds(texts: pl.Series) -> pl.Series:
    """The kinds of artefacts that each text says are given away, in the order of ARTEFACTS; empty where none is."""
    rows = texts.to_frame("text").with_row_index("row")
    asked = rows.filter(pl.col("text").str.contains_any(list(_NEEDED), ascii_case_insensitive=True))
    said = [pl.when(pl.col("text").str.contains(pattern)).then(pl.lit(kind)) for kind, pattern in ARTEFACTS.items()]
    found = asked.select("row", kinds=pl.concat_list(said).list.drop_nulls())
    return rows.join(found, on="row", how="left", maintain_order="left")["kinds"].fill_null([])
