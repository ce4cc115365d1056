"""Sentences: where one ends, and that spans cover the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from almanac_assets.text.sentences import lead, sentences

# A bar stands where one sentence ends and the next begins; the blanks beside it belong to the text as one blank.
CASES = [
    "We test two models. | Both fail.",
    "It works on images, e.g. X-rays. | Nothing else does.",
    "Some metrics, i.e. BLEU and chrF, disagree. | We say why.",
    "Following Smith et al. (2021), we sample twice. | Then we stop.",
    "This extends Smith et al. | We prove the converse.",
    "As Fig. 3 shows, loss falls. | See Eq. (4).",
    "Results are in Tab. II and App. B of the paper. | Code is public.",
    "He built an app. | A study followed.",
    "Humans vs. LLMs is a false contrast (91% vs. 5%). | Both err.",
    "Compare cf. Jones and resp. Miller. | They differ.",
    "It takes approx. 5 hours. | That is long.",
    "We propose Grounded Contrast (abbr. GC), a loss. | It helps.",
    "Dr. Who met Prof. X and Ms. Y. | They talked.",
    "Inference takes 20 ms. | Training takes a day.",
    "Accuracy rose by 3.5 points to 91.2. | The gain is real.",
    "We release v1.5. | It is faster than v1.4.",
    "We tune Llama 3.1. | We then test GPT-4.1. | Both improve.",
    "Code is at https://example.org/a.b/c.html. | Data will follow.",
    "Try node.js or ASP.NET first. | Then decide.",
    'They call it "reasoning." | We do not.',
    'The title "Attention is all you need." stuck. | Why?',
    "Can models plan? | We find that they cannot! | Still, they try.",
    "Is it (really?) new. | Perhaps.",
    'They ask "why?" and go on. | So do we.',
    "The game Yahoo! is old. | It lives.",
    "It scales (see Sec. 2.1). | It is cheap.",
    "(This is an aside.) | The text goes on.",
    "Wait... | There is more.",
    "It was slow... and then it stopped.",
    "The U.S. Government funds it. | So does the E.U. commission.",
    "The data come from the U.S. | We add more.",
    "J. R. Smith and A. Turing disagree. | Both are right.",
    "Tasks are i.i.d. in theory. | Streams are not i.i.d. | However, we cope.",
    "Topics include law, health, etc. | Our set covers all.",
    "Run it w.r.t. Adam and compare. | It wins.",
    "1. Collect data. | 2. Train. | 3. Test.",
    "It does two things. | (i) It reads. | (ii) It writes.",
    "vLLM serves it. | vLLM is fast. | mBERT is not.",
    "The rate is set. | η-values follow. | π_0 wins.",
    "It helps in practice. | We show how.[3] | Others agree.[4, 5] | Fine.",
    "Gains reach 34%.|Our code is public.",
    "这是第一句。|这是第二句!| Is it?".replace("!", "！"),
    "The species C. elegans and E. coli differ. | Both live.",
    "No. 5 is alive. | It said no. | The end came.",
    "Keywords: bias . CLIP . Safety",
    "Acme Co. Ltd. buys OpenAI Inc. stock. | It falls.",
]


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_the_bars_stand(case: str) -> None:
    """The hand-made hard cases: abbreviations, versions, addresses, quotes, lists, names in small letters."""
    text = case.replace(" | ", " ").replace("| ", " ").replace("|", "")
    assert [text[start:end] for start, end in sentences(text)] == [part.strip() for part in case.split("|")]


PIECES = [*"aB1 .!?…。\"')([]\n\t,|éω", "e.g. ", "et al. ", " We ", "vs. "]
ROUGH = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(st.one_of(st.text(max_size=60), ROUGH))
def test_spans_are_ordered_and_apart_and_leave_only_blanks(text: str) -> None:
    """Spans and the gaps between them, joined, give the text back, and the gaps are white space."""
    position, pieces = 0, []
    for start, end in sentences(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert not text[start].isspace() and not text[end - 1].isspace()
        pieces += [text[position:start], text[start:end]]
        position = end
    assert not text[position:].strip()
    assert "".join(pieces) + text[position:] == text


def test_a_text_without_stops_is_one_sentence() -> None:
    """A title is a sentence; blanks around it are left out."""
    assert sentences("  Attention is all you need \n") == [(2, 27)]


def test_a_blank_text_has_no_sentence() -> None:
    """Neither the empty text nor white space has a first sentence."""
    assert sentences("") == [] and sentences(" \n ") == []
    assert lead("", 2) is None and lead(" ", 1) is None


def test_lead_spans_the_first_sentences() -> None:
    """The lead runs from the first character to the end of the sentence asked for, or of the last one."""
    text = " One. Two. Three."
    assert lead(text, 1) == (1, 5)
    assert lead(text, 2) == (1, 10)
    assert lead(text, 9) == (1, 17)


def test_offsets_count_code_points() -> None:
    """A character outside the basic plane counts one, as in Python, not as in UTF-8 or UTF-16."""
    assert sentences("𝔼 is one. 🙂 Two.") == [(0, 9), (10, 16)]
