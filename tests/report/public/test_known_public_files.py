"""Known: the forms of one text; the alert held against the schema of CAP 1.2."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from safepassage.report.public.cap import NAMESPACE
from safepassage.report.public.page import LARGEST_PAGE, PageTooLargeError
from safepassage.report.public.released import PublicState
from safepassage.report.public.write import public_files, write_public
from safepassage.report.stop_timetable import NotForPublicationError
from tests.ledger.writing import clock
from tests.report.handmade import scenario as handmade_scenario
from tests.report.handmade import verified
from tests.report.public.noticing import (
    TEXT,
    propose,
    release,
    room,
    scenario,
    state,
    take_down,
)

SCHEMA = Path(__file__).parents[1] / "schema" / "CAP-v1.2.xsd"


def released_state(text: str = TEXT) -> PublicState:
    ledger = room()
    read = propose(ledger, text)
    release(ledger, read, "rep-1", "reporting")
    release(ledger, read, "head-1", "head")
    return state(ledger)


def valid(alert: bytes) -> ET.Element:
    etree = pytest.importorskip("lxml.etree", reason="needs lxml, which comes with the reader")
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    schema.assertValid(etree.fromstring(alert))
    return ET.fromstring(alert)  # noqa: S314 - our own text


def value(alert: ET.Element, name: str) -> str:
    found = alert.find(f"{{{NAMESPACE}}}{name}")
    assert found is not None, name
    return found.text or ""


def test_an_alert_fits_the_schema_in_both_languages() -> None:
    files = public_files(released_state(), scenario(), mode="LIVE", status="Actual", at=clock(13))
    alert = valid(files["alert.xml"])
    assert (value(alert, "status"), value(alert, "msgType")) == ("Actual", "Alert")
    languages = [one.text for one in alert.iter(f"{{{NAMESPACE}}}language")]
    assert languages == ["en", "ar"]


def test_a_drill_is_an_exercise_in_every_form() -> None:
    files = public_files(
        released_state(), scenario(), mode="DRILL", status="Exercise", at=clock(13)
    )
    assert value(valid(files["alert.xml"]), "status") == "Exercise"
    for name in ("en.html", "sms.en.txt"):
        assert b"EXERCISE, NOT REAL" in files[name]
    assert b"This is an exercise." in files["audio.en.txt"]
    assert "تمرين".encode() in files["ar.html"]


def test_a_new_text_updates_and_a_takedown_cancels_by_reference() -> None:
    ledger = room()
    read = propose(ledger)
    release(ledger, read, "rep-1", "reporting")
    release(ledger, read, "head-1", "head")
    new = propose(ledger, TEXT.replace("warm clothes", "blankets"), at=clock(13))
    release(ledger, new, "rep-1", "reporting", at=clock(13, 5))
    release(ledger, new, "move-1", "movement", at=clock(13, 6))
    first = valid(
        public_files(state(ledger), scenario(), mode="LIVE", status="Test", at=clock(13, 7))[
            "alert.xml"
        ]
    )
    assert (value(first, "msgType"), value(first, "status")) == ("Update", "Test")
    assert read.text_hash[:12] in value(first, "references")
    take_down(ledger, new, at=clock(14))
    gone = valid(
        public_files(state(ledger), scenario(), mode="LIVE", status="Actual", at=clock(14))[
            "alert.xml"
        ]
    )
    assert value(gone, "msgType") == "Cancel"
    assert value(gone, "references").split(",")[1] == value(first, "identifier")


def test_pages_are_small_have_no_script_and_ask_no_other_host() -> None:
    files = public_files(released_state(), scenario(), mode="LIVE", status="Actual", at=clock(13))
    for language in ("en", "ar"):
        page = files[f"{language}.html"].decode()
        assert len(page.encode()) < LARGEST_PAGE
        assert "<script" not in page
        assert not re.search(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//", page)
        assert f'lang="{language}"' in page
    assert 'dir="rtl"' in files["ar.html"].decode()


def test_nothing_released_says_so_and_gives_no_short_text_or_alert() -> None:
    files = public_files(
        PublicState(None, ()), scenario(), mode="LIVE", status="Actual", at=clock(13)
    )
    assert b"Nothing has been released" in files["en.html"]
    assert not {"alert.xml", "sms.en.txt", "sms.ar.txt"} & set(files)


def test_a_page_that_is_too_large_for_a_slow_link_is_refused() -> None:
    line = '[[line]]\ntopic = "next"\nen = "{0}"\nar = "{0}"\n'.format("word " * 119)
    text = TEXT.replace("[short]", line * 28 + "[short]")
    with pytest.raises(PageTooLargeError, match="shorten the lines"):
        public_files(released_state(text), scenario(), mode="LIVE", status="Actual", at=clock(13))


def test_a_case_with_parties_never_publishes_its_stops() -> None:
    text = TEXT.replace('languages = ["en", "ar"]', 'languages = ["en", "ar"]\nstops = true')
    current = released_state(text)
    with pytest.raises(ValueError, match="no plan is given"):
        public_files(current, scenario(), mode="LIVE", status="Actual", at=clock(13))
    with pytest.raises(NotForPublicationError):
        public_files(
            current, scenario(), mode="LIVE", status="Actual", at=clock(13), plan=verified()
        )


def test_a_case_without_parties_publishes_stops_with_the_last_bus() -> None:
    parties = handmade_scenario()
    nobody = replace(
        parties,
        parties=(),
        agreements=(),
        legs=tuple(replace(leg, held_by=()) for leg in parties.legs),
        places=tuple(replace(place, holder=()) for place in parties.places),
    )
    plan = verified(of=nobody)
    text = TEXT.replace('languages = ["en", "ar"]', 'languages = ["en", "ar"]\nstops = true')
    files = public_files(
        released_state(text), nobody, mode="LIVE", status="Actual", at=clock(13), plan=plan
    )
    last = max((trip.depart, trip.start) for trip in plan.plan.trips if trip.load)[0]
    shown = (nobody.start + timedelta(seconds=last)).strftime("%d.%m. %H:%M")
    assert shown.encode() in files["en.html"]
    assert "stops.csv" in files


def test_words_of_users_stay_words_on_the_page() -> None:
    text = TEXT.replace("Your papers,", "<script>alert(1)</script> #panic() & papers,")
    files = public_files(
        released_state(text), scenario(), mode="LIVE", status="Actual", at=clock(13)
    )
    assert b"<script>" not in files["en.html"]
    assert b"&lt;script&gt;" in files["en.html"]
    assert files["poster.pdf"].startswith(b"%PDF")
    valid(files["alert.xml"])


def test_an_earlier_text_leaves_no_file_behind(tmp_path: Path) -> None:
    at = clock(13)
    write_public(
        public_files(released_state(), scenario(), mode="LIVE", status="Actual", at=at), tmp_path
    )
    assert (tmp_path / "sms.en.txt").is_file()
    nothing = public_files(
        PublicState(None, ()),
        scenario(),
        mode="LIVE",
        status="Actual",
        at=at + timedelta(minutes=1),
    )
    write_public(nothing, tmp_path)
    listed = json.loads((tmp_path / "released.json").read_text())["files"]
    assert {one.name for one in tmp_path.iterdir()} == {*listed, "released.json"}
