"""Known: what the queue folds, sorts, bounds and forgets."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from safepassage.intake.queue import Incoming, Queue, QueueError, QueueFullError
from safepassage.intake.screening.classifier import train
from safepassage.intake.screening.folding import fold
from safepassage.intake.screening.seed import seed
from safepassage.intake.screening.sorting import sort_text

AT = datetime(2016, 12, 15, 12, tzinfo=UTC)
CLASSIFIER = train(seed())


def put(queue: Queue, text: str, *, at: datetime = AT) -> int:
    found = sort_text(text, CLASSIFIER)
    count = sum(queue.counts().values())
    number = queue.add(
        Incoming(
            "en", "question", text=text, state=found.state, score=found.score,
            plea=found.plea, folded=found.folded,
        ),
        ticket=f"ticket {count}".encode(),
        token=f"token {count}",
        at=at,
    )  # fmt: skip
    assert number is not None
    return number


def test_the_same_text_with_small_changes_stands_in_one_row(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "q.db")
    advert = "Best offers on cheap watches today, visit our shop at watches.example.shop right now"
    put(queue, advert)
    put(queue, advert.upper() + "!!!!")
    put(queue, advert.replace("right now", "right now."))
    (only,) = queue.messages()
    assert only.copies == 2
    assert sum(queue.counts().values()) == 3


def test_two_streets_are_two_messages(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "q.db")
    for street in (4, 5, 6):
        put(queue, f"We are in the cellar of house {street} and cannot get out, four families here")
    assert len(queue.messages()) == 3


def test_a_plea_is_folded_only_into_the_very_same_words(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "q.db")
    put(queue, "please help us, we are in the cellar behind the bakery with small children")
    put(queue, "please help us, we are in the cellar behind the bakery with two children")
    put(queue, "PLEASE help us, we are in the cellar behind the bakery with small children")
    assert [one.copies for one in queue.messages()] == [1, 0]


def test_an_answer_reaches_every_copy(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "q.db")
    number = put(queue, "When does the bus leave?")
    put(queue, "when does the bus leave?")
    queue.answer(number, "Not known.", None, role="reporting", at=AT)
    assert [queue.answer_for(f"ticket {one}".encode()) for one in (0, 1)] == [
        queue.answer_for(b"ticket 0")
    ] * 2
    answer = queue.answer_for(b"ticket 1")
    assert answer is not None
    assert answer.text == "Not known."


def test_a_flood_of_the_ordinary_leaves_room_for_pleas(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "q.db", most=20)
    for number in range(16):
        put(queue, f"nice page number {number} xyz")
    with pytest.raises(QueueFullError):
        put(queue, "nice page number 17 xyz")
    put(queue, "help, my father is wounded")
    assert queue.messages()[0].plea


def test_pleas_come_first_and_junk_last(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "q.db")
    put(queue, "Casino bonus $500 at www.casino-win.bet 200%")
    put(queue, "Who wrote this page?")
    put(queue, "we are trapped, 6 people")
    assert [one.plea for one in queue.messages()] == [True, False, False]
    assert [one.state for one in queue.messages()] == ["new", "new", "held"]


def test_the_classifier_learns_from_what_moderators_choose(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "q.db")
    advert = "Zorblax cream for your garden gnomes, order at zorblax.example.com today"
    before = sort_text(advert, CLASSIFIER).score
    for number in range(8):
        text = f"Zorblax cream number {'abcdefgh'[number] * 3} for gnomes, zorblax.example.com"
        queue.mark(put(queue, text), "spam", role="reporting", at=AT)
    after = sort_text(advert, train((*seed(), *queue.choices()))).score
    assert after > before
    assert after > 0.6


def test_only_what_is_answered_or_junk_is_forgotten_and_only_with_age(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "q.db")
    old = AT - timedelta(days=40)
    answered = put(queue, "an old question that was answered", at=old)
    put(queue, "an old question that nobody answered", at=old)
    young = put(queue, "a young one, quite different from the others", at=AT)
    for number in (answered, young):
        queue.answer(number, "yes", None, role="reporting", at=AT)
    assert queue.purge(at=AT) == 1
    assert {one.text for one in queue.messages()} == {
        "an old question that nobody answered",
        "a young one, quite different from the others",
    }


def test_a_message_that_is_not_there_and_a_file_that_is_no_queue_are_said(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "q.db")
    with pytest.raises(QueueError, match="no message 7"):
        queue.mark(7, "spam", role="reporting", at=AT)
    (tmp_path / "odd.db").write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(QueueError, match="no queue"):
        Queue(tmp_path / "odd.db")


def test_what_is_on_the_disk_outlives_the_process(tmp_path: Path) -> None:
    put(Queue(tmp_path / "q.db"), "still here?")
    assert fold(Queue(tmp_path / "q.db").messages()[0].text or "") == "still here?"
