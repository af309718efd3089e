"""Every page in another language: nothing falls back to English unless it says so.

Names of the mission, what people said, call signs, ids and codes stay as they are; any other word
in Latin letters on an Arabic page is a fault of the program.
"""

import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from starlette.testclient import TestClient

from safepassage.board import wording
from safepassage.board.access import GuardedRoute
from safepassage.board.app import all_routes
from safepassage.board.entering.forms import shown_choices
from safepassage.board.groups.routes import FORMS
from safepassage.board.ours import OURS
from safepassage.board.pages import teller
from safepassage.board.roles import ENTERS
from safepassage.board.room import Room
from safepassage.board.working.expiring import ical
from safepassage.clearance.expiring import Expiry
from safepassage.clearance.standing import checked, promised
from safepassage.ledger.kinds import KINDS
from safepassage.ledger.place import Place, open_ledger
from scripts.words import collected
from tests.board import mission
from tests.board.conftest import Login
from tests.board.reading import latin, pieces_of

CODES = frozenset(
    {
        *("UTC", "PDF", "CSV", "JSON", "ZIP", "HTML", "TOML", "QR", "ICS", "Markdown", "DRILL"),
        *("LIVE", "English", "https", "KiB", "SHA", "Ed", "UTF", "WAL", "SQLite", "base"),
        # Times as they are typed.
        *("min", "now"),
        # What is typed at a command line, and an example of a line of a phone.
        *("public", "FOLDER", "host", "name", "plan", "json", "safepassage"),
        *("KAFO", "THROUGH", "DUBE"),
        *("Head", "Reuters"),
    }
)
"""Codes, file formats, keys and commands: the same in every language."""
ID = re.compile(r"\b(?:c\d{3}|bus-\d\d|ambulance-\d\d|delegate-\d\d|[0-9a-f]{8}|[0-9a-f]{12})\b")
NO_PAGE = ("/stream/", "/device/", ".csv", ".json", ".ics", ".md", ".pdf", ".zip", ".svg")
ODD = ("", "X Y", "25:61", "33.5138,36.2765")
"""Wrong in one way or another in most fields."""


def known_words(place: Place) -> list[str]:
    """Return what stays as it is: names of the mission, and what people wrote; longest first."""
    scenario = mission.aleppo()
    known = {one.text for agreement in scenario.agreements for one in agreement.clauses}
    known |= {
        words for a in scenario.agreements for c in a.clauses for words in c.versions.values()
    }
    known |= {one.id for one in scenario.agreements} | {one.name for one in scenario.linked}
    known |= {one.id for agreement in scenario.agreements for one in agreement.clauses}
    known |= {*mission.PEOPLE, "radio-1", "liaison", "room"}
    ledger = open_ledger(place)
    for entry in ledger.entries(0, None):
        known |= {entry.id, entry.device}
        for body in (entry.body, entry.source):
            for one in () if body is None else dataclasses.fields(body):
                value = getattr(body, one.name)
                # Words that are chosen from ours are translated; what people wrote is not.
                if isinstance(value, str) and one.name not in NAMED and not shown_choices(one):
                    known.add(value)
    ledger.close()
    return sorted((one for one in known - OURS if latin(one)), key=len, reverse=True)


NAMED = frozenset(
    {"plan", "token", "kind", "party", "place", "person_class", "group", "to", "wants"}
)
"""Fields that hold no words of people: ids of the mission are shown as names."""


def strange(piece: str, known: list[str]) -> list[str]:
    """Return the Latin words of a piece that are nothing known."""
    piece = re.sub(r"{\w+}", " ", piece)
    cut = re.fullmatch(r"(.*?)([^·:▶]*?)(?:\.\.\.|…)( [‖✕])?", piece)
    if cut is not None and any(one.startswith(cut[2].strip()) for one in known):
        piece = cut[1]  # cut on the wall or the map: the beginning of something known
    for one in known:
        if one in piece:
            piece = re.sub(rf"(?<![A-Za-z]){re.escape(one)}(?![A-Za-z])", " ", piece)
    # A single letter is a key that is pressed.
    return [one for one in latin(ID.sub(" ", piece)) if len(one) > 1 and one not in CODES]


def shown(found: dict[tuple[str, str], list[str]]) -> str:
    return "\n".join(f"{path} | {piece} | {words}" for (path, piece), words in found.items())


def addresses() -> list[str]:
    """Return every address of a page that needs nothing but a login."""
    plain = [
        one.path
        for one in all_routes()
        if isinstance(one, GuardedRoute)
        and "GET" in (one.methods or ())
        and "{" not in one.path
        and not any(part in one.path for part in NO_PAGE)
    ]
    more = [f"/clearance/{mission.convoys()[2]}", "/clearance/c999", "/plan/jobs/none"]
    return [*plain, *more, "/groups/slip?token=2047-9", "/groups/sheet?first=2047&number=6"]


