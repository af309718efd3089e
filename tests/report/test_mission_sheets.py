"""The sheets of eastern Aleppo, 15 December 2016, as the fill-and-send baseline plans the day."""

import re
from pathlib import Path

import pytest

from safepassage.planner.fill_and_send import fill_and_send
from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets import write_sheets
from safepassage.report.sheets.go_no_go import GoNoGoBody, go_no_go
from safepassage.report.sheets.leader import LeaderBody, leader_card
from safepassage.report.sheets.movement import movements
from safepassage.scenario.load import load_scenario
from tests.report.sheet_pages import PRINTING, pages

CASE = Path(__file__).parents[2] / "cases" / "aleppo-2016"


@pytest.fixture(scope="module")
def aleppo() -> VerifiedPlan:
    return fill_and_send(load_scenario(CASE))


def test_the_militias_at_the_second_post_are_asked_though_they_promised_nothing(
    aleppo: VerifiedPlan,
) -> None:
    # On 14 and 16 December convoys passed the first post and were stopped at this one.
    body = go_no_go(aleppo, movements(aleppo)[0], PRINTING).body
    assert isinstance(body, GoNoGoBody)
    asked = {(line.party.en, line.what.en) for line in body.promises if line.party}
    assert ("Allied militias on the road", "Post Second post") in asked
    assert {party for party, _ in asked} == {
        "Russia",
        "Syrian government",
        "Allied militias on the road",
        "Opposition groups",
    }


def test_the_empty_form_asks_for_all_that_stands_ready_in_both_languages(
    aleppo: VerifiedPlan,
) -> None:
    for movement in movements(aleppo)[:3]:
        body = go_no_go(aleppo, movement, PRINTING).body
        assert isinstance(body, GoNoGoBody)
        assert len(body.ready) >= 8
        for line in body.ready:
            assert re.search("[\u0621-\u064a]", line.what.ar), line.what.en
            assert not re.search("[A-Za-z]", line.what.ar), line.what.ar


def test_the_leader_of_the_first_convoy_passes_three_posts_in_66_minutes(
    aleppo: VerifiedPlan,
) -> None:
    first = min(aleppo.plan.convoys, key=lambda convoy: convoy.depart)
    body = leader_card(aleppo, first, PRINTING).body
    assert isinstance(body, LeaderBody)
    assert [post.place.en for post in body.posts] == [
        "Ramouseh post",
        "Second post",
        "Rashidin-4, hand-over and triage",
    ]
    assert first.arrive - first.depart == 66 * 60


def test_every_driver_has_the_day_on_one_page_and_every_count_is_in_the_manifests(
    aleppo: VerifiedPlan, tmp_path: Path
) -> None:
    write_sheets(aleppo, tmp_path, audience="cell", printed_at=aleppo.scenario.start)
    used = {trip.vehicle for trip in aleppo.plan.trips if trip.vehicle}
    assert len(pages(tmp_path / "drivers.pdf")) == len(used) <= 30
    totals = [
        int(found[1].split()[-1])
        for page in pages(tmp_path / "manifests.pdf")
        if (found := re.search(r"Total · \S+((?: \d+)+)", page))
    ]
    assert sum(totals) == sum(sum(trip.load.values()) for trip in aleppo.plan.trips)
    assert sum(totals) == aleppo.people_out
