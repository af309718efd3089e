"""The line of a report: what it says, what is refused, and the codes that people say."""

from datetime import UTC, datetime, timedelta

import pytest

from safepassage.board.phone.codes import line_code, new_word, voice_secret
from safepassage.board.phone.expanding import Phone, expand
from safepassage.board.phone.report import (
    LONGEST_LINE,
    LineError,
    Report,
    check_digit,
    line_of,
    read_line,
    read_words,
    token_fits,
    words_of,
)
from safepassage.board.phone.spoken import read_spoken, spoken_line
from safepassage.ledger.entry import check_message
from safepassage.ledger.on_board import TOLD
from safepassage.ledger.seen import Movement
from safepassage.ledger.signer import new_signer
from tests.ledger.writing import seeded

AT = datetime(2016, 12, 15, 13, 12, 7, tzinfo=UTC)
PHONE = Phone("phone-kafo", "second-post/1", "second-post")
ROOM = new_signer("room", entropy=seeded(4))
SECRET = voice_secret(ROOM, PHONE.device)


def test_a_count_at_a_post_as_its_line() -> None:
    report = Report(17, AT, "through", "c1", "bus-07", 98, 2)
    assert words_of(report) == "17 20161215T131207 through c1 bus-07 98/2 -"
    assert read_words(words_of(report)) == report
    assert read_line(line_of(report, bytes(16))) == (report, bytes(16))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("17 20161215T131207 through c1 bus-07 98/2", "got 6 parts"),
        ("0 20161215T131207 through c1 - 98/2 -", "whole number from 1"),
        ("17 20161315T131207 through c1 - 98/2 -", "want UTC such as"),
        ("17 20161215T131207 safe c1 - - -", "want one of departed"),
        ("17 20161215T131207 through - - - -", "want a convoy, a vehicle or a count"),
        ("17 20161215T131207 incident:canary c1 - - -", "the incident"),
        ("17 20161215T131207 boarded:Canary-Name c1 - - -", "check digit"),
        ("17 20161215T131207 boarded:2047-4 c1 - - -", "check digit"),
        ("17 20161215T131207 undo:through c1 - 50/1 u17", "an earlier one"),
        ("17 20161215T131207 undo:stop - - - u3", "want one of"),
        ("17 20161215T131207 stop - - 98/2 -", "totals stand only with a movement"),
        ("17 20161215T131207 through c1 - 98 -", "people/vehicles"),
        ("17 20161215T131207 through c1 - 98/2 u3", "only `undo`"),
    ],
)
def test_a_line_that_is_no_report_is_refused_with_what_is_wanted(line: str, says: str) -> None:
    with pytest.raises(LineError, match=says.replace("(", r"\(")):
        read_words(line)


def test_one_wrong_digit_of_a_slip_is_seen() -> None:
    # Luhn by hand: 2047 -> from the right 7x2=14->5, 4, 0x2=0, 2 -> 11 -> 9 makes 20.
    assert check_digit("2047") == "9"
    assert token_fits("2047-9")
    wrong = [f"{n:04d}-9" for n in range(10_000) if token_fits(f"{n:04d}-9")]
    near = [one for one in wrong if sum(a != b for a, b in zip(one, "2047-9", strict=True)) == 1]
    assert near == []


@pytest.mark.parametrize(
    ("report", "kinds"),
    [
        (Report(1, AT, "through", "c1", None, 98, 2), {"m": "movement", "c": "count"}),
        (Report(1, AT, "through", None, None, 98, 2), {"c": "count"}),
        (Report(1, AT, "held", "c1"), {"m": "movement"}),
        (Report(1, AT, "incident:fire", "c1"), {"i": "incident"}),
        (Report(1, AT, "stop"), {"h": "hold"}),
        (Report(1, AT, "water:2", "c1"), {"m": "movement"}),
        (Report(1, AT, "leave:women", "c1", "bus-01"), {"m": "movement"}),
        (Report(2, AT, "undo:water", "c1", None, None, None, 1), {"x": "correction"}),
        (Report(1, AT, "boarded:2047-9", "c1", "bus-01"), {"t": "passage"}),
        (Report(2, AT, "undo:through", "c1", None, 50, 1, 1), {"x": "correction", "c": "count"}),
        (Report(2, AT, "undo:got-off", None, None, None, None, 1), {"x": "correction"}),
    ],
)
def test_the_messages_that_a_report_stands_for(report: Report, kinds: dict[str, str]) -> None:
    made = expand(report, PHONE)
    assert {part: one.kind for part, one in made.items()} == kinds
    for part, one in made.items():
        assert one.id == f"phone-kafo.{report.number}{part}"
        check_message(one, at=AT + timedelta(seconds=5))


