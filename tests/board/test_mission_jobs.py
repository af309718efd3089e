"""Heavy work in children: sheets, forms, papers, calls, a plan from now and its rehearsal."""

import io
import re
import time
import zipfile

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from safepassage.ledger.place import Place, open_ledger
from safepassage.planner.fill_and_send import fill_and_send
from safepassage.scenario.figure import Choice
from tests.board import mission
from tests.board.conftest import Login

PATIENCE = 300.0


def until(client: TestClient, path: str, sign: str) -> str:
    """Return a page once it shows a sign; whatever is still being made is waited for."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        page = client.get(path).text
        if sign in page or "it failed" in page:
            return page
        time.sleep(0.5)
    raise AssertionError(f"{path} did not show {sign!r}")


def test_sheets_of_an_audience_and_the_filled_form_say_that_it_is_a_drill(login: Login) -> None:
    client = login("Move-1")
    assert client.post("/documents/sheets/party").status_code == 303
    page = until(client, "/documents", ">ZIP<")
    link = re.search(r'href="(/documents/sheets/party/\w+\.zip)"', page)
    assert link is not None
    answer = client.get(link[1])
    files = zipfile.ZipFile(io.BytesIO(answer.content))
    papers = [one for one in files.namelist() if one.endswith(".pdf")]
    first = PdfReader(io.BytesIO(files.read(papers[0])))
    assert all("DRILL" in one.extract_text() for one in first.pages)
    convoy = mission.convoys()[2]
    form = client.get(f"/documents/go-no-go/{convoy}.pdf")
    assert form.headers["content-type"] == "application/pdf"
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(form.content)).pages)
    assert "NO-GO" in text
    assert "DRILL" in text


def test_a_paper_bears_its_mark_on_every_page(login: Login) -> None:
    answer = login("Head-1").get("/documents/sitrep.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) >= 2
    for number, one in enumerate(pages, 1):
        text = one.extract_text()
        assert "DRILL, NOT REAL" in text
        assert f"page {number} / {len(pages)}" in text.replace("\n", " ")


def test_nobody_is_called_to_a_vehicle_without_a_seat(login: Login) -> None:
    client = login("Radio-1")
    page = until(client, "/call-forward", "<table>")
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>", 1)[1], re.DOTALL)
    assert rows
    for row in rows:
        people = re.search(r'class="n"><bdi>([\d,]+)<', row)
        if people is not None:
            seats = sum(int(n) for n in re.findall(r"(?:seat|stretcher) <bdi>(\d+)", row))
            assert int(people[1].replace(",", "")) <= seats


def test_the_rest_of_the_day_is_played_from_the_situation(login: Login) -> None:
    client = login("Move-1")
    page = client.get("/plan/jobs").text
    assert "vehicles where they are" in page
    assert "made for other numbers" not in page
    made = client.post("/plan/jobs/rest", data={"beside": "none"}).headers["location"]
    page = until(client, made, "arrived at the end")
    trips = mission.plan_of_the_day().plan.trips
    first, second = (
        sum(sum(trip.load.values()) for trip in trips if trip.convoy == one)
        for one in mission.convoys()[:2]
    )
    assert f"{first:,} people have arrived and {second:,} are on the road" in page
    assert "no promise" in page
    assert "hours later" in page
    assert "Put the plan from now in force" not in page, "none was made"
    gone = client.post("/plan/jobs/rest", data={"beside": "no-such-job"})
    assert gone.status_code == 303, "what is not kept any more: a new plan from now is made"


@pytest.mark.parametrize(
    ("people", "comes", "not_so"),
    [
        ("low", "who comes beyond them has no seat in it", "empty seats"),
        ("high", "vehicles may leave with empty seats", "has no seat"),
    ],
)
def test_a_plan_for_other_numbers_of_people_says_what_comes_of_it(
    login: Login, place: Place, people: Choice, comes: str, not_so: str
) -> None:
    ledger = open_ledger(place)
    other = fill_and_send(mission.aleppo(), people=people)
    mission.adopt(ledger, other, at=mission.clock(15, 10))
    ledger.close()
    client = login("Move-1")
    for path in ("/plan/jobs", "/plan"):
        page = client.get(path).text
        assert f"the {people} end of each range" in page, path
        assert comes in page, path
        assert not_so not in page, path


@pytest.mark.proof
def test_a_plan_from_now_is_compared_rehearsed_and_put_in_force(login: Login) -> None:
    client = login("Move-1")
    made = client.post("/plan/jobs/plan", data={"limit": "10s"}).headers["location"]
    page = until(client, made, "Put it in force")
    assert "Put it in force" in page
    assert "locked, because they have departed" in page
    played = client.post("/plan/jobs/rest", data={"beside": made.rsplit("/", 1)[1]})
    page = until(client, played.headers["location"], "Arrived by hour")
    assert "no promise" in page
    assert "the plan from now against it, the same truces" in page
    assert client.post(f"{made}/adopt").status_code == 303
    assert "is refused" not in client.get("/plan").text
    head = login("Head-1")
    asked = head.post("/plan/prices").headers["location"]
    assert "one more of it brings" in until(head, asked, "one more of it brings")
    assert "prices" in head.get("/reads").text
