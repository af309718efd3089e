"""For any report: the line says all of it, and no two reports share a line or a message's id."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from safepassage.board.phone.expanding import Phone, expand
from safepassage.board.phone.report import (
    COUNTED,
    INCIDENTS,
    LEAVE,
    MOVES,
    NEEDS,
    PARTS,
    TOKENS,
    WATER,
    LineError,
    Report,
    check_digit,
    line_of,
    read_line,
)
from safepassage.ledger.entry import to_plain

BEGIN = datetime(2016, 12, 15, tzinfo=UTC)
IDS = st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9.\-]{0,12}", fullmatch=True).filter(lambda x: x != "-")
PHONE = Phone("phone-kafo", "second-post/1", "second-post")


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Draw a report that makes sense."""
    number = draw(st.integers(2, 9_999_999))
    at = BEGIN + timedelta(seconds=draw(st.integers(0, 86_400 * 300)))
    kind = draw(st.sampled_from([*MOVES, *TOKENS, *NEEDS, "incident", "stop", "undo"]))
    convoy, vehicle = draw(st.none() | IDS), draw(st.none() | IDS)
    people = vehicles = undoes = None
    what = kind
    if kind == "incident":
        what += ":" + draw(st.sampled_from(sorted(INCIDENTS)))
    elif kind in NEEDS:
        said = {"water": sorted(WATER), "leave": sorted(LEAVE)}.get(kind)
        detail = draw(st.integers(0, 9999).map(str) if said is None else st.sampled_from(said))
        what += f":{detail}"
        convoy = convoy or "c1"
    elif kind in TOKENS:
        digits = draw(st.from_regex(r"[0-9]{3,9}", fullmatch=True))
        what += f":{digits}-{check_digit(digits)}"
    elif kind == "undo":
        undone = draw(st.sampled_from(sorted(PARTS)))
        what, undoes = f"undo:{undone}", draw(st.integers(1, number - 1))
        kind = undone
    if kind in COUNTED:
        people = draw(st.none() | st.integers(0, 99_999))
        vehicles = None if people is None else draw(st.none() | st.integers(0, 999))
        if what == kind and convoy is None and vehicle is None and people is None:
            people = 1
    return Report(number, at, what, convoy, vehicle, people, vehicles, undoes)


@given(reports(), st.binary(min_size=16, max_size=16))
def test_a_report_and_its_salt_come_back_from_their_line(report: Report, salt: bytes) -> None:
    assert read_line(line_of(report, salt)) == (report, salt)


@given(st.text(max_size=80))
def test_no_words_crash_the_reader_of_lines(text: str) -> None:
    try:
        read_line(text)
    except LineError:
        return


@given(reports(), reports())
def test_other_words_never_make_the_same_messages(one: Report, other: Report) -> None:
    other = replace(other, number=one.number)
    if other.undoes is not None and other.undoes >= other.number:
        return
    same = [to_plain(message) for message in expand(one, PHONE).values()]
    mine = [to_plain(message) for message in expand(other, PHONE).values()]
    plain = replace(other, vehicle=one.vehicle) == one and not {"m", "t"} & set(expand(one, PHONE))
    assert (same == mine) == (one == other or plain)
