"""The small gazetteer and the helpers that the tests of this room share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from almanac_assets.entities import Gazetteer, found_mentions, load_gazetteer
from almanac_assets.entities.corrections import CORRECTIONS

HEADER = "name,type,aliases,case,ambiguous,family,cues,source"
ROWS = """
Pythia,model,,exact,false,true,,hand
Llama,model,LLaMA|LLAMA,exact,false,true,,hand
Llama Guard,model,Llama-Guard,exact,false,true,,hand
Qwen,model,,exact,false,true,,hand
DeepSeek,model,,exact,false,true,,hand
GPT,model,,exact,false,true,,hand
BERT,model,,exact,false,true,,hand
Claude,model,,exact,true,true,,hand
Claude 3.5 Sonnet,model,Sonnet 3.5,exact,false,true,,hand
o1,model,,exact,true,false,OpenAI|reasoning model,hand
LoRA,method,Low-Rank Adaptation,exact,false,false,,hand
QLoRA,method,,exact,false,false,,hand
Adam,method,,exact,true,false,optimizer|learning rate,hand
Transformer,method,,any,false,false,,hand
CNN,method,convolutional neural network,any,false,false,,hand
LSTM,method,,exact,false,false,,hand
masked autoencoder,method,MAE,any,true,false,masked|self-supervised,hand
mean absolute error,metric,MAE,any,true,false,RMSE|regression,hand
GSM8K,benchmark,,exact,false,false,,hand
MMLU,benchmark,,exact,false,false,,hand
MMLU-Pro,benchmark,,exact,false,false,,hand
bitsandbytes,software,,exact,false,false,,hand
Phoenix,software,,exact,true,false,observability|tracing,hand
OpenAI,organization,,exact,false,false,,hand
automatic speech recognition,task,ASR,any,true,false,speech,hand
question answering,task,,any,false,false,,hand
pass@k,metric,pass@1,exact,false,false,,hand
ImageNet,dataset,,exact,false,false,,hand
""".strip()
CUES = "type,cue\nmodel,LLM\nmodel,language model\nmodel,OpenAI\n"
GENERIC = "name,why\nLLM,generic noun\n"
PINS = "type,normal_form,entity_id,slug\nmodel,pythia,pythia-6884907e,pythia\n"


def write_gazetteer(folder: Path, rows: str = ROWS) -> Path:
    """Write a whole gazetteer into the folder and return the folder."""
    for name, text in (
        ("names.csv", f"{HEADER}\n{rows}\n"),
        ("cues.csv", CUES),
        ("generic.csv", GENERIC),
        ("pins.csv", PINS),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """A gazetteer of a few rows of every kind."""
    return load_gazetteer(write_gazetteer(tmp_path_factory.mktemp("gazetteer")))


def texts_of(*pairs: tuple[str, str]) -> pl.DataFrame:
    """Texts with the hashes h0, h1, ... from (title, text)."""
    rows = [(f"h{number}", title, text, "en") for number, (title, text) in enumerate(pairs)]
    return pl.DataFrame(rows, schema=["content_hash", "title", "text", "language"], orient="row")


def documents_of(count: int) -> pl.DataFrame:
    """Documents d0, d1, ... with the hashes h0, h1, ..., first seen a day apart."""
    return pl.DataFrame(
        {
            "document_id": [f"d{number}" for number in range(count)],
            "content_hash": [f"h{number}" for number in range(count)],
            "first_seen_at": [datetime(2026, 6, 1 + number, tzinfo=UTC) for number in range(count)],
        },
        schema_overrides={"first_seen_at": pl.Datetime("us", "UTC")},
    )


def no_known_ids() -> pl.DataFrame:
    """The ids of a release before the first."""
    return pl.DataFrame(schema=dict.fromkeys(("type", "normal_form", "entity_id", "slug"), pl.String))


def no_corrections() -> pl.DataFrame:
    """What holds where nobody has corrected anything."""
    return pl.DataFrame(schema=CORRECTIONS)


def named(text: str, gazetteer: Gazetteer, title: str = "Untitled") -> list[tuple[str, str]]:
    """(surface, type) of the mentions of one text, in reading order, ambiguous ones marked with a question mark."""
    found = found_mentions(texts_of((title, text)), gazetteer).filter(pl.col("field") == "text")
    return [
        (surface, kind + ("?" if unsure else ""))
        for surface, kind, unsure in found.select("surface", "type", "is_ambiguous").iter_rows()
    ]
