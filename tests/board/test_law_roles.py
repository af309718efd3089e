"""Every pair of role and object is tried at every address that the object opens."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from safepassage.board.access import GuardedRoute
from safepassage.board.app import all_routes
from safepassage.board.jobs import BusyError
from safepassage.board.roles import ROLES, allowed, objects
from safepassage.board.room import Room
from tests.board import mission
from tests.board.conftest import Login

GUARDED = [one for one in all_routes() if isinstance(one, GuardedRoute)]
ROLE_OF = {roles[0]: who for who, roles in mission.PEOPLE.items()}
WITHOUT_PAGE = frozenset({"do hold", "do report from the field", "do anchor", "see positions"})
"""Objects without a page of their own: the hold is pressed on every page and by phones, positions
decide what stands on other pages."""


def requests() -> Iterator[tuple[GuardedRoute, str, str]]:
    for route in GUARDED:
        path = re.sub(r"{[^}]*}", "x", route.path)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield route, method, path


@pytest.mark.parametrize("role", [one for one in ROLES if one != "device"])
def test_a_role_opens_what_the_table_says_and_nothing_else(
    role: str, login: Login, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*given: object, **named: object) -> None:
        raise BusyError(f"no child process in this test: {given} {named}")

    monkeypatch.setattr(room.jobs, "begin", busy)
    client = login(ROLE_OF[role])
    wrong = []
    for route, method, path in requests():
        open_ = role in allowed(route.what)
        if open_ and path.startswith("/stream/"):
            continue  # it never ends; the browser test reads it
        answer = client.request(method, path)
        status = answer.status_code
        if path == "/" and not open_:
            # Nobody is turned away at the front door: he is led to the page of his role.
            assert (status, answer.headers["location"]) == (303, "/liaison")
            continue
        if (status == 403) is open_ or status in {401, 500}:
            wrong.append((method, path, route.what, status))
    assert not wrong


def test_nobody_without_a_login_gets_anything(anyone: TestClient) -> None:
    answers = {
        (method, path): anyone.request(method, path).status_code for _, method, path in requests()
    }
    assert set(answers.values()) <= {303, 401}, answers


def test_every_object_of_the_table_opens_some_address() -> None:
    served = {route.what for route in GUARDED}
    assert set(objects()) - served <= WITHOUT_PAGE


def test_what_needs_no_login_is_a_short_list() -> None:
    """Whatever is added to the board is either in the table of roles or here, on purpose."""
    bare = {one.path for one in all_routes() if not isinstance(one, GuardedRoute)}
    assert bare == {
        "/login",
        "/logout",
        "/language",
        "/password",
        "/device/phone",
        "/device/worker.js",
        "/device/enrol",
        "/device/report",
    }


def test_a_device_opens_no_page_of_the_room() -> None:
    assert not {route.what for route in GUARDED if "device" in allowed(route.what)} - {"do hold"}
