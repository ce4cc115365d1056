"""Plain text: each rule of reading LaTeX, Unicode and entities, and what holds for any text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.documents import latex
from almanac_assets.documents.clean import plain_text, plain_texts

RULES = [
    # accents and letters of their own
    (r"Andr\'e, {\L}ukasz, \"{u}, \c{c}, \v{s}, \v s, \~n, \^{\i}", "André, Łukasz, ü, ç, š, š, ñ, î"),
    (r"Stra\ss e, S\o ren, \AA{}ngstr\"om, na\"{\i}ve, Erd\H{o}s", "Straße, Søren, Ångström, naïve, Erdős"),
    (r"G\'{o}mez, \'Etude, Ho\`a, {\'e}t{\'e}", "Gómez, Étude, Hoà, été"),
    # commands that change the look
    (r"\emph{a \textbf{b} c}, {\bf d}, \texttt{e\_f}", "a b c, d, e_f"),
    (r"\textbf{R}etrieval \textsc{Bert}{} \textcolor{red}{here}", "Retrieval Bert here"),
    # links and citations
    (r"See \href{https://a.b/~x_y}{our page}.", "See our page."),
    (r"Code: \url{https://a.b/x\_y~z--w}.", "Code: https://a.b/x_y~z--w."),
    (r"The method~\cite[see][p. 3]{x,y}, as in \citep{z}.", "The method, as in."),
    (r"Good\footnote{Code: https://a.b}.", "Good (Code: https://a.b)."),
    # typed signs
    ("Figure~1 of Smith~et al. at ~50%, 10~20 ms, 90%~95%", "Figure 1 of Smith et al. at ~50%, 10~20 ms, 90%~95%"),
    ("https://a.b/~me/x--y", "https://a.b/~me/x--y"),
    ("1--2, a -- b, c---d, ----", "1–2, a – b, c—d, ----"),
    ("``quoted'' and ''also'', isn't `this'", '"quoted" and "also", isn\'t `this\''),
    (r"50\% of A\&B costs \$5, \#1 \{x\}", "50% of A&B costs $5, #1 {x}"),
    ("a 5% gain over 3%", "a 5% gain over 3%"),
    (r"5\,ms, a\;b, vs.\ 8, hy\-phen", "5 ms, a b, vs. 8, hyphen"),
    # formulas
    ("$k$-sparse, top-$k$, M$^2$RAG", "k-sparse, top-k, M^2RAG"),
    (r"$\alpha \leq 3\times 10^{-4}$, $x \approx \infty$, $a \to b$", "α ≤ 3× 10^-4, x ≈ ∞, a → b"),
    (r"$x^{2}$, $x_{t}$, $x_{i,j}$, $x^{n+1}$, $F_\beta^{\text{max}}$", "x^2, x_t, x_(i,j), x^(n+1), F_β^max"),
    (r"$\frac{a}{b}$, $\frac{a+b}{2}$, $\tfrac12$, $\sqrt{x}$, $\sqrt{x+1}$", "a/b, (a+b)/2, 1/2, √x, √(x+1)"),
    (r"$\mathbb{R}^{d \times n}$, $\mathcal{O}(n\log n)$, $\mathbb{E}$", "ℝ^(d × n), O(n log n), 𝔼"),
    (r"$\hat{\theta}$, $\bar x$, $\widetilde{\mathcal{O}}(n)$, $\tilde\rho$", "θ̂, x̄, Õ(n), ρ̃"),
    (r"90$^\circ$, 30^{\circ}C, $4^{th}$", "90°, 30°C, 4th"),
    (r"\(x+y\) and \[z\] and $$w$$", "x+y and z and w"),
    (r"$36.14\,$dB, ${\sim}$4, $1{,}600$", "36.14 dB, ~4, 1,600"),
    (r"TriLiteNet_{base} uses 22{,}879 images, mod{\`e}le, {more}", "TriLiteNet_base uses 22,879 images, modèle, more"),
    # money
    ("costs $5 million, or $10 each", "costs $5 million, or $10 each"),
    ("from $5-$10, US$ 5 to US$ 7, $0.58M-$0.70M", "from $5-$10, US$ 5 to US$ 7, $0.58M-$0.70M"),
    # what nobody knows keeps its name, or its argument
    (r"\method{} beats \ours by \SI{5}{mm}; \rev{new}", "method beats ours by 5 mm; new"),
    # plain braces
    ("En-{De, Zh} and JanusNet}", "En-{De, Zh} and JanusNet}"),
    # entities, once
    ("A &amp; B &lt;i&gt; &#233; &eacute; &amp;lt; &nosuch; AT&T;", "A & B <i> é é &lt; &nosuch; AT&T;"),
    # Unicode
    ("e\u0301 GPT\u200b-4 \u202eabc\u202c so\xadft \ufeffx\x00y\x9f", "é GPT-4 abc soft xy"),
    ("a\n b\t c\u00a0d\u2009e\x1ff", "a b c d e f"),
    ("क्\u200dष 👩\u200d💻 x\u200dy", "क्\u200dष 👩\u200d💻 xy"),
]


@pytest.mark.parametrize(("raw", "plain"), RULES)
def test_each_rule_reads_as_people_would_write_it(raw: str, plain: str) -> None:
    """One row a rule: raw text, plain text."""
    assert plain_text(raw) == unicodedata.normalize("NFC", plain)


SIGNS = [
    *"\\${}^_~&;'`\"-%#()[] aZ1é\u0301\u200b\u200d\u202e\n",
    "\\frac",
    "\\cite{",
    "\\'",
    "\\c ",
    "\\(",
    "&amp;",
    "://",
]
ROUGH = st.lists(st.sampled_from(SIGNS), max_size=40).map("".join)


@given(st.one_of(st.text(max_size=60), ROUGH))
def test_any_text_is_read_without_an_error(raw: str) -> None:
    """Whatever is thrown at it: a text comes back, in NFC, with single blanks and without controls."""
    plain = plain_text(raw)
    assert plain == unicodedata.normalize("NFC", plain)
    assert plain == " ".join(plain.split())
    assert not [sign for sign in plain if unicodedata.category(sign) in {"Cc", "Cs"}]


NO_LATEX = st.lists(
    st.one_of(
        st.characters(exclude_characters="\\$&"), st.sampled_from(["--", "''", "``", "^{", "_{", "http://", "{}"])
    ),
    max_size=40,
).map("".join)


@given(NO_LATEX)
def test_a_second_reading_changes_nothing(raw: str) -> None:
    """Plain text stays plain text: without backslashes, dollars and entities the result is its own result."""
    once = plain_text(raw)
    assert plain_text(once) == once


@given(st.lists(st.one_of(st.none(), ROUGH, st.text(alphabet="ab ~-'é", max_size=8)), max_size=8))
def test_a_column_is_read_value_by_value(values: list[str | None]) -> None:
    """The short cut for columns skips no text that a single reading would change; nulls and the name stay."""
    column = pl.Series("title", values, dtype=pl.String)
    read = plain_texts(column)
    assert read.name == "title" and read.dtype == pl.String
    assert read.to_list() == [None if value is None else plain_text(value) for value in values]
    assert column.to_list() == values


HOSTILE = {
    "open braces": "{",
    "closed braces": "}",
    "nested groups": "\\emph{a",
    "fractions": "\\frac{",
    "exponents": "x^{",
    "dollars": "$a b ",
    "two dollars": "$$",
    "formulas": "\\(",
    "citations": "\\cite[",
    "accents": "\\'{",
    "backslashes": "\\",
    "entities": "&amp",
    "ties": "~",
    "roots": "\\sqrt{\\href{",
}


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Counts the tokens read and the characters that are copied when groups close."""
    counted = [0, 0]
    take, put = latex._Reader.take, latex._Reader.put

    def counting_take(self: latex._Reader, token: str, start: int) -> None:
        counted[0] += 1
        take(self, token, start)

    def counting_put(self: latex._Reader, piece: str) -> None:
        counted[1] += len(piece)
        put(self, piece)

    monkeypatch.setattr(latex._Reader, "take", counting_take)
    monkeypatch.setattr(latex._Reader, "put", counting_put)
    yield counted


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_work_is_proportional_to_the_length(piece: str, steps: list[int]) -> None:
    """No token is read twice, and text is copied at most once a level of nesting, however the text is made."""
    raw = piece * (40_000 // len(piece)) + " end"
    assert "end" in plain_text(raw)
    assert steps[0] <= len(raw)
    assert steps[1] <= 3 * (latex.MAX_DEPTH + 2) * len(raw)


def test_a_megabyte_of_anything_is_read() -> None:
    """One million characters of the worst kinds in one text."""
    raw = "".join(piece * (70_000 // len(piece)) for piece in HOSTILE.values())
    assert len(raw) > 900_000
    assert plain_text(raw)


@pytest.mark.shared
def test_recorded_abstracts_lose_their_latex(shared: Path) -> None:
    """Of 68,069 abstracts 13.5 % hold a backslash before and fewer than one in ten thousand after."""
    raw = pl.read_parquet(shared / "corpus" / "arxiv_ai_recent.parquet", columns=["abstract"])["abstract"]
    plain = plain_texts(raw)
    assert plain.str.contains("\\", literal=True).mean() < 0.0001
    assert plain.str.contains("$", literal=True).mean() < 0.003
    assert (plain.str.len_chars() > 0).all()
