"""Which of the three uses: data, software or a model, or a method.

The lists of names hold what citing sentences of recent machine-learning papers name most often; they are signs for this
one choice and no registry.
"""

from __future__ import annotations

from typing import Final

import polars as pl

# What is used, told by a noun beside the marker, by the name there, or by the cited title.
DATA_NOUNS: Final = (
    r"(?:data ?sets?|data|benchmarks?|corpus|corpora|tree ?banks?|test ?(?:sets?|suites?|beds?)|databases?|leaderboards?|annotations?"
    r"|recordings|collections?|splits?"
    r"|prompts|questions|trajectories|images|videos|environments?|tasks?|arena)"
)
MODEL_NOUNS: Final = (
    r"(?:[vm]?llms?|vlms?|(?:language|foundation|base|reward|diffusion|embedding|teacher|judge|pre-?trained|open-source|proprietary"
    r"|instruct|generative)? ?models?"
    r"|checkpoints?|weights|tokeni[sz]ers?|(?:image|vision|visual|text|audio|speech|video|clip|pre-?trained|frozen) (?:encoder|backbone|extractor)s?"
    r"|librar(?:y|ies)|packages?|tool ?kits?|tool ?box(?:es)?|tools?|software|simulators?|code ?bases?|repositor(?:y|ies)|parsers?"
    r"|taggers?|apis?|platforms?"
    r"|engines?|solvers?|servers?|plugins?)"
)
METHOD_NOUNS: Final = (
    r"(?:algorithms?|methods?|methodolog(?:y|ies)|approach(?:es)?|techniques?|procedures?|protocols?|optimi[sz](?:ers?|ation)"
    r"|loss(?:es)?|objectives?|metrics?"
    r"|scores?|measures?|schemes?|schedul(?:es?|ers?)|strateg(?:y|ies)|attention|architectures?|layers?|blocks?|modules?|networks?"
    r"|transformers?|regulari[sz]ation"
    r"|normali[sz]ation|embeddings?|tricks?|learning|sampl(?:ing|er)|decoding|search|estimators?|kernels?|formulation|parameteri[sz]ation"
    r"|initiali[sz]ation|guidance|distillation|fine-?tuning|training|theorem|lemma|definition|notation|setup|settings?|recipe|test)"
)
DATA_NAMES: Final = (
    r"(?:imagenet\S*|cifar\S*|\S*mnist|(?:ms-?)?coco\S*|\S*squad\S*|(?:super)?glue|mmlu\S*|gsm-?8k\S*|math(?:-?\d+)?|aime\S*"
    r"|humaneval\S*|mbpp\S*|hellaswag"
    r"|winogrande|piqa|arc(?:-\S+)?|\S*qa\S*|\S*bench\S*|\S*arena|wikitext\S*|c4|\S*pile|fineweb\S*|openwebtext\S*|ade20k|kinetics\S*"
    r"|celeba\S*|ffhq|lsun"
    r"|scannet\S*|kitti|nuscenes|waymo\S*|shapenet|laion\S*|d4rl|atari|libero|ultrafeedback|alpacaeval\S*|flickr\S*|cityscapes|cora"
    r"|ogb\S*|librispeech|ultrachat"
    r"|gpqa\S*|truthfulqa|boolq|ifeval|mteb|mmmu|mathvista|lambada|wordnet|wmt\S*|tinystories|sharegpt\S*|webvid\S*|redpajama\S*|\S+-\d+[mk])"
)
MODEL_NAMES: Final = (
    r"(?:(?:chat)?gpt-?\S*|claude\S*|gemini\S*|(?:code)?llama\S*|vicuna\S*|qwen\S*|qwq\S*|mistral\S*|mixtral\S*|deepseek\S*|gemma\S*"
    r"|phi-?\d\S*|pythia\S*|olmo\S*"
    r"|(?:ro|de|distil|modern)?bert\S*|clip\S*|siglip\S*|dino(?:v2)?|sam-?2?|llava\S*|internvl\S*|stable diffusion\S*|sd[vx\d]\S*|adm"
    r"|flux\S*|gpt2\S*|\S+-\d+(?:\.\d+)?b(?:-\S+)?"
    r"|\S+-instruct|whisper\S*|pytorch|tensorflow|jax|vllm|sglang|deepspeed\S*|hugging ?face\S*|scikit-learn|xgboost|faiss|opencv"
    r"|blender|colmap|mujoco|megatron\S*"
    r"|isaac \S+|carla|trl|verl|nltk|spacy|moses|giza\+\+|weka|libsvm|alphafold\S*)"
)
DATA_TITLES: Final = (
    r"(?i)\b(?:data ?sets?|benchmark\w*|corpus|corpora|tree ?bank|challenge|database|leaderboard|test suite|tiny images|training verifiers"
    r"|evaluating large language models trained on code|measuring (?:massive|mathematical|coding)|crowdsourc\w+|in the wild|annotated|collection"
    r"|question answering|hierarchical image database|common objects|arena)\b"
)
MODEL_TITLES: Final = (
    r"(?i)\b(?:technical report|system card|model card|herd of models|open (?:foundation|models|language)|foundation models?$|library"
    r"|transformers: state-of-the-art|tool ?kit|software|package"
    r"|simulator|platform|imperative style|machine learning in python|suite for analy[sz]ing|open-source|serving|physics engine|segment anything"
    r"|transferable visual models)\b"
)
# The head of a list that the marker stands in.
DATA_LISTS: Final = r"(?:data ?sets|benchmarks|corpora|tasks|test sets)(?: \w+)?(?:,| including| such as|:| from| in| \(| like| on| namely)"
MODEL_LISTS: Final = r"(?:llms|[vm]llms|vlms|models|checkpoints|tools|libraries|simulators)(?: \w+)?(?:,| including| such as|:| from| \(| like| namely)"
# Whose way of doing is followed, and not whose thing is used.
WAYS: Final = (
    r"(?:follow(?:s|ed|ing)?|pre-?processing|procedure|protocol|set-?up|settings?|hyper-?parameters|conventions?)"
)
# The cited work calls itself one of these.
DATA_KINDS: Final = r"(?i)\b(?:data ?sets?|benchmarks?|corpus|corpora|tree ?bank|database)\b"
TOOL_KINDS: Final = r"(?i)\b(?:tool ?box|tool ?kit|library|package|software|simulator)\b"


