"""English texts of other rooms are known by their sentences, and a long one stops nobody."""

import re

from hypothesis import given
from hypothesis import strategies as st

from safepassage.board.sentences import _VALUE, _between, fitting, sentences
from safepassage.board.wording import words

PIECES = st.sampled_from(["", "a", "b", "ab", " ", ", ", "\n", "got ", ": "])
TEXTS = st.lists(PIECES, max_size=9).map("".join)


@given(st.lists(PIECES, min_size=1, max_size=5), TEXTS)
def test_a_text_is_cut_as_the_plainest_pattern_would_cut_it(parts: list[str], text: str) -> None:
    pattern = re.compile("(.*?)".join(re.escape(one) for one in parts), re.DOTALL)
    found = pattern.fullmatch(text)
    assert _between(text, tuple(parts)) == (None if found is None else list(found.groups()))


@given(st.sampled_from([one for one, _ in sentences()]), st.data())
def test_a_sentence_with_any_values_is_a_text_of_the_program(
    sentence: str, data: st.DataObject
) -> None:
    values = {name: data.draw(TEXTS) for name in _VALUE.findall(sentence)}
    found = fitting(words("en")(sentence, **values))
    assert found is not None
    # Another sentence may fit as well: what is said again is the same text.
    assert (found.sentence % found.values if found.values else found.sentence) == (
        sentence % values if values else sentence
    )


def test_a_text_as_long_as_a_plan_is_looked_at_once() -> None:
    """With patterns this took longer than a test run: every place was tried with every other."""
    text = ": got , want ; (" * 500
    assert len(text) == 8_000
    fitting(text)
    assert fitting(text * 1000) is None
