"""Known: two people release what the public reads; messages are read, answered and never lost."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from safepassage.board.app import make_app
from safepassage.board.room import Room
from safepassage.board.telling.host import PublicHost
from safepassage.intake.folder import QUEUE, make_folder
from safepassage.intake.queue import Incoming, Queue
from safepassage.intake.sealing import key_of_code, open_with, read_key, seal
from safepassage.intake.ticket import hash_of
from tests.board import mission
from tests.board.conftest import BASE
from tests.board.mission import PASSWORD

NOTICE = (mission.CASE / "public.toml").read_text(encoding="utf-8")
ID = "leaving-15-december"
AT = datetime(2016, 12, 15, 12, tzinfo=UTC)


@pytest.fixture
def host(tmp_path: Path) -> PublicHost:
    make_folder(tmp_path / "host", tmp_path / "cell.key")
    return PublicHost(tmp_path / "host", tmp_path / "cell.key")


class Cell:
    """A board with a public host, and the browsers of its people."""

    def __init__(self, first: TestClient, host: PublicHost) -> None:
        self._first = first
        self.host = host

    def person(self, call_sign: str) -> TestClient:
        client = TestClient(self._first.app, base_url=BASE, follow_redirects=False)
        client.headers |= {"origin": BASE, "accept": "text/html"}
        client.portal = self._first.portal
        answer = client.post("/login", data={"call_sign": call_sign, "password": PASSWORD})
        assert answer.status_code == 303
        return client

    def page(self, language: str = "en") -> str:
        return (self.host.folder / "released" / f"{language}.html").read_text(encoding="utf-8")

    def add(self, message: Incoming, code: str = "CCCCCCCCCC") -> int:
        queue = Queue(self.host.folder / QUEUE)
        number = queue.add(message, ticket=hash_of(code), token=code, at=AT)
        queue.close()
        assert number is not None
        return number


def said(text: str, category: str = "question") -> Incoming:
    return Incoming("en", category, text=text, plea=False, folded=text)


@pytest.fixture
def cell(room: Room, host: PublicHost) -> Iterator[Cell]:
    app = make_app(room, public=host)
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        client.headers |= {"origin": BASE, "accept": "text/html"}
        yield Cell(client, host)


def text_hash(page: str) -> str:
    return page.split('name="text_hash" value="')[1].split('"', maxsplit=1)[0]


def test_two_people_release_a_notice_and_the_public_page_is_written(cell: Cell) -> None:
    reporting, head = cell.person("Report-1"), cell.person("Head-1")
    assert reporting.post("/public/propose", data={"notice": NOTICE}).status_code == 303
    page = reporting.get("/public").text
    yes = {"notice": ID, "text_hash": text_hash(page)}
    assert reporting.post("/public/release", data=yes).status_code == 303
    assert "A second person in another role is needed." in reporting.get("/public").text
    assert reporting.post("/public/release", data=yes).status_code == 303
    assert "Nothing has been released" in cell.page(), "one person twice is one person"
    assert head.post("/public/release", data=yes).status_code == 303
    assert cell.host.fault is None
    assert "A seat costs nothing." in cell.page()
    assert "EXERCISE, NOT REAL" in cell.page()
    down = head.post("/public/down", data={"notice": ID, "why": "the road is closed"})
    assert down.status_code == 303
    assert "Nothing has been released" in cell.page()


def test_a_text_that_changed_since_it_was_read_is_not_released(cell: Cell) -> None:
    reporting, head = cell.person("Report-1"), cell.person("Head-1")
    reporting.post("/public/propose", data={"notice": NOTICE})
    old = text_hash(head.get("/public").text)
    reporting.post("/public/propose", data={"notice": NOTICE.replace("costs nothing", "costs 5")})
    answer = head.post("/public/release", data={"notice": ID, "text_hash": old})
    assert answer.status_code == 422
    assert "changed since you read it" in answer.text


def test_a_text_that_gives_a_place_away_is_refused_and_kept_in_the_form(cell: Cell) -> None:
    words = NOTICE.replace("Towards Idlib. You", "Come to Al-Amiriyah at 14:30. You")
    answer = cell.person("Report-1").post("/public/propose", data={"notice": words})
    assert answer.status_code == 422
    assert "amiriyah" in answer.text
    assert "Come to Al-Amiriyah at 14:30." in answer.text


def test_what_is_exact_is_confirmed_item_by_item(cell: Cell) -> None:
    words = NOTICE.replace("Towards Idlib. You", "From Al-Amiriyah at 14:30. You")
    words += '\n[releases]\nplaces = ["amiriyah"]\ntimes = true\n'
    head = cell.person("Head-1")
    head.post("/public/propose", data={"notice": words})
    yes = {"notice": ID, "text_hash": text_hash(head.get("/public").text)}
    assert head.post("/public/release", data={**yes, "exact": "times"}).status_code == 422
    both = {**yes, "exact": ["times", "amiriyah"]}
    assert head.post("/public/release", data=both).status_code == 303


def test_an_observer_and_a_stranger_see_and_do_nothing_of_it(cell: Cell) -> None:
    watch = cell.person("Watch-1")
    assert watch.get("/public").status_code == 403
    assert watch.get("/messages").status_code == 403
    assert watch.post("/public/release", data={}).status_code == 403
    assert cell.person("Radio-1").get("/messages").status_code == 403
    assert cell.person("Report-1").get("/messages/sensitive").status_code == 403


def test_a_message_is_answered_and_the_holder_of_its_code_reads_it(cell: Cell) -> None:
    number = cell.add(said("When does the bus leave?"), "AAAAAAAAAA")
    reporting = cell.person("Report-1")
    assert "When does the bus leave?" in reporting.get("/messages").text
    answer = {"message": str(number), "answer": "Not known yet."}
    assert reporting.post("/messages/answer", data=answer).status_code == 303
    found = Queue(cell.host.folder / QUEUE).answer_for(hash_of("AAAAAAAAAA"))
    assert found is not None
    assert found.text == "Not known yet."


def test_what_is_called_junk_is_still_there(cell: Cell) -> None:
    number = cell.add(said("buy watches"))
    reporting = cell.person("Report-1")
    reporting.post("/messages/mark", data={"message": str(number), "state": "spam"})
    assert "buy watches" in reporting.get("/messages?state=spam").text
    assert Queue(cell.host.folder / QUEUE).choices() == (("buy watches", True),)


def test_a_partys_statement_becomes_one_unconfirmed_claim_however_often(
    cell: Cell, room: Room
) -> None:
    number = cell.add(said("We guarantee the road until noon.", "party"))
    head = cell.person("Head-1")
    for _ in range(2):
        data = {"message": str(number), "speaker": "a party"}
        assert head.post("/messages/claim", data=data).status_code == 303

    async def claims() -> list[str]:
        found = await room.read(lambda ledger: list(ledger.entries(0, None, ("statement",))))
        return [one.source.channel for one in found if one.source is not None]

    assert head.portal is not None
    channels = head.portal.call(claims)
    assert channels.count("public page") == 1


def test_the_head_alone_opens_and_answers_what_is_sealed(cell: Cell) -> None:
    code = "BBBBBBBBBB"
    public = read_key(cell.host.folder / "cell.pub")
    words = f'{{"text": "SECRETWORD", "answer_key": "{key_of_code(code).hex()}"}}'
    sealed = seal(public, words.encode())
    number = cell.add(Incoming("en", "sensitive", sealed=sealed, state="sensitive"), code)
    assert "SECRETWORD" not in cell.person("Report-1").get("/messages?state=sensitive").text
    head = cell.person("Head-1")
    assert "SECRETWORD" in head.get("/messages/sensitive").text
    data = {"message": str(number), "answer": "come to us"}
    assert head.post("/messages/sensitive", data=data).status_code == 200
    found = Queue(cell.host.folder / QUEUE).answer_for(hash_of(code))
    assert found is not None
    assert found.sealed is not None
    assert open_with(key_of_code(code), found.sealed) == b"come to us"


def test_a_board_without_a_public_host_says_so(room: Room) -> None:
    with TestClient(make_app(room), base_url=BASE, follow_redirects=False) as client:
        client.headers |= {"origin": BASE, "accept": "text/html"}
        client.post("/login", data={"call_sign": "Head-1", "password": PASSWORD})
        assert "start it with --public FOLDER" in client.get("/public").text
        assert "start it with --public FOLDER" in client.get("/messages").text
        assert "without the key" in client.get("/messages/sensitive").text
