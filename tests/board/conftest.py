"""A room over a fresh ledger, and browsers (of the test client) that are logged in to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from safepassage.board.app import make_app
from safepassage.board.room import Room
from safepassage.ledger.place import Place
from tests.board import mission

BASE = "http://localhost"
Login = Callable[[str], TestClient]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return the ledger of the Aleppo afternoon."""
    made = mission.new_place(tmp_path)
    mission.afternoon(made)
    return made


@pytest.fixture
def room(place: Place) -> Room:
    """Return a drill room at 15:12 of that day."""
    return mission.room_of(place)


@pytest.fixture
def anyone(room: Room) -> Iterator[TestClient]:
    """Return a browser that nobody has logged in."""
    with TestClient(make_app(room), base_url=BASE, follow_redirects=False) as client:
        client.headers |= {"origin": BASE, "accept": "text/html"}
        yield client


@pytest.fixture
def login(anyone: TestClient) -> Login:
    """Return a function that logs a call sign in and returns its browser."""

    def enter(call_sign: str) -> TestClient:
        client = TestClient(anyone.app, base_url=BASE, follow_redirects=False)
        client.headers |= {"origin": BASE, "accept": "text/html"}
        # The room is open already: the first client runs its lifespan and its event loop.
        client.portal = anyone.portal
        answer = client.post("/login", data={"call_sign": call_sign, "password": mission.PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    return enter
