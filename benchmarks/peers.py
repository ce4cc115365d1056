"""Names found and nearest texts: Almanac beside a script of off-the-shelf parts, on the same rows, in turn.

    python benchmarks/peers.py FILE.parquet --peer-python /path/to/python [--rows N]

The other Python needs spacy, scikit-learn, pandas and pyarrow. Both sides read title and abstract, look for the names of
data/gazetteer/ and give the ten nearest texts of each. The peer: spaCy PhraseMatcher on a blank English pipeline, TF-IDF
of words, cosine by blocks of 1,000. Almanac: its shipped steps, which also judge ambiguity and define new names.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

PEER = """
import json, resource, sys, time
import numpy as np, pandas as pd, spacy
from sklearn.feature_extraction.text import TfidfVectorizer
from spacy.matcher import PhraseMatcher
file, names_file, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
begin = time.monotonic()
frame = pd.read_parquet(file, columns=["title", "abstract"]).head(rows)
texts = (frame["title"] + ". " + frame["abstract"]).tolist()
nlp = spacy.blank("en")
matcher = PhraseMatcher(nlp.vocab)
matcher.add("NAME", list(nlp.tokenizer.pipe(json.load(open(names_file)))))
found = sum(len(matcher(doc)) for doc in nlp.tokenizer.pipe(texts, batch_size=1000))
matched = time.monotonic() - begin
matrix = TfidfVectorizer(min_df=2, sublinear_tf=True, stop_words="english").fit_transform(texts)
transposed = matrix.T.tocsc()
near = np.zeros((len(texts), 10), dtype=np.int32)
for first in range(0, len(texts), 1000):
    block = (matrix[first:first + 1000] @ transposed).toarray()
    block[np.arange(block.shape[0]), np.arange(first, first + block.shape[0])] = -1
    best = np.argpartition(-block, 10, axis=1)[:, :10]
    order = np.argsort(-np.take_along_axis(block, best, axis=1), axis=1)
    near[first:first + 1000] = np.take_along_axis(best, order, axis=1)
seconds = time.monotonic() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"names": found, "match_s": matched, "near_s": seconds - matched, "seconds": seconds, "peak_mib": peak}))
"""

OURS = """
import json, resource, sys, time
begin = time.monotonic()
import polars as pl
from almanac_assets import settings
from almanac_assets.documents.clean import plain_texts
from almanac_assets.documents.language import languages
from almanac_assets.documents.parse import content_hashes
from almanac_assets.entities import found_mentions, load_gazetteer
from almanac_assets.text.neighbours import neighbours
from almanac_assets.text.vectors import WordTable, dense, document_vectors
file, rows = sys.argv[1], int(sys.argv[3])
frame = pl.read_parquet(file, columns=["title", "abstract"]).head(rows)
titles, texts = plain_texts(frame["title"]), plain_texts(frame["abstract"])
hashes = content_hashes(titles, texts)
contents = pl.DataFrame({"content_hash": hashes, "title": titles, "text": texts, "language": languages(texts)})
gazetteer = load_gazetteer(settings.GAZETTEER)
found = sum(found_mentions(part, gazetteer).height for part in contents.iter_slices(20_000))
matched = time.monotonic() - begin
vectors = document_vectors(contents, WordTable.load(settings.WORD_TABLE))
neighbours(*dense(vectors), k=10)
seconds = time.monotonic() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"names": found, "match_s": matched, "near_s": seconds - matched, "seconds": seconds, "peak_mib": peak}))
"""


def measured(python: str, code: str, file: Path, names: Path, rows: int) -> dict[str, float]:
    done = subprocess.run(
        [python, "-c", code, str(file), str(names), str(rows)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    from almanac_assets import settings
    from almanac_assets.entities import load_gazetteer

    options = argparse.ArgumentParser()
    options.add_argument("file", type=Path)
    options.add_argument("--peer-python", required=True)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=1)
    asked = options.parse_args()
    entries = load_gazetteer(settings.GAZETTEER).entries
    names = sorted({name for entry in entries for name in (entry.name, *entry.aliases)})
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(names, file)
        file.flush()
        for _ in range(asked.runs):
            peer = measured(asked.peer_python, PEER, asked.file, Path(file.name), asked.rows)
            ours = measured(sys.executable, OURS, asked.file, Path(file.name), asked.rows)
            for who, figures in (("peer", peer), ("almanac", ours)):
                print(
                    f"{who:8} {figures['seconds']:6.1f} s (names {figures['match_s']:.1f}, nearest {figures['near_s']:.1f}), "
                    f"{figures['names']:,.0f} names found, peak {figures['peak_mib']:,.0f} MiB"
                )
            print(
                f"ratio    {peer['seconds'] / ours['seconds']:.2f} in time, {peer['peak_mib'] / ours['peak_mib']:.2f} in memory"
            )


if __name__ == "__main__":
    main()