@pytest.fixture
def arabic(login: Login) -> TestClient:
    """Return the head's browser in Arabic, after a day with something of everything."""
    head, radio = login("Head-1"), login("Radio-1")
    head.post("/hold", data={"why": ""})
    head.post("/hold", data={"why": "", "convoy": mission.convoys()[3]})
    radio.post("/enter/guarantee", data={"party": "russia", "covers": "all", "until": "19:00"})
    head.post("/enter/incident", data={"event": "e1", "what": "رشقات", "covers": "ramouseh"})
    radio.post("/enter/dispute", data={"about": "38", "says": "لا شيء"})
    head.post("/enter/correction", data={"about": "39", "why": "خطأ"})
    radio.post("/enter/readiness", data={"what": "place", "kind": "rashidin4", "ready": "9"})
    head.post("/groups/enter/household", data={"token": "2047-9", "group": "others", "people": 4})
    head.post(f"/clearance/{mission.convoys()[2]}/ask")
    head.post("/language", data={"language": "ar", "next": "/"})
    return head


def test_no_page_in_arabic_holds_a_word_of_english(
    arabic: TestClient, login: Login, place: Place
) -> None:
    watch = login("Watch-1")
    watch.post("/language", data={"language": "ar", "next": "/"})
    known = known_words(place)
    found = {}
    for client, path in [
        *((arabic, one) for one in addresses()),
        (watch, "/liaison"),
        (watch, "/"),
    ]:
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code in {200, 403, 422}, path
        assert 'dir="rtl"' in answer.text
        for piece in pieces_of(answer.text, "ar"):
            if words := strange(piece, known):
                found[path, piece[:120]] = words
    assert not found, shown(found)


