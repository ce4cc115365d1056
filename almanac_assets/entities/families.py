"""How far a model's name reaches behind its family: version, size and variant words ("Llama" + "-3.1-8B-Instruct").

Grammar, each part at most once in a row and any order: version (`3.1`, `v2`, `-R1`, `4o`), size (`8B`, `8x7B`, `A3B`),
variant word (`Instruct`, `Sonnet`, `mini`), release date (`-2024-07-18`, `-0905`). Behind a dash or directly attached
nearly any of them is taken; behind a space only what cannot be ordinary prose.
"""

from __future__ import annotations

import re

from almanac_assets.entities.edges import OPEN, right_edge

MOST_PARTS = 9

_VARIANTS = (
    "instruct|chat|base|mini|nano|turbo|pro|flash|lite|ultra|max|plus|small|medium|large|huge|giant|tiny|xl|xxl|xlarge|"
    "coder|code|math|vl|vision|audio|omni|thinking|think|reasoning|reasoner|preview|sonnet|opus|haiku|distill(?:-qwen|-llama)?|"
    "embedding|reranker|guard|next|scout|maverick|nemo|oss|it|hf|exp|awq|gptq|int4|int8|fp8|fp4|bf16|gguf|"
    "dpo|sft|rl|zero|deep-research|image|realtime|codex|speciale|terminus|moe|high|low|latest|dev|schnell|kontext|"
    "onevision|interleave|video|r|b|l|h|s|g|t|d|m|n|x|deduped|uncased|cased|multilingual|t2v|i2v|ti2v|t2i|edit|transcribe|tts|search"
)
_GLUED_PART = re.compile(
    r"(?:"
    r"[-_]?[vV]?\d+(?:\.\d+)+[vVoO]?(?![\da-zA-Z%])"  # 3.1, v0.3, -2.5
    r"|[-_]?(?:\d+[x×])?\d+(?:\.\d+)?[BMK](?![a-zA-Z0-9])"  # -8B, 8x7B
    r"|[-_](?:\d+[x×])?\d+(?:\.\d+)?[bmk](?![a-zA-Z0-9])"  # -8b
    r"|[-_]?B\d(?![a-zA-Z0-9.])"  # EfficientNet-B0
    r"|[-_][AE]\d+(?:\.\d+)?B(?![a-zA-Z0-9])"  # -A3B, -E4B
    r"|-\d{4}-\d{2}-\d{2}(?!\d)|-\d{4}(?!\d)"  # -2024-07-18, -0905
    r"|[-_]?[vVRKMo]?\d{1,3}(?:[voenslmx]|\.\d+)?(?![\da-zA-Z%])(?!\.\d)"  # 3, -R1, -4o, v8n
    rf"|[-_](?:{_VARIANTS})(?![a-zA-Z0-9])"  # -Instruct
    r"|(?<=[BLHSG])/\d{1,2}(?!\w|\.\d)"  # ViT-B/16
    r")",
    re.IGNORECASE,
)
_SPACED_PART = re.compile(
    r" (?:"
    # One digit behind the dot: "Qwen 2.5" is a version, "Qwen 0.907" and "CLIP 33.76" are scores.
    r"v?[1-9]\.\d(?!\d|\.\d|%| ?%|[a-zA-Z]| (?:percent|points?|times|billion|million|trillion|hours|x)\b)"
    r"|(?:[vV]\d(?:\.\d)?|R1|K2|M2)(?![\w%])"
    r"|(?:\d+[x×])?\d+(?:\.\d+)?B(?!\w)(?! (?:tokens|parameters|images|samples|model pairs|documents|pages)\b)"
    r"|(?:Pro|Flash|Flash-Lite|Lite|Ultra|Nano|Mini|mini|nano|Turbo|Sonnet|Opus|Haiku|Instruct|Chat|Coder|VL|Omni|Thinking"
    r"|Max|Plus|Heavy|Nano|Nemo|Scout|Maverick|Super|Codex|Image|Preview|Small|Medium|Large)(?!\w)"
    r"(?! (?:Language|Vision|Audio|Video|Multi|Scale|Model|Reasoning|Generation|Gen|LLM)\w*)"
    r")"
)
# "Llama 3", "GPT 4": a bare number behind a space is a version only when it is small and nothing is counted with it.
_SPACED_NUMBER = re.compile(
    r" [1-9](?![\d:%/×]|[.,]\d|[^\W\d]| ?%|-)"
    r"(?! (?:of|out|x|×|to|models?|layers?|times|points?|different|tasks?|datasets?|benchmarks?|languages?|agents?"
    r"|other|more|percent|billion|million|open|large|popular|variants?|sizes|state)\b)"
)
_SPACED_NUMBER_SIZE = re.compile(r" [1-9](?= \d+(?:\.\d+)?B\b)")
_DIGIT_START = re.compile(r"[-_ ]?[vV]?\d")


def family_end(text: str, end: int) -> int:
    """Where the name ends that begins with a family ending at `end`; the same end when nothing belongs to it.

    Only an end with an open edge counts: "Qwen2.5-VL-Foo" ends nowhere, and the caller drops it.
    """
    best = end if right_edge(text, end) == OPEN else -1
    here, counted = end, False
    for part_number in range(MOST_PARTS):
        part = _GLUED_PART.match(text, here) or _SPACED_PART.match(text, here)
        if part is None and part_number == 0:
            part = _SPACED_NUMBER.match(text, here) or _SPACED_NUMBER_SIZE.match(text, here)
        if part is None or (counted and part[0].startswith(" ") and _bare_number(part[0])):
            break
        counted = counted or _DIGIT_START.match(part[0]) is not None
        here = part.end()
        if right_edge(text, here) == OPEN:
            best = here
    return best


def _bare_number(part: str) -> bool:
    return part.strip(" vV").replace(".", "").isdigit()
