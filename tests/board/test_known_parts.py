"""The small parts of the board, each by itself."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.board.clock import drill_clock
from safepassage.board.documents.paper import Block, Paper
from safepassage.board.entering.shorttime import whole_time
from safepassage.board.mode import settle_mode
from safepassage.board.naming import Teller
from safepassage.board.pace import Pace
from safepassage.board.pages import change, environment, number, span, tenths
from safepassage.board.people import People, PeopleError, new_password
from safepassage.board.reads import Reads
from safepassage.board.roles import allowed
from safepassage.board.sessions import LONGEST, Sessions
from safepassage.board.wording import words
from safepassage.board.working.expiring import ical
from safepassage.board.working.held import read_note
from safepassage.clearance.expiring import Expiry
from safepassage.ledger.faults import LedgerError
from safepassage.ledger.place import place_of
from safepassage.scenario.load import load_scenario
from tests.board import mission
from tests.ledger.writing import clock

NOW = clock(15, 12)


@pytest.mark.parametrize(
    ("typed", "field", "meant"),
    [
        ("now", "at", "2016-12-15T15:12:00+02:00"),
        ("14:30", "at", "2016-12-15T14:30:00+02:00"),
        ("1430", "as_of", "2016-12-15T14:30:00+02:00"),
        ("16:00", "at", "2016-12-14T16:00:00+02:00"),  # not yet today: it was yesterday
        ("16:00", "until", "2016-12-15T16:00:00+02:00"),
        ("08:00", "until", "2016-12-16T08:00:00+02:00"),  # gone today: it is tomorrow
        ("+2h", "until", "2016-12-15T17:12:00+02:00"),
        ("+30", "due", "2016-12-15T15:42:00+02:00"),
        ("+1h30", "due", "2016-12-15T16:42:00+02:00"),
        ("2016-12-15T19:00+02:00", "until", "2016-12-15T19:00+02:00"),
        ("when they like", "until", "when they like"),
        ("25:00", "until", "25:00"),
    ],
)
def test_a_time_typed_in_a_hurry_is_the_one_that_was_meant(
    typed: str, field: str, meant: str
) -> None:
    assert whole_time(typed, now=NOW, field=field) == meant


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_time_or_stays_as_it_is(typed: str) -> None:
    found = whole_time(typed, now=NOW, field="until")
    if found != typed.strip():
        assert datetime.fromisoformat(found) >= NOW


def test_a_note_written_before_there_were_fields_is_still_read() -> None:
    note = "infants: 3 · water: sporadic · next call: 2016-12-15T16:00:00+02:00"
    assert read_note(note) == {
        "infants": "3",
        "water": "sporadic",
        "next call": "2016-12-15T16:00:00+02:00",
    }


def test_words_of_another_form_are_no_report_of_those_aboard() -> None:
    assert read_note("held at the post · nobody knows why: perhaps: snow") == {}


def test_a_calendar_folds_its_lines_and_escapes_what_people_wrote() -> None:
    found = (Expiry("guarantee", "روسيا; on a, very\\long " * 9, NOW + timedelta(hours=1)),)
    tell = Teller(load_scenario(mission.CASE), words("en"))
    text = ical(found, tell, mode="DRILL", at=NOW, upto=7)
    lines = text.split("\r\n")
    assert all(len(one.encode()) <= 75 for one in lines)
    whole = text.replace("\r\n ", "")
    assert "SUMMARY:DRILL: guarantee ends: روسيا\\; on a\\, very\\\\long" in whole
    assert "DTSTART:20161215T141200Z" in whole
    assert whole.count("BEGIN:VALARM") == 1


def test_markup_of_people_stays_words_in_a_paper() -> None:
    block = Block("*now*", ("# no heading", "<b>"), ("a|b",), (("[x](http://y)",),))
    paper = Paper("Title", "Mission", "LIVE", "cell", "noon", 3, (block,))
    text = paper.markdown()
    assert "## \\*now\\*" in text
    assert "\\# no heading" in text
    assert "\\<b\\>" in text
    assert "| a\\|b |" in text
    assert "\\[x\\](http://y)" in text


def test_a_pace_lets_so_many_through_and_then_waits() -> None:
    now = [0.0]
    pace = Pace(3, 10, now=lambda: now[0])
    assert [pace.allows("a") for _ in range(5)] == [True, True, True, False, False]
    assert pace.allows("b")
    now[0] = 10.5
    assert pace.allows("a")


def test_a_session_outlives_the_server_but_not_its_time(tmp_path: Path) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    sessions = Sessions(tmp_path / "s")
    token = sessions.begin("Head-1", at=at, language="ar")
    sessions.note_seen("Head-1", 40)
    sessions.note_seen("Head-1", 30)
    again = Sessions(tmp_path / "s")
    found = again.find(token, at=at + LONGEST)
    assert found is not None
    assert (found.person, found.language, again.seen("Head-1")) == ("Head-1", "ar", 40)
    assert again.find(token, at=at + LONGEST + timedelta(seconds=1)) is None
    assert again.find("guess", at=at) is None
    assert token not in (tmp_path / "s").read_text()
    again.end_all("Head-1")
    assert Sessions(tmp_path / "s").find(token, at=at) is None
    (tmp_path / "s").write_text("{torn")
    assert Sessions(tmp_path / "s").find(token, at=at) is None


def test_passwords_are_hashes_and_short_ones_are_refused(tmp_path: Path) -> None:
    people = People(tmp_path / "p", hasher=mission.QUICK)
    people.set_password("Head-1", "a long enough word")
    assert people.fits("Head-1", "a long enough word")
    assert not people.fits("Head-1", "a long enough worD")
    assert not people.fits("Nobody", "a long enough word")
    assert "long enough" not in (tmp_path / "p").read_text()
    assert (tmp_path / "p").stat().st_mode & 0o777 == 0o600
    for call_sign, password in (("Head-2", "short"), ("a name", "a long enough word")):
        with pytest.raises(PeopleError):
            people.set_password(call_sign, password)
    assert len({new_password() for _ in range(50)}) == 50
    people.remove("Head-1")
    assert not people.fits("Head-1", "a long enough word")


def test_a_reading_that_is_taken_out_is_missed(tmp_path: Path) -> None:
    reads = Reads(tmp_path / "r")
    for place_ in range(4):
        reads.note(f"Med-{place_}", "contacts", at=NOW)
    assert [one.person for one in reads.newest(2)] == ["Med-3", "Med-2"]
    assert Reads(tmp_path / "r").whole()
    lines = (tmp_path / "r").read_text().splitlines()
    (tmp_path / "r").write_text("\n".join([lines[0], *lines[2:]]) + "\n")
    assert not Reads(tmp_path / "r").whole()


def test_a_drill_clock_runs_from_its_own_hour() -> None:
    wall = [datetime(2026, 1, 1, tzinfo=UTC)]
    tell = drill_clock(NOW, speed=60, now=lambda: wall[0])
    assert tell() == NOW
    wall[0] += timedelta(minutes=1)
    assert tell() == NOW + timedelta(hours=1)


@pytest.mark.parametrize("what", ["see everything", "do nothing", "enter alarm", "wall"])
def test_what_is_not_in_the_table_opens_to_nobody(what: str) -> None:
    with pytest.raises(KeyError):
        allowed(what)


def test_a_ledger_of_a_drill_is_never_opened_in_earnest_nor_the_other_way(tmp_path: Path) -> None:
    drill, real = place_of(str(tmp_path / "drill.db")), place_of(str(tmp_path / "real.db"))
    settle_mode(drill, "DRILL")
    settle_mode(real, "LIVE")
    settle_mode(drill, "DRILL")
    settle_mode(real, "LIVE")
    with pytest.raises(LedgerError, match="a drill"):
        settle_mode(drill, "LIVE")
    with pytest.raises(LedgerError, match="in earnest"):
        settle_mode(real, "DRILL")


def test_nothing_is_never_less_than_nothing_and_less_bears_a_minus_sign() -> None:
    assert [number(one) for one in (-0.3, 0, 1234.6, -1234.6, None)] == [
        "0", "0", "1,235", "−1,235", "–",
    ]  # fmt: skip
    assert [change(one) for one in (-0.3, 0.4, 12, -12.7)] == ["0", "0", "+12", "−13"]
    assert [tenths(one) for one in (-0.04, 1234.56, -0.06)] == ["0.0", "1,234.6", "−0.1"]
    assert [span(timedelta(seconds=one)) for one in (-30, -90, 90)] == ["0:00", "−0:01", "0:01"]


def test_no_template_writes_a_sign_of_its_own() -> None:
    """Python's own formats write a hyphen, and minus zero."""
    loader = environment().loader
    assert loader is not None
    for name in environment().list_templates():
        text = loader.get_source(environment(), name)[0]
        assert not re.search(r"{:[+,]", text), name
