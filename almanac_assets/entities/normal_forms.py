"""The typed normal form of a name: the key under which all its spellings meet, and the grammar of model names.

Two surfaces are the same name when their normal forms are equal. The form takes away what carries no meaning (case,
accents, dashes, spaces, a provider prefix, a plural) and keeps everything that tells two things apart: every digit,
every dot inside a version, every variant word. The `v` of a version stays, because "MiniCPM-V 4" is not "MiniCPM 4";
where a v is idle ("Llama v2") the gazetteer lists the alias. It is a key, not a thing to show.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Types whose names are common nouns often enough to stand in the plural ("variational autoencoders", "TPUs").
PLURAL_TYPES = frozenset({"task", "method", "metric", "hardware"})
CACHED_FORMS = 1 << 17

# A dot between two digits is part of a version and stays.
_SEPARATORS = re.compile(r"(?!(?<=\d)\.(?=\d))[^\w+#&@*]|_")
_PROVIDER = re.compile(r"^[A-Za-z0-9][\w.-]*/(?=[\w@])")
# Only of several words: a single word with a final s is as often a name (ATLAS, MARS) as a plural.
_PLURAL = re.compile(r"(?<= )([^\W\d_]{3,}[^\Wsui\d_])s$")
_UPPER_PLURAL = re.compile(r"(?<=[A-Z])s$")
_DIGIT_GAP = re.compile(r"(?<=\d) (?=\d)")
_SIZE_TAIL = re.compile(r"-?(?:\d+x)?\d+(?:\.\d+)?[bmk](?:-?a\d+(?:\.\d+)?b)?$")
_VERSION_TAIL = re.compile(r"-?v?\d+(?:[.-]\d+)*o?$")
_DATE_TAIL = re.compile(r"-(?:20\d{2}-\d{2}-\d{2}|\d{4})$")
# How weights were made smaller; bits count only behind a size (`8b4bit`), since `gemma2bit` is Gemma-2B-it.
_QUANTISED_TAIL = re.compile(
    r"-?(?:gptq|awq|gguf|ggml|bnb|nvfp4|mxfp4|(?:int|fp|nf|bf)\d{1,2}|w\d+a\d+|(?<=[bmk])\d-?bit)$"
)
_ARTICLE = re.compile(r"^the ")
_LEGAL_FORM = re.compile(r"(?<=\w) (?:inc|ltd|llc|corp|gmbh|co)$")

# What makers put behind a model's name, longest first: the part of the name grammar that `parent_form` strips.
VARIANT_WORDS = (
    "distillqwen", "distillllama", "preview", "instruct", "thinking", "reasoning", "embedding", "reranker", "maverick",
    "distill", "vision", "sonnet", "coder", "haiku", "turbo", "flash", "large", "small", "medium", "scout", "audio",
    "guard", "ultra", "omni", "opus", "chat", "base", "mini", "nano", "nemo", "lite", "plus", "code", "math", "tiny",
    "next", "huge", "pro", "max", "exp", "awq", "oss", "xxl", "dev", "vl", "it", "xl",
)  # fmt: skip
_VARIANT_TAIL = re.compile(rf"(?:{'|'.join(VARIANT_WORDS)})$")
# Variant words that say that a model was trained further.
TUNED_WORDS = ("instruct", "thinking", "reasoning", "chat", "rlhf", "sft", "dpo", "it")
_TUNED_TAIL = re.compile(rf"-?(?:{'|'.join(TUNED_WORDS)})$")
# YOLO's sizes are letters behind the version: `yolo11m` has not eleven million parameters.
_YOLO_SIZE = re.compile(r"(?<=\d)[nslmx]$")
# The parts of a model's name from the last to the first, with the relation to the thing without that part.
_TAILS = (
    (_QUANTISED_TAIL, "quantised_from"),
    (_DATE_TAIL, "version_of"),
    (_SIZE_TAIL, "size_of"),
    (_TUNED_TAIL, "tuned_from"),
    (_VARIANT_TAIL, "member_of"),
    (_VERSION_TAIL, "version_of"),
)


def _plain(surface: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", surface).casefold())
    return unicodedata.normalize("NFKC", "".join(letter for letter in folded if not unicodedata.combining(letter)))


@lru_cache(maxsize=CACHED_FORMS)
def normal_form(surface: str, entity_type: str) -> str:
    """The key of a name of one type; equal keys are one name.

    Idempotent, and two surfaces that differ in a digit (outside a provider prefix) never share a key:
    `meta-llama/Llama-3.1-8B` and `Llama 3.1 8b` do, `Llama 3 8B` and `GPT-4o` beside `GPT-4` do not.
    """
    text = surface.strip()
    if entity_type == "model":
        text = _PROVIDER.sub("", text)
    text = _UPPER_PLURAL.sub("", text)
    text = _plain(text)
    text = " ".join(_SEPARATORS.sub(" ", text).split())
    if entity_type in PLURAL_TYPES:
        text = _PLURAL.sub(r"\1", text)
    if entity_type in ("organization", "venue"):
        text = _LEGAL_FORM.sub("", _ARTICLE.sub("", text))
    text = _DIGIT_GAP.sub("-", text).replace(" ", "")
    return text


def parent_form(form: str, entity_type: str) -> str | None:
    """The normal form one step up the name grammar of models, or null at the top.

    Quantisation goes first, then a date, the size, a variant word, the version: `llama3.1-8binstruct` -> `llama3.1-8b` ->
    `llama3.1` -> `llama`. A variant word behind a size is the outer part, so whichever stands last is dropped. Says nothing
    about whether such a parent exists: the caller asks the registry.
    """
    step = parent_step(form, entity_type)
    return None if step is None else step[0]


def parent_step(form: str, entity_type: str) -> tuple[str, str] | None:
    """The normal form one step up, as in `parent_form`, and how the longer name is related to it."""
    if entity_type != "model":
        return None
    if form.startswith("yolo") and (shorter := _YOLO_SIZE.sub("", form)) != form:
        return shorter, "size_of"
    for tail, relation in _TAILS:
        shorter = tail.sub("", form)
        if shorter != form and len(shorter) > 1 and re.search(r"[^\W\d_]", shorter):
            return shorter, relation
    return None
