"""The terms that set groups of documents apart: words and phrases of their titles, counted in titles and texts."""

from __future__ import annotations

from typing import Final

import polars as pl


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Words that neither begin nor end a phrase: function words, and the verbs and praise of abstracts. Judged.
_BOUND: Final = _words(
    "a about accelerating achieve across adapting addressing advancing after against all also an analyzing and "
    "any are as assessing at aware based be been before best better between beyond both bridging building but by "
    "can combining comparing controlling demonstrate designing despite detecting developing diagnosing different "
    "discovering do does driven each effective efficient enable enabling enhanced enhancing estimating evaluating "
    "existing exploring extending extensive extracting fast faster first five for four free from further "
    "generating get good guided has have high how however identifying if improve improved improving in "
    "integrating interpreting into introduce investigating is it its itself large-scale less let leveraging like "
    "low make making many may measuring mitigating more most much need new no nor not novel of off often on one "
    "only onto optimizing or other our out over overcoming per powered predicting present propose proposed "
    "provide quantifying rather recent reducing rethinking revisiting robust same second several show significant "
    "significantly simple so solve solving some stabilizing state-of-the-art such tackling than that the their "
    "them then there these they this those three through to too toward towards tracing two uncovering under "
    "understanding unifying unlocking up upon use used using various via vs was we were what when where whether "
    "which while who why will with within without you your "
)
# Words that alone, or with each other alone, name no subject of a paper. Judged.
_WIDE: Final = _words(
    "ability academic accuracy ai algorithm analysis application approach architecture art artificial aspect "
    "baseline behavior benchmark case challenge code comparison component comprehensive concept context control "
    "data dataset deep design development domain effect evaluation evidence example fact factor feature field "
    "fine-tuning framework function general generation goal human idea impact inference information input insight "
    "intelligence internal issue knowledge language large learning level limit llm loss machine mechanism method "
    "methodology metric model modeling multi network neural number objective optimization output paper parameter "
    "performance perspective pipeline policy potential prediction problem process quality question range real "
    "real-world reasoning report representation research result review role sample scale score set setting signal "
    "single solution space standard state step strategy structure study survey system target task technical "
    "technique term test text theory time tool training type unified unit user value variable version view way "
    "word work world "
)
_TOKEN: Final = r"[\p{L}\p{N}][\p{L}\p{N}+]*(?:[-'’&][\p{L}\p{N}+]+)*|[.,;:!?()]"
_MARK: Final = r"^[.,;:!?()]$"
_LONGEST: Final = 3  # words of a phrase
_WORTH: Final = {1: 1.0, 2: 1.6, 3: 1.8}  # of a term by its words: phrases say more
_NAMED: Final = 1.4  # worth of a term that is the name of an entity: it is a thing, and not a quality or an action
NO_GROUP: Final = -1
LEAST_SHARE: Final = 0.15  # of a group's documents that a term must be in
LEAST_TITLES: Final = 2
# Share of a term's places that close a phrase: "causal" and "sparse dictionary" want a noun behind them.
LEAST_ENDS: Final = 0.25
MOST_TERMS: Final = 6
STEM: Final = 5  # first letters in which two words are taken for one
LEAST_STEM: Final = 4
LEAST_LIFT: Final = 2.0  # share in the group over share in all documents: less sets nothing apart
BATCH: Final = 4_000  # documents whose words are counted at a time


