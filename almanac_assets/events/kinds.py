"""What sort of event a document tells: a paper is research, a post is what its headline and first words say.

Cues are asked in the order of the list; a post that says none of them is `other`.
"""

from __future__ import annotations

import polars as pl

_GIVE = (
    r"(?:introduc(?:e|es|ing)|announc(?:e|es|ed|ing)|releas(?:e|es|ed|ing)|launch(?:es|ed|ing)?|open[- ]sourc(?:e|es|ed|ing)"
    r"|meet|hello|presenting|unveil(?:s|ing)?|new)"
)
# A product line of models, and one with a number of its own: "Claude 3 Haiku", "Qwen2", "o1".
_LINE = (
    r"(?:gpt|claude|gemini|gemma|llama|qwen|mistral|mixtral|ministral|phi|olmo|grok|deepseek|granite|starcoder|falcon|command|dall·?e|"
    r"codex|whisper|sora|imagen|veo|nova|kimi|glm|bloom|pythia|smol\w*)"
)
_NUMBERED = rf"{_LINE}[\s-]?v?\d[\w.·-]*|\bo[1-9](?:-\w+)?\b"
_MODEL = rf"(?:models?|llms?|weights|checkpoints?|{_NUMBERED})"
_PAPER = (
    r"\b(?:scaling laws?|(?:reinforcement|deep|machine|representation|imitation|transfer|few-shot|in-context|meta)[- ]learning|learning (?:to|from|"
    r"with|via|a|the)|policy (?:gradient|optimi[sz]ation)|pre-?training|fine-?tuning of|distillation|generali[sz](?:e|es|ing|ation)|interpretab\w*|"
    r"emergen\w+|neural|(?:large )?language models|diffusion|transformers?|attention|robustness|adversarial|exploration|gradients?|"
    r"understanding|towards?|alignment|overoptimi[sz]ation|self-(?:play|supervised)|multi-?agent|simulation|robotics?|theor(?:y|em))\b"
)
# (kind, pattern on the headline, pattern on the first words of the text or None); small letters, linear, no look-around.
# Written from the meaning of the kinds and the headlines of 2,263 posts of 24 feeds, none of them labelled.
CUES: tuple[tuple[str, str, str | None], ...] = (
    ("people_and_funding", r"\b(?:joins|appoints?|welcomes|hires|hiring|head of|funding|raises|invests?|investment|series [a-f]\b|partner(?:s|ship|ing)?|team(?:s|ing)? up|alliance|acqui(?:re|res|red|sition)|residency|scholars|fellows|new office|\$\d+)", None),
    ("policy", r"\b(?:policy(?: (?:on|framework|proposal))|policies|scaling policy|regulat\w+|governance|preparedness|safety framework|frontier safety|congress|senate|white house|executive order|action plan|ai act|elections?|governments?|federal|national|responsib\w+|agi safety)\b", None),
    ("evaluation", r"\b(?:benchmark\w*|evaluat\w+|leaderboards?|evals?|arena|audit\w*|red[- ]team\w*|measuring|system card|model card|qa\b.*:)", r"\b(?:a|new) benchmark\b|\bsystem card\b"),
    ("dataset_release", rf"\b{_GIVE}\b.*\b(?:dataset|corpus|data ?set)|\b(?:dataset|corpus)\b.*\b(?:is|now) (?:available|open)", None),
    ("tutorial", r"^(?:how to|how we|a guide|guide to|getting started|fine[- ]?tun(?:e|ing)\b|optimi[sz]ing|making llms|train(?:ing)? (?:your|a|an|with)\b|build(?:ing)? (?:your|an? \w+ (?:agent|app))\b|deploy\w*|accelerat\w+|speed(?:ing)? up|run(?:ning)? )|\b(?:tutorial|guide|course|step[- ]by[- ]step|walkthrough|explained|from scratch|in production|with transformers|illustrat\w+)\b", r"\bthis (?:guide|tutorial|post walks)"),
    ("model_release", rf"\b{_GIVE}\b.*\b{_MODEL}\b|^(?:openai )?{_LINE}(?:[\s-]?v?\d[\w.-]*)?(?: \w+)?(?::.*| is .*| preview.*)?$|\b{_NUMBERED}.*(?::|\b(?:preview|available|our (?:most|fastest|largest)|is here|even better)\b)|\b(?:open|new|best|capable|efficient)\b.*\b(?:models?|llms?)\b", rf"\b{_GIVE}\b.{{0,80}}\b(?:models?|weights)\b|\b(?:new|our \w+) (?:\w+ ){{0,3}}model\b"),
    ("software_release", rf"\b{_GIVE}\b.*\b(?:library|toolkit|sdk|framework|package|gym|environments?|kernels|v\d|\d+\.\d+)|\b(?:library|toolkit|sdk|integration|in transformers|v\d+\.\d+)\b", rf"\b{_GIVE}\b.{{0,80}}\b(?:library|toolkit|sdk|framework|package|implementations?|environments?|kernels)\b"),
    ("research", _PAPER, r"\b(?:we|researchers|authors)(?:[’']ve| have)? (?:\w+ )?(?:show|stud(?:y|ied)|find|found|propose|investigate|demonstrate|train|trained|analy[sz]e|develop|developed)|\bpaper\b|\bpreprint\b"),
    ("product", rf"\b{_GIVE}\b|\b(?:chatgpt|copilot|assistant|api|apps?|now (?:available|supports)|for (?:business|enterprise|teams|education|government)|with ai)\b", r"\b(?:uses|using|customers?|users)\b"),
)  # fmt: skip
EARLY = 240  # code points of the text in which a post says what it is


def kinds() -> pl.Expr:
    """The kind of event of each document, from the columns kind, title and text of `documents`."""
    headline = pl.col("title").str.to_lowercase()
    begin = pl.col("text").fill_null("").str.slice(0, EARLY).str.to_lowercase()
    told: pl.Expr = pl.lit("other")
    for kind, in_headline, in_text in reversed(CUES):
        says = headline.str.contains(in_headline)
        told = pl.when(says | begin.str.contains(in_text) if in_text else says).then(pl.lit(kind)).otherwise(told)
    by_document = {"preprint": "research", "paper": "research", "dataset_card": "dataset_release"}
    by_document["release_note"] = "software_release"
    stated = pl.col("kind").replace_strict(by_document, default=None, return_dtype=pl.String)
    return pl.coalesce(stated, told).alias("kind")