def use_kind() -> pl.Expr:
    """Which of the three uses it is, were it one: read from `clause`, `ahead`, `near` and `title`.

    The noun beside the marker goes before the head of the list that it stands in, this before the name, and the name
    before what the cited title says; where nothing tells, a method.
    """
    last, next_ = r"((?:\S+\s+)?\S+)\s*$", r"^\W*((?:\S+\s+)?\S+)"
    title = pl.col("title")
    name = pl.col("clause").str.extract(last).fill_null("")
    beside = pl.concat_str(name, pl.col("ahead").str.extract(next_).fill_null(""), separator=" | ")
    kinds = [
        (_holds(beside, DATA_NOUNS), "uses_data"),
        (title.str.contains(TOOL_KINDS), "uses_software_or_model"),
        (title.str.contains(DATA_KINDS) & ~_holds(beside, METHOD_NOUNS), "uses_data"),
        (_holds(beside, MODEL_NOUNS), "uses_software_or_model"),
        (_holds(beside, METHOD_NOUNS), "uses_method"),
        (_holds(pl.col("near"), DATA_LISTS), "uses_data"),
        (_holds(pl.col("near"), MODEL_LISTS), "uses_software_or_model"),
        (_holds(pl.col("near"), WAYS), "uses_method"),
        (_holds(name, MODEL_NAMES), "uses_software_or_model"),
        (_holds(name, DATA_NAMES), "uses_data"),
        (title.str.contains(DATA_TITLES), "uses_data"),
        (title.str.contains(MODEL_TITLES), "uses_software_or_model"),
    ]
    return pl.coalesce([pl.when(sign).then(pl.lit(kind)) for sign, kind in kinds] + [pl.lit("uses_method")])


def _holds(text: pl.Expr, words: str) -> pl.Expr:
    return text.str.contains(rf"(?i)(?:^|[\s(/'’-]){words}(?:$|[\s,.;:)'’|¤-])")
