"""Heavy work in children: sheets, forms, papers, calls, a plan from now and its rehearsal."""

import io
import re
import time
import zipfile

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

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
        assert f"page {number} of {len(pages)}" in text.replace("\n", " ")


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


@pytest.mark.proof
def test_a_plan_from_now_is_compared_rehearsed_and_put_in_force(login: Login) -> None:
    client = login("Move-1")
    made = client.post("/plan/jobs/plan", data={"limit": "10s"}).headers["location"]
    page = until(client, made, "Put it in force")
    assert "Put it in force" in page
    assert "locked, because they have departed" in page
    played = client.post("/plan/jobs/rehearse", data={"job": made.rsplit("/", 1)[1]})
    assert "no promise" in until(client, played.headers["location"], "Arrived by hour")
    assert client.post(f"{made}/adopt").status_code == 303
    assert "is refused" not in client.get("/plan").text
    head = login("Head-1")
    asked = head.post("/plan/prices").headers["location"]
    assert "one more of it brings" in until(head, asked, "one more of it brings")
    assert "prices" in head.get("/reads").text
