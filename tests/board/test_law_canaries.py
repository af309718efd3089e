"""A name that is typed into any input of any page is in no log, no backup and no paper that leaves.

Pages and forms are found, not listed: whatever is added to the board is tried as well. The words of
an entry are the record: the cell reads them, and they are sealed in the file.
"""

import io
import re
import sqlite3
from pathlib import Path

import pytest
from pypdf import PdfReader
from starlette.routing import Route
from starlette.testclient import TestClient

from safepassage.board.app import all_routes
from safepassage.board.jobs import BusyError
from safepassage.board.room import Room
from safepassage.ledger.place import Place, open_ledger
from tests.board.conftest import Login
from tests.board.forms import Form, forms_of, pages, posted

CANARY = "Zaynab-Canary"
NEVER = ("/logout", "/password", "/people/remove", "/purge/now", "/login")
"""Forms that would end the test: they are filled in with a wrong password, or left."""
BY_SCRIPT = {
    "/device/enrol",
    "/device/report",
    "/phones/relay/codes",
    "/phones/relay/line",
    "/reports/{report}/card",
    "/reports/{report}/figures",
    "/plan/jobs/{job}/adopt",
}
"""What only scripts or pages of finished work post: tried in the phone's day and by the reader."""
WITHOUT_WORDS = {"/login", "/phones/revoke", "/plan/jobs/rehearse", "/purge/now"}
"""A button that stands on a page only at times, with nothing to type; and the door itself."""
FOR_THE_PUBLIC = ("/public/", "/messages/")
"""What is written for people outside is meant to leave: two people read it, or one answers."""
LEAVING = ("/liaison", "/documents/sitrep-public", "/documents/sitrep-public.md", "/expiries.ics")


def all_forms(login: Login) -> list[Form]:
    """Return every form that anybody of the room finds on any page, while a hold is on."""
    assert login("Watch-1").post("/hold").status_code == 303
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for who in ("Head-1", "Move-1", "Radio-1", "Med-1", "Report-1", "Watch-1"):
        client = login(who)
        for page in [*pages(), "/groups/slip?token=2047-9"]:
            for form in forms_of(client, page):
                key = (form.action, tuple(one.name for one in form.fields))
                found.setdefault(key, form)
    return list(found.values())


def type_names(client: TestClient, form: Form) -> int:
    """Type a name into each input by itself, then into all; return how many requests that was."""
    typed = [one.name for one in form.fields if one.typed]
    tries = [{one: CANARY} for one in typed]
    if len(typed) > 1:
        tries.append(dict.fromkeys(typed, CANARY))
    for one in tries:
        answer = client.post(form.action, data=form.filled(one))
        assert answer.status_code < 500, (form.action, one)
    return len(tries)


def test_no_name_that_is_typed_anywhere_is_kept_in_the_clear_or_leaves(
    login: Login,
    room: Room,
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def busy(*given: object, **named: object) -> None:
        raise BusyError(f"no child process in this test: {given} {named}")

    monkeypatch.setattr(room.jobs, "begin", busy)
    left = (*NEVER, *FOR_THE_PUBLIC)
    forms = [one for one in all_forms(login) if not one.action.startswith(left)]
    head, radio, medical = login("Head-1"), login("Radio-1"), login("Med-1")
    asked = 0
    for form in forms:
        for client in (head, radio, medical):
            asked += type_names(client, form)
    assert asked > 150, "so many inputs were there when this was written"
    kept = [one for one in _words_of(place) if CANARY.casefold() in one.casefold()]
    assert kept, "a name was typed where words are taken: else nothing would have been tried"
    monkeypatch.undo()

    backup = tmp_path / "backup.db"
    source, target = sqlite3.connect(str(place.file)), sqlite3.connect(backup)
    source.backup(target)
    source.close()
    target.close()
    needles = [
        word.encode(how)
        for word in (CANARY, CANARY.upper(), CANARY.lower(), CANARY.lower().replace("-", ""))
        for how in ("utf-8", "utf-16-le")
    ]
    looked = 0
    for path in tmp_path.rglob("*"):
        if path.is_file():
            looked += 1
            content = path.read_bytes()
            assert not any(one in content for one in needles), path
    assert looked >= 6
    said = "".join(capfd.readouterr()) + caplog.text
    assert CANARY.casefold() not in said.casefold()
    watch, report = login("Watch-1"), login("Report-1")
    for path in LEAVING:
        page = (watch if path == "/liaison" else report).get(path)
        assert page.status_code == 200, path
        assert CANARY.casefold() not in page.text.casefold(), path
    paper = report.get("/documents/sitrep-public.pdf").content
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(paper)).pages)
    assert len(text) > 200
    assert CANARY.casefold() not in text.casefold()


def test_every_way_in_is_a_form_of_some_page_or_is_tried_elsewhere(login: Login) -> None:
    """What is added to the board and takes words is found by this test, or has to be named here."""
    actions = [one.action for one in all_forms(login)]
    missing = []
    for path in posted(all_routes()):
        pattern = re.compile(re.sub(r"{[^}]*}", "[^/]+", path) + r"(\?.*)?$")
        if not any(pattern.fullmatch(action) for action in actions):
            missing.append(path)
    unknown = set(missing) - BY_SCRIPT - WITHOUT_WORDS
    assert {one for one in unknown if not one.startswith(FOR_THE_PUBLIC)} == set()


def _words_of(place: Place) -> list[str]:
    ledger = open_ledger(place)
    try:
        return [str(one) for one in ledger.entries()]
    finally:
        ledger.close()


def test_pages_are_found() -> None:
    found = pages()
    assert {"/", "/log", "/enter/guarantee", "/medical"} <= set(found)
    assert all(isinstance(one, Route) or "static" in str(one) for one in all_routes())
