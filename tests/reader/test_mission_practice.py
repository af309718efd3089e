"""The practice texts, read whole: floods, fires, storms, sieges, hospitals, message chains."""

import json

import pytest

from benchmarks.reader import PRACTICE, labelled, score_page, summary
from safepassage.reader import parsing

pytestmark = pytest.mark.skipif(
    not parsing.model_there(), reason="needs the extra `reader` (spaCy and its English model)"
)


def test_the_held_out_texts_are_read_as_well_as_the_issue_asks() -> None:
    measures = summary([score_page(text) for text in labelled(PRACTICE, "held out")])
    assert measures["pages"] >= 8
    assert measures["content_f1"] >= 0.88
    assert measures["speaker_f1"] >= 0.82
    assert measures["exact_f1"] >= 0.72
    assert measures["fact_recall"] >= 0.80
    assert measures["fact_precision"] >= 0.80
    assert measures["dates_right"] >= 0.95


def test_the_tuned_texts_are_read_no_worse_than_when_they_were_tuned_on() -> None:
    measures = summary([score_page(text) for text in labelled(PRACTICE, "tuned")])
    assert measures["pages"] >= 24
    assert measures["content_f1"] >= 0.94
    assert measures["speaker_f1"] >= 0.93
    assert measures["exact_f1"] >= 0.91
    assert measures["fact_recall"] >= 0.91
    assert measures["fact_precision"] >= 0.89
    assert measures["dates_right"] >= 0.95


def test_the_plain_reader_finds_some_statements_and_invents_no_vehicles() -> None:
    texts = labelled(PRACTICE, "held out")
    measures = summary([score_page(text, plainly=True) for text in texts])
    assert measures["content_f1"] >= 0.6
    assert measures["fact_precision"] >= 0.7


def test_the_practice_texts_are_of_many_kinds() -> None:
    kinds = {
        fact["kind"]
        for path in PRACTICE.glob("*.json")
        for fact in json.loads(path.read_text(encoding="utf-8"))["facts"]
    }
    assert len(kinds) >= 20