def refusals(convoy: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield wrong inputs to every form: the address, and what is typed."""
    for kind in ENTERS:
        names = [one.name for one in dataclasses.fields(KINDS[kind])]
        for odd in ODD:
            yield f"/enter/{kind}", {**dict.fromkeys(names, odd), "heard_at": odd}
    yield "/enter/guarantee", {"heard_at": "2030-01-01T10:00+02:00", "party": "russia"}
    yield (
        "/enter/guarantee",
        {"party": "russia", "covers": "all", "since": "18:00", "until": "17:00"},
    )
    yield (
        "/enter/count",
        {"what": "arrived", "people": "5", "low": "9", "high": "2", "counter": "x"},
    )
    yield "/enter/confirmation", {"about": "99999", "known_contact": "yes"}
    for form in FORMS:
        for odd in ODD:
            yield f"/groups/enter/{form}", dict.fromkeys(FORMS[form], odd)
    yield (
        "/groups/enter/household",
        {"token": "2047-9", "group": "others", "people": 2, "unaccompanied": 3},
    )
    yield (
        "/groups/enter/household",
        {"token": "2047-9", "group": "others", "people": 2, "unaccompanied": 1},
    )
    for role in ("x", "reporting", "head"):
        yield f"/clearance/{convoy}/approve", {"role": role, "seen": "1"}
    yield "/clearance/c999/approve", {"role": "head"}
    yield "/clearance/c999/ask", {}
    yield f"/clearance/{convoy}/uncleared", {"why": "x", "second": "Head-1"}
    yield (
        f"/clearance/{convoy}/uncleared",
        {"why": "x", "second": "Move-1", "second_password": "no"},
    )
    yield "/gate", {"line": "x", "met": "yes", "role": "head"}
    yield "/gate", {"line": "voluntary", "met": "yes", "role": "x"}
    yield "/lift", {"hold": "x"}
    yield "/hold", {"why": "33.5138,36.2765"}
    yield "/plan/adopt", {}
    yield "/plan/jobs/rehearse", {"job": "x"}
    yield "/plan/jobs/none/adopt", {}
    yield "/held/report", {}
    yield "/held/report", {"convoy": convoy, "infants": "x", "next_call": "25:99"}
    yield "/held/hand-over", {"to": "x"}
    yield "/people/give", {"person": "x", "role": "head", "second": "Head-1"}
    yield "/people/revoke", {"person": "Head-1"}
    yield "/password", {"old": "x"}
    yield "/password", {"old": mission.PASSWORD, "new": "a", "again": "b"}
    yield "/password", {"old": mission.PASSWORD, "new": "a", "again": "a"}
    yield "/phones/code", {"post": "x"}
    yield "/phones/revoke", {"device": "x"}
    yield "/reports/new", {}
    yield "/reports/new", {"text": "x", "day": "x"}
    yield "/public/propose", {"notice": "["}
    yield "/public/down", {}


def test_what_is_refused_is_refused_in_arabic(arabic: TestClient, place: Place) -> None:
    known = sorted([*known_words(place), *ODD[1:]], key=len, reverse=True)
    found, refused = {}, 0
    for path, typed in refusals(mission.convoys()[2]):
        answer = arabic.post(path, data=typed)
        refused += answer.status_code == 422
        for piece in pieces_of(answer.text, "ar") if answer.status_code != 303 else ():
            # What a library says of a file it cannot read stays English, and is marked as such.
            marked = re.sub(r"\(بالإنجليزية\) Invalid initial character[^،]*", " ", piece)
            if words := strange(marked, known):
                found[path, piece[:160]] = words
    assert refused > 100
    assert not found, shown(found)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7", b"\xff\xfe\x00", b"a,b", b'{"format": "safepassage/rehearsal/1"}', b"[1]"],
)
def test_a_file_that_is_no_plan_is_refused_in_arabic(arabic: TestClient, content: bytes) -> None:
    answer = arabic.post("/plan/adopt", files={"plan": ("x", content)})
    assert answer.status_code == 422
    fault = re.findall(r'role="alert">(.*?)</p>', answer.text)[0]
    assert not [one for one in latin(fault) if one not in CODES]


def test_what_the_verifier_says_is_marked_as_english(arabic: TestClient) -> None:
    plan = json.loads(mission.plan_text(mission.plan_of_the_day()))
    plan["trips"][0]["depart"] -= 600
    answer = arabic.post("/plan/adopt", files={"plan": ("x", json.dumps(plan).encode())})
    assert answer.status_code == 422
    assert "(بالإنجليزية) plan refused" in answer.text


def test_the_calendar_rings_in_the_language_of_who_reads(room: Room) -> None:
    at = room.clock()
    lapsing = [
        Expiry("guarantee", promised("russia", "ramouseh"), at + timedelta(hours=1)),
        Expiry("check", checked("fuel", mission.convoys()[2]), at + timedelta(minutes=20)),
    ]
    said = {}
    for language in ("en", "ar"):
        tell = teller(room, wording.words(language))
        text = ical(tuple(lapsing), tell, mode="DRILL", at=at, upto=7)
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
        said[language] = text.replace("\r\n ", "")
    spoken = re.findall(r"^(?:SUMMARY|DESCRIPTION):DRILL(.*?)\r?$", said["ar"], re.MULTILINE)
    assert len(spoken) == 3 * len(lapsing)
    assert not [one for one in spoken if strange(one, mission.convoys())]
    assert "SUMMARY:DRILL: guarantee ends: Russia on " in said["en"]
    # The same events either way: an import in another language replaces, it does not double.
    events = [re.findall(r"UID:\S+|DTSTART:\S+", one) for one in said.values()]
    assert len(events[0]) == 2 * len(lapsing)
    assert events[0] == events[1]


def test_a_phone_is_told_why_in_its_own_language(anyone: TestClient) -> None:
    answer = anyone.post("/device/report?lang=ar", json={"device": "none"})
    assert answer.json()["why"] == "هذه الغرفة لا تعرف هذا الجهاز"
    answer = anyone.post("/device/report", json={"device": "none"})
    assert answer.json()["why"] == "this room does not know this device"


# --- a language that nobody has made yet


def bracketed(text: str) -> str:
    """Return a made-up translation: what was not looked up bears no brackets."""
    return f"⟦{text}⟧"


def unbracketed(piece: str) -> str:
    """Return what of a piece stands outside all brackets."""
    while (cut := re.sub(r"⟦[^⟦⟧]*⟧", " ", piece)) != piece:
        piece = cut
    return piece


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Add a language by nothing but a catalogue of its own, and its name in the list."""
    folder = tmp_path / "locale" / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = collected()
    for one in catalog:
        if one.id:
            one.string = bracketed(str(one.id))
    with (folder / "board.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(wording, "LOCALE", tmp_path / "locale")
    monkeypatch.setitem(wording.LANGUAGES, "xx", "Made up")  # type: ignore[arg-type]
    wording.words.cache_clear()
    return "xx"


def test_a_third_language_needs_nothing_but_a_catalogue(
    made_up: str, arabic: TestClient, place: Place, room: Room
) -> None:
    arabic.post("/language", data={"language": made_up, "next": "/"})
    known = [*known_words(place), *_names(room), "Made up", "العربية"]
    known.sort(key=len, reverse=True)
    found = {}
    try:
        for path in addresses():
            answer = arabic.get(path, follow_redirects=True)
            for piece in pieces_of(answer.text, made_up):
                if words := strange(unbracketed(piece), known):
                    found[path, piece[:120]] = words
    finally:
        wording.words.cache_clear()
    assert not found, shown(found)


def _names(room: Room) -> list[str]:
    """Return the English names of a mission: it has none in a language that nobody has made."""
    scenario = room.scenario
    named = (*scenario.places, *scenario.parties)
    texts = [one.name() for one in named] + [scenario.name, *scenario.names.values()]
    texts += [name for one in scenario.vehicles for name in one.names.values()]
    texts += [name for one in scenario.staff for name in one.names.values()]
    texts += [name for one in scenario.corridors for name in one.names.values()]
    return [*texts, *(one.split(",")[0] for one in texts)]