@pytest.mark.parametrize(
    ("what", "field", "value"),
    [
        ("water:0", "water_hours", 0),
        ("water:12", "water_hours", 12),
        ("leave:nobody", "may_leave", "nobody"),
        ("leave:women", "may_leave", "women and children"),
        ("infants:3", "infants", 3),
        ("patients:0", "patients", 0),
    ],
)
def test_what_those_on_board_need_is_told_of_a_convoy_that_is_held(
    what: str, field: str, value: object
) -> None:
    body = expand(Report(1, AT, what, "c1"), PHONE)["m"].body
    assert isinstance(body, Movement)
    assert (body.what, body.place, body.convoy) == ("held", "second-post", "c1")
    told = {one: getattr(body, one) for one in TOLD if getattr(body, one) is not None}
    assert told == {field: value}


@pytest.mark.parametrize(
    "words",
    ["1 20161215T123000 water:3 c1 - - -", "1 20161215T123000 leave:driver c1 - - -",
     "1 20161215T123000 infants:many c1 - - -", "1 20161215T123000 infants:03 c1 - - -",
     "1 20161215T123000 water:2 - - - -", "1 20161215T123000 water:2 c1 - 98/2 -"],
)  # fmt: skip
def test_a_need_that_the_phone_cannot_say_is_no_line(words: str) -> None:
    with pytest.raises(LineError):
        read_words(words)


def test_a_spoken_line_is_found_again_whatever_its_capitals_and_across_midnight() -> None:
    report = Report(3, AT.replace(hour=23, minute=59), "held", "Convoy-A", "bus-07", 98, None)
    line = spoken_line(report, PHONE.device, line_code(report, SECRET))
    assert line == f"KAFO 3 235907 HELD CONVOY-A BUS-07 98/- - {line_code(report, SECRET)}"
    assert len(line) <= LONGEST_LINE
    known = ["Convoy-A", "bus-07"]
    for typed in (line, line.lower(), "  " + line.replace(" ", "  ")):
        for later in (1, 15):
            at = report.at + timedelta(minutes=later)
            assert read_spoken(typed, [PHONE], known, ROOM, at=at).report == report


def test_a_line_that_was_heard_wrong_does_not_fit_its_letters() -> None:
    report = Report(3, AT, "through", "c1", None, 98, 2)
    code = line_code(report, SECRET)
    right = spoken_line(report, PHONE.device, code)
    for heard in (
        right.replace("98/2", "89/2"),
        right.replace("C1", "C2"),
        right.replace("THROUGH", "HELD"),
        right.replace(" 3 ", " 4 "),
        right.replace("131207", "131208"),
        right.replace(code, "AAAA"),
    ):
        with pytest.raises(LineError, match="four letters"):
            read_spoken(heard, [PHONE], ["c1", "c2"], ROOM, at=AT)
    with pytest.raises(LineError, match="no phone has the word"):
        read_spoken("BADO" + right[4:], [PHONE], ["c1"], ROOM, at=AT)


def test_a_stranger_who_knows_the_format_hits_the_letters_of_a_line_once_in_many_tries() -> None:
    other = voice_secret(new_signer("room", entropy=seeded(5)), PHONE.device)
    reports = [Report(n, AT, "through", "c1", None, n, 1) for n in range(1, 3001)]
    # 20 letters, four of them: one in 160,000 by chance; 3,000 tries hit 0.02 times on average.
    hits = sum(line_code(one, other) == line_code(one, SECRET) for one in reports)
    assert hits == 0


def test_the_words_of_phones_are_never_used_twice() -> None:
    taken: set[str] = set()
    for _ in range(500):
        word = new_word(taken)
        assert word not in taken
        assert len(word) == 4
        taken.add(word)
