"""Laws of the intake: nothing is lost by sorting, codes read back, seals open for one key only."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.intake.queue import Incoming, Queue
from safepassage.intake.screening.classifier import train
from safepassage.intake.screening.folding import fold
from safepassage.intake.screening.likeness import alike, digits, fingerprint
from safepassage.intake.screening.seed import seed
from safepassage.intake.screening.sorting import sort_text
from safepassage.intake.sealing import SealError, new_key, open_sealed, seal
from safepassage.intake.ticket import ALPHABET, LENGTH, read_code, shown

AT = datetime(2016, 12, 15, 12, tzinfo=UTC)
CLASSIFIER = train(seed())
texts = st.text(min_size=1, max_size=120)


@given(st.lists(texts, min_size=1, max_size=12))
def test_every_message_is_in_some_row_whatever_it_says(messages: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        queue = Queue(Path(folder) / "q.db")
        for number, text in enumerate(messages):
            found = sort_text(text, CLASSIFIER)
            queue.add(
                Incoming(
                    "en", "question", text=text, state=found.state, score=found.score,
                    plea=found.plea, folded=found.folded,
                ),
                ticket=str(number).encode(), token=str(number), at=AT,
            )  # fmt: skip
        assert sum(one.copies + 1 for one in queue.messages()) == len(messages)
        assert all(queue.answer_for(str(one).encode()) for one in range(len(messages)))
        queue.close()


@given(texts)
def test_a_text_without_a_way_to_reach_an_advertiser_is_never_held(text: str) -> None:
    plain = "".join(char for char in text if char.isalpha() or char == " ")
    assert sort_text(plain, CLASSIFIER).state == "new"


@given(texts)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts, texts)
def test_texts_with_other_numbers_are_never_one(first: str, second: str) -> None:
    one, two = fold(first), fold(second)
    if digits(one) != digits(two):
        assert not alike((one, fingerprint(one)), (two, fingerprint(two)))


@given(st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_a_code_reads_back_as_it_is_shown_in_any_case(code: str) -> None:
    assert read_code(shown(code).lower()) == code
    assert read_code(shown(code).replace("0", "O").replace("1", "I")) == code


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_with_its_key_alone(words: bytes) -> None:
    secret, public = new_key()
    other, _ = new_key()
    sealed = seal(bytes.fromhex(public), words)
    assert open_sealed(bytes.fromhex(secret), sealed) == words
    with pytest.raises(SealError):
        open_sealed(bytes.fromhex(other), sealed)
    with pytest.raises(SealError):
        open_sealed(bytes.fromhex(secret), sealed[:-1])
