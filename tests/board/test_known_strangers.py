"""What a stranger at the board may type, open and read, and what it then says."""

import re

import pytest
from starlette.testclient import TestClient

from safepassage.board.entrance import home_of
from safepassage.board.mapping.labels import shortened
from safepassage.board.room import Room
from safepassage.ledger.decided import LeaseGiven
from safepassage.ledger.entry import Entry
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.said import Confirmation, Dispute
from tests.board import mission
from tests.board.conftest import Login
from tests.ledger.writing import clock


def entries_of(place: Place, kind: str) -> list[Entry]:
    ledger = open_ledger(place)
    try:
        return list(ledger.entries(0, None, (kind,)))
    finally:
        ledger.close()


def promise_of_radio(login: Login, place: Place) -> Entry:
    form = {"party": "russia", "covers": "all", "until": "1930", "source.channel": "radio"}
    assert login("Radio-1").post("/enter/guarantee", data=form).status_code == 303
    return entries_of(place, "guarantee")[-1]


def test_a_number_of_the_log_names_the_entry_that_is_confirmed(login: Login, place: Place) -> None:
    promise = promise_of_radio(login, place)
    form = {"about": str(promise.seq), "known_contact": "yes"}
    assert login("Head-1").post("/enter/confirmation", data=form).status_code == 303
    body = entries_of(place, "confirmation")[-1].body
    assert isinstance(body, Confirmation)
    assert body.about == promise.id
    form = {"about": promise.id, "says": "they say no", "what": "no", "party": "russia"}
    answer = login("Med-1").post("/enter/dispute", data=form)
    assert answer.status_code == 303, answer.text
    disputed = entries_of(place, "dispute")[-1].body
    assert isinstance(disputed, Dispute)
    assert disputed.about == promise.id


def test_an_entry_that_nobody_knows_is_neither_confirmed_nor_corrected(
    login: Login, place: Place
) -> None:
    client = login("Head-1")
    for kind in ("confirmation", "correction", "dispute"):
        before = len(entries_of(place, kind))
        for about in ("99999", "0", "12345678901234567890", "no-such-entry"):
            form = {"about": about, "known_contact": "yes", "why": "wrong", "says": "no"}
            answer = client.post(f"/enter/{kind}", data=form)
            assert answer.status_code == 422
            assert 'id="why-about"' in answer.text
            assert "the number or the id of an entry of the log" in answer.text
        assert len(entries_of(place, kind)) == before


def test_who_heard_a_promise_does_not_confirm_it_himself(login: Login, place: Place) -> None:
    promise = promise_of_radio(login, place)
    before = len(entries_of(place, "confirmation"))
    form = {"about": str(promise.seq), "known_contact": "yes"}
    answer = login("Radio-1").post("/enter/confirmation", data=form)
    assert answer.status_code == 422
    assert "does not count a second time" in answer.text
    assert len(entries_of(place, "confirmation")) == before


NO_GO = "no go is in the record for its departure"


def strip_of(page: str, convoy: str) -> str:
    """Return the row (or the words after it) of one convoy on the strip."""
    part = page[page.index('<th scope="row"><bdi>' + convoy) :]
    return part[: part.index("</th>")]


def test_a_drill_in_which_nobody_asked_for_a_go_says_so_once(login: Login) -> None:
    client = login("Move-1")
    page = client.get("/").text
    assert page.count("nobody has asked for a go") == 1
    assert NO_GO not in page
    report = client.get("/documents/after").text
    assert report.count("nobody has asked for a go") == 1
    assert f"({NO_GO})" not in report
    assert "nobody has asked for a go" in client.get("/documents/sitrep").text


def test_a_convoy_that_departed_without_a_go_in_the_record_is_red(login: Login, room: Room) -> None:
    room.mode = "LIVE"
    client = login("Move-1")
    second = mission.convoys()[1]
    page = client.get("/").text
    assert NO_GO in strip_of(page, second)
    report = client.get("/documents/after").text
    assert f"{second} ({NO_GO})" in report
    assert "No verdicts were kept" in report


def test_a_convoy_that_departed_under_a_lease_in_force_is_not_red(
    login: Login, place: Place
) -> None:
    first, second = mission.convoys()[:2]
    ledger = open_ledger(place)
    plan_hash = mission.plan_of_the_day().plan_hash
    leases = [
        LeaseGiven(convoy, plan_hash, clock(14, minute), clock(14, minute + 10), "a token")
        for convoy, minute in ((first, 15), (second, 45))
    ]
    mission.write(ledger, *leases, at=clock(15, 10))
    ledger.close()
    client = login("Move-1")
    assert NO_GO not in strip_of(client.get("/").text, second)
    report = client.get("/documents/after").text
    assert f"{second} ({NO_GO})" not in report
    # The lease of the first had ended five minutes before it left.
    assert f"{first} ({NO_GO})" in report