def group_terms(groups: pl.DataFrame, texts: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    """Terms of each group, best first: group, key (folded), term (as it is mostly written), share.

    `groups` has group and document_id, with NO_GROUP for documents that only stand for all others; `texts` has
    document_id, title, text. A term stands in two titles at least and in 15 % of the group's documents. It is weighed by
    share x log(share / share in all documents), phrases more than words, and those among `names` more than others:
    class-based TF-IDF (Grootendorst 2022) on document frequencies.
    Left out are terms that seldom close a phrase, and of two terms with words that begin alike the lesser one.
    """
    wanted = texts.join(groups.select("document_id").unique(), on="document_id", how="semi").sort("document_id")
    titles = _phrases(wanted.select("document_id", words="title"))
    spread = titles.group_by("key").agg(pl.col("document_id").n_unique())
    vocabulary = spread.filter(pl.col("document_id") >= LEAST_TITLES).select("key").sort("key")
    counted = [titles.join(vocabulary, on="key", how="semi").with_columns(in_text=pl.lit(False))]
    for batch in wanted.iter_slices(BATCH):
        said = _phrases(batch.select("document_id", words="text")).join(vocabulary, on="key", how="semi")
        counted.append(said.with_columns(in_text=pl.lit(True)))
    phrases = pl.concat(counted)
    things = tokens(pl.DataFrame({"document_id": names, "words": names})).group_by("document_id").agg("key")
    things = things.select(key=pl.col("key").list.head(pl.col("key").list.len() - 1).list.join(" ")).unique()
    chosen = _chosen(_scored(groups, phrases, things.with_columns(named=pl.lit(_NAMED))))
    return chosen.join(_written(chosen, groups, phrases), on=["group", "key"], maintain_order="left").select(
        "group", "key", "term", "share"
    )


def folded(words: pl.Expr) -> pl.Expr:
    """Lower case, without the plural: what counts as one word."""
    lower = words.str.to_lowercase().str.replace_all("’", "'", literal=True)
    return lower.str.replace(r"^(.{2,})ies$", "${1}y").str.replace(r"^(.+[^suia'])s$", "${1}")


def tokens(texts: pl.DataFrame) -> pl.DataFrame:
    """document_id, written and key of each word and mark of the column `words`, in order; a mark ends each text."""
    closed = pl.concat_str("words", pl.lit(" .")).str.extract_all(_TOKEN)
    cut = texts.drop_nulls().select("document_id", written=closed).explode("written")
    return cut.with_columns(key=folded(pl.col("written")))


def _phrases(texts: pl.DataFrame) -> pl.DataFrame:
    """document_id, key, written, count of all words and phrases of the column `words` that may be terms.

    `ends` counts the places where a mark or a function word comes next; a comma, "and" and "or" may join adjectives.
    """
    lower, key = pl.col("written").str.to_lowercase(), pl.col("key")
    cut = tokens(texts).with_columns(
        mark=pl.col("written").str.contains(_MARK),
        bound=key.is_in(sorted(_BOUND)) | lower.is_in(sorted(_BOUND)),
        wide=key.is_in(sorted(_WIDE)) | key.str.contains(r"^[\d.]+$") | (key.str.len_chars() < 2),
    )
    closes = (pl.col("mark") & (pl.col("written") != ",")) | (pl.col("bound") & ~lower.is_in(["and", "or"]))
    found = []
    for length in range(1, _LONGEST + 1):
        ahead = range(length)
        whole = ~pl.any_horizontal([pl.col("mark").shift(-n, fill_value=True) for n in ahead])
        says = ~pl.all_horizontal([pl.col("wide").shift(-n, fill_value=True) for n in ahead])
        free = ~(pl.col("bound") | pl.col("bound").shift(1 - length, fill_value=True))
        rows = cut.select(
            "document_id",
            key=pl.concat_str([key.shift(-n) for n in ahead], separator=" "),
            written=pl.concat_str([pl.col("written").shift(-n) for n in ahead], separator=" "),
            ends=closes.shift(-length, fill_value=True),
            kept=whole & says & free,
        )
        found.append(rows.filter("kept").drop("kept"))
    return pl.concat(found).group_by("document_id", "key", "written").agg(pl.len().alias("count"), pl.col("ends").sum())


def _scored(groups: pl.DataFrame, phrases: pl.DataFrame, things: pl.DataFrame) -> pl.DataFrame:
    """group, key, share and weight of every term that may be chosen, best first."""
    in_documents = phrases.group_by("document_id", "key").agg(in_title=(~pl.col("in_text")).any())
    common = in_documents.group_by("key").agg(common=pl.len() / groups["document_id"].n_unique())
    closing = phrases.group_by("key").agg(pl.col("ends").sum() / pl.col("count").sum())
    size = groups.group_by("group").agg(size=pl.len())
    worth = (pl.col("key").str.count_matches(" ") + 1).replace_strict(_WORTH, return_dtype=pl.Float64)
    return (
        groups.filter(pl.col("group") != NO_GROUP)
        .select("group", "document_id")
        .join(in_documents, on="document_id")
        .group_by("group", "key")
        .agg(count=pl.len(), titles=pl.col("in_title").sum())
        .join(size, on="group")
        .join(common, on="key")
        .join(closing.filter(pl.col("ends") >= LEAST_ENDS), on="key", how="semi")
        .with_columns(share=(pl.col("count") / pl.col("size")).round(6))
        .filter(
            (pl.col("share") >= LEAST_SHARE)
            & (pl.col("titles") >= LEAST_TITLES)
            & (pl.col("share") >= LEAST_LIFT * pl.col("common"))
        )
        .join(things, on="key", how="left")
        .with_columns(worth=worth * pl.col("named").fill_null(1.0))
        .with_columns(weight=(pl.col("share") * (pl.col("share") / pl.col("common")).log() * pl.col("worth")).round(6))
        .sort("group", pl.col("weight").neg(), "key")
    )


def _chosen(scored: pl.DataFrame) -> pl.DataFrame:
    """The best terms of each group of which no two have words that begin alike; group, key, share."""
    rows = []
    taken: dict[int, list[list[str]]] = {}
    for group, key, share in scored.select("group", "key", "share").iter_rows():
        words, before = key.split(), taken.setdefault(group, [])
        if len(before) < MOST_TERMS and not any(_akin(words, other) for other in before):
            before.append(words)
            rows.append((group, key, share))
    return pl.DataFrame(rows, schema={"group": pl.Int64, "key": pl.String, "share": pl.Float64}, orient="row")


def _akin(left: list[str], right: list[str]) -> bool:
    """Whether a word of each begins alike, as plan and planning do."""
    return any(one == other or _begin_alike(one, other) for one in left for other in right)


def _begin_alike(one: str, other: str) -> bool:
    letters = min(STEM, len(one), len(other))
    return letters >= LEAST_STEM and one[:letters] == other[:letters]


def _written(chosen: pl.DataFrame, groups: pl.DataFrame, phrases: pl.DataFrame) -> pl.DataFrame:
    """How each chosen term is mostly written in the group; running text before titles, which put capitals everywhere.

    A form that begins small counts three times, since the same words at the head of a sentence begin with a capital.
    """
    said = pl.col("said").cast(pl.Int64) * pl.when(pl.col("written").str.contains(r"^\p{Ll}")).then(3).otherwise(1)
    return (
        chosen.select("group", "key")
        .join(groups.select("group", "document_id"), on="group")
        .join(phrases, on=["document_id", "key"])
        .group_by("group", "key", "written")
        .agg(said=pl.col("count").filter("in_text").sum(), titled=pl.col("count").filter(~pl.col("in_text")).sum())
        .sort("group", "key", said.neg(), pl.col("titled").cast(pl.Int64).neg(), "written")
        .unique(["group", "key"], keep="first", maintain_order=True)
        .select("group", "key", term="written")
    )
