"""Who sees what: the liaison view, documents by audience, the mark of a drill, the audit."""

import json
import re

import pytest

from safepassage.board.access import GuardedRoute
from safepassage.board.app import all_routes
from safepassage.board.room import Room, beside
from safepassage.ledger.place import Place
from tests.board import mission
from tests.board.conftest import Login

CANARY = "+963-000-CANARY"
PAGES = [
    "/",
    "/liaison",
    "/enter",
    "/enter/guarantee",
    "/enter/movement",
    "/clearance",
    "/holds",
    "/plan",
    "/plan/jobs",
    "/log",
    "/changes",
    "/radio",
    "/held",
    "/medical",
    "/contacts",
    "/expiries",
    "/purge",
    "/reads",
    "/people",
    "/documents",
    "/documents/sitrep",
    "/documents/sitrep-public",
    "/documents/activity",
    "/documents/after",
    "/password",
    "/phones",
    "/phones/relay",
    "/groups",
    "/groups/slip?token=2047-9",
    "/groups/sheet?first=2047&number=6",
]


@pytest.fixture
def told(login: Login) -> Login:
    """Enter a guarantee with a contact, and a count by a person."""
    login("Radio-1").post(
        "/enter/guarantee",
        data={"party": "militias", "covers": "all", "contact": CANARY, "until": "19:00"},
    )
    return login


def test_the_liaison_view_holds_no_contact_no_position_and_nobody_of_the_room(told: Login) -> None:
    watch = told("Watch-1")
    page = watch.get("/liaison").text
    assert CANARY not in page
    main = page.split("<main", 1)[1].split("</main>")[0]
    for word in ("c002", "departed", "Radio-1", "Head-1", "Convoys on the road", "Sketch"):
        assert word not in main, word
    assert watch.get("/").headers["location"] == "/liaison"
    assert CANARY in told("Head-1").get("/").text


def test_who_sees_no_contacts_and_no_positions_meets_none_on_any_page(told: Login) -> None:
    report, head = told("Report-1"), told("Head-1")
    assert "Convoys on the road" in head.get("/").text
    for path in PAGES:
        page = report.get(path)
        if page.status_code == 200:
            assert CANARY not in page.text, path
            assert "Convoys on the road" not in page.text, path
            assert "movement per" not in page.text.replace("</b> ", " "), path
    for path in ("/log.csv", "/log.json", "/documents/after.md"):
        assert CANARY not in report.get(path).text
    assert '"movement"' not in report.get("/log.json").text
    assert '"movement"' in head.get("/log.json").text


def test_a_contact_stands_where_its_reading_is_noted_and_on_the_wall_only(told: Login) -> None:
    head = told("Head-1")
    shown = {path for path in PAGES if CANARY in head.get(path).text}
    assert shown == {"/", "/clearance", "/contacts"}


def test_the_public_report_names_no_place_no_party_and_no_hour_to_come(told: Login) -> None:
    text = told("Report-1").get("/documents/sitrep-public.md").text
    scenario = mission.aleppo()
    names = [one.name() for one in (*scenario.places, *scenario.parties)]
    assert not [one for one in names if one.split(",")[0] in text]
    assert CANARY not in text
    assert "Next best move" not in text
    assert "arrived" in text


def test_the_calendar_names_no_contact_and_says_that_it_is_a_drill(told: Login) -> None:
    mission_text = told("Head-1").get("/expiries.ics").text
    assert mission_text.startswith("BEGIN:VCALENDAR\r\n")
    assert CANARY not in mission_text
    assert all(len(line.encode()) <= 75 for line in mission_text.split("\r\n"))


def test_a_drill_says_so_on_every_page_and_in_every_export(told: Login) -> None:
    client = told("Head-1")
    for path in PAGES:
        page = client.get(path)
        assert page.status_code == 200, path
        assert page.text.count("DRILL, NOT REAL") >= 2, path
        assert "<title>DRILL ·" in page.text, path
    for name in ("sitrep", "sitrep-public", "activity", "after"):
        answer = client.get(f"/documents/{name}.md")
        assert answer.text.startswith("**DRILL, NOT REAL**")
        headings = re.findall(r"^#+ (.*)$", answer.text, re.MULTILINE)
        assert headings
        assert all(one.startswith("DRILL: ") for one in headings)
        assert 'filename="drill-' in answer.headers["content-disposition"]
    assert json.loads(client.get("/log.json").text)["mode"] == "DRILL"
    rows = client.get("/log.csv").text.splitlines()
    assert all(row.startswith("DRILL,") for row in rows[1:])


def test_no_page_has_a_script_or_a_style_of_its_own_or_asks_another_host(told: Login) -> None:
    client = told("Head-1")
    for path in PAGES:
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        page = answer.text
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), path
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", page), path
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", page), path


def test_reading_what_is_sensitive_is_noted_and_a_changed_note_is_seen(
    told: Login, room: Room, place: Place
) -> None:
    head = told("Head-1")
    told("Radio-1").get("/contacts")
    page = head.get("/reads").text
    assert re.search(r"Radio-1</bdi></th><td>contacts", page)
    assert room.reads.whole()
    path = beside(place, "reads")
    path.write_text(path.read_text().replace("Radio-1", "Radio-2"))
    assert "This file was changed" in head.get("/reads").text


def test_words_of_people_are_never_markup(login: Login) -> None:
    head = login("Head-1")
    words = '<img src=x onerror="alert(1)"> *bold* [link](http://evil.example)'
    answer = head.post("/enter/statement", data={"speaker": "a post", "quote": words})
    assert answer.status_code == 303
    for path in ("/", "/log", "/changes"):
        assert "<img src=x" not in head.get(path).text
    head.post("/enter/incident", data={"what": words, "event": "e1"})
    head.post("/enter/incident", data={"what": "otherwise", "event": "e1"})
    text = head.get("/documents/sitrep.md").text
    assert "\\<img src=x" in text
    assert "\\[link\\]" in text


def test_a_cell_of_the_log_is_never_a_formula(login: Login) -> None:
    head = login("Head-1")
    head.post("/enter/statement", data={"speaker": "=cmd()", "quote": "=1+1"})
    rows = head.get("/log.csv").text
    assert ',"=' not in rows
    assert ",=" not in rows


def test_every_address_is_made_with_the_table_or_guards_itself() -> None:
    open_ = {getattr(one, "path", "") for one in all_routes() if not isinstance(one, GuardedRoute)}
    known = {"/login", "/logout", "/language", "/password"}
    assert {one for one in open_ - known if not one.startswith(("/device", "/phone"))} == set()