def test_an_observer_who_logs_in_lands_on_the_liaison_view(anyone: TestClient) -> None:
    for who, onward in (("Watch-1", "/liaison"), ("Radio-1", "/")):
        form = {"call_sign": who, "password": mission.PASSWORD}
        assert anyone.post("/login?next=%2F", data=form).headers["location"] == onward


def test_a_refusal_is_a_page_with_the_band_and_the_way_on(login: Login) -> None:
    client = login("Watch-1")
    led = client.get("/")
    assert (led.status_code, led.headers["location"]) == (303, "/liaison")
    for path in ("/log", "/contacts"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "DRILL, NOT REAL" in answer.text
        assert '<a href="/liaison"' in answer.text
        assert "Not open to your roles" in answer.text
    plain = client.get("/stream/wall", headers={"accept": "text/event-stream"})
    assert plain.status_code == 403
    assert "<html" not in plain.text


def test_a_field_device_is_led_to_its_page() -> None:
    assert home_of(["device"]) == "/device/phone"
    assert home_of(["observer"]) == "/liaison"
    assert home_of(["reporting"]) == "/"


def test_a_promise_that_nobody_confirmed_has_a_way_to_confirm_it_beside_it(
    login: Login, place: Place
) -> None:
    promise = promise_of_radio(login, place)
    page = login("Head-1").get(f"/clearance/{mission.convoys()[2]}").text
    assert f'href="/enter/confirmation?about={promise.id}"' in page
    assert 'href="/enter/confirmation' not in login("Report-1").get("/clearance").text


def test_the_time_of_an_enrolment_code_is_the_rooms(login: Login, room: Room) -> None:
    """It is 15:12 in this drill; at ten seconds a second ten minutes last until 16:52."""
    client = login("Radio-1")
    form = {"post": "second-post", "number": "1"}
    assert "until 15:22" in client.post("/phones/code", data=form).text
    room.speed = 10.0
    assert "until 16:52" in client.post("/phones/code", data=form).text


def at_most_wide(text: str) -> float:
    """Return a width in units of the sketch that a text of its letters does not exceed."""
    return 6.5 * len(text)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_label_of_the_sketch_leaves_the_picture(login: Login, language: str) -> None:
    client = login("Move-1")
    client.post("/language", data={"language": language, "next": "/"})
    page = client.get("/").text
    svg = page[page.index('<svg class="map" viewBox="0 0 400 ') :]
    svg = svg[: svg.index("</svg>")]
    labels = re.findall(
        r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"[^>]*>([^<]+)</text>', svg
    )
    high = float(re.findall(r'viewBox="0 0 400 ([\d.]+)"', svg)[0])
    assert len(labels) >= len(mission.aleppo().places)
    for x, y, anchor, text in labels:
        left = float(x) - at_most_wide(text) * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        assert left >= 0
        assert left + at_most_wide(text) <= 400
        assert 11 <= float(y) <= high - 4


def test_a_long_name_on_the_sketch_is_cut_at_a_word() -> None:
    assert shortened("Rashidin-4, hand-over and triage") == "Rashidin-4, hand-over and…"
    assert shortened("Rashidin-4, hand-over, triage of all") == "Rashidin-4, hand-over…"
    assert shortened("Second post") == "Second post"
    assert shortened("A" * 40) == "A" * 25 + "…"


WANT = "want a file made by safepassage plan"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n\xb5\xed\xae\xfb", "this is a PDF, no plan.json"),
        (b"\xff\xfe\x00{", "this is no text, no plan.json"),
        (b"time,people\n1,2\n", "this is no JSON, no plan.json"),
        (b'{"format": "safepassage/rehearsal/1", "a": 1, "b": 2}', "this is a rehearsal"),
        (b'{"format": "safepassage/scenario/1", "a": 1}', "this is a scenario"),
        (b'{"format": ["x"]}', "this is JSON of something else"),
        (b"[1, 2]", "this is JSON of something else"),
    ],
)
def test_a_file_that_is_no_plan_is_named_in_one_line(
    login: Login, place: Place, content: bytes, said: str
) -> None:
    before = len(entries_of(place, "plan"))
    answer = login("Move-1").post("/plan/adopt", files={"plan": ("any.file", content)})
    assert answer.status_code == 422
    assert said in answer.text
    assert WANT in answer.text
    assert "unknown" not in answer.text
    assert "codec" not in answer.text
    assert len(entries_of(place, "plan")) == before
