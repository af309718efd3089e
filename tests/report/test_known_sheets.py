"""Numbers, times and words on the sheets of the mission made by hand, checked by eye."""

import pytest

from safepassage.planner.verified import VerifiedPlan
from safepassage.report.sheets.call_forward import CallForwardBody, call_forward
from safepassage.report.sheets.driver import DriverBody, driver_sheet
from safepassage.report.sheets.go_no_go import GATE, GoNoGoBody, go_no_go, go_no_go_of_party
from safepassage.report.sheets.leader import LeaderBody, leader_card
from safepassage.report.sheets.manifest import ManifestBody, manifest
from safepassage.report.sheets.movement import movements
from safepassage.report.sheets.notification import (
    NotificationBody,
    notification,
    notifications_for,
)
from safepassage.report.sheets.small_cells import for_outsiders
from safepassage.report.sheets.tally import TallyBody, tally
from safepassage.report.sheets.terms import terms_sheet
from tests.report.sheet_mission import TEXT, mission
from tests.report.sheet_pages import PRINTING, printed


@pytest.fixture(scope="module")
def verified() -> VerifiedPlan:
    return mission()


def test_the_driver_of_bus_one_sees_five_trips_with_their_times_and_people(
    verified: VerifiedPlan,
) -> None:
    sheet = driver_sheet(verified, "bus-01", PRINTING)
    body = sheet.body
    assert isinstance(body, DriverBody)
    # Convoys enter 2 h, 3 h 40, 5 h 20, 7 h and 8 h 40 after 08:00; 66 minutes each; 20 to load.
    assert [trip.depart.time for trip in body.trips] == [
        "10:00",
        "11:40",
        "13:20",
        "15:00",
        "16:40",
    ]
    assert [trip.arrive.time for trip in body.trips] == [
        "11:06",
        "12:46",
        "14:26",
        "16:06",
        "17:46",
    ]
    assert [trip.loading and trip.loading.time for trip in body.trips] == [
        "09:40",
        None,
        "13:00",
        None,
        "16:20",
    ]
    assert [trip.people for trip in body.trips] == [50, 0, 50, 0, 50]
    text = printed(sheet)
    for wanted in (
        "PLAN, NOT A CLEARANCE",
        "MODE: PLAN",
        "bus-01",
        "Market square",
        "Valid until",
        # The last arrival, 17:46, and the margin of 30 minutes.
        "Thu 15 Dec 2016 18:16 UTC+02:00",
        "Printed Thu 15 Dec 2016 08:05 UTC+02:00",
        "Released by",
        "page 1 of 1",
        f"{verified.plan_hash[:4]}-{verified.plan_hash[4:8]}".upper(),
    ):
        assert wanted in text, wanted


def test_the_leader_of_the_first_convoy_reads_whose_each_post_is_and_when(
    verified: VerifiedPlan,
) -> None:
    body = leader_card(verified, verified.plan.convoys[0], PRINTING).body
    assert isinstance(body, LeaderBody)
    # 18 minutes to the gate, the mill 12 minutes after it, the bridge 30 minutes after it.
    assert [(post.place.en, post.at.time) for post in body.posts] == [
        ("Old gate", "10:18"),
        ("Mill post", "10:30"),
        ("River bridge", "10:48"),
    ]
    assert [[one.en for one in post.holders] for post in body.posts] == [
        ["Northern Council", "Southern Command"],
        ["Southern Command"],
        ["Bridge Guard"],
    ]
    assert [post.by_stretch for post in body.posts] == [False, True, False]
    first = body.posts[0]
    assert first.behind is not None
    assert (first.behind.place.en, first.behind.minutes) == ("Market square", 18)
    assert first.ahead is not None
    assert (first.ahead.place.en, first.ahead.minutes) == ("Westfield hand-over", 48)
    # 20 buses of 50, 10 ambulances with 2 patients and 2 companions.
    assert body.people == 1040
    assert len(body.vehicles) == 30


def test_the_way_back_passes_the_posts_in_the_other_order(verified: VerifiedPlan) -> None:
    body = leader_card(verified, verified.plan.convoys[1], PRINTING).body
    assert isinstance(body, LeaderBody)
    # From Westfield at 11:40: 18 minutes to the bridge, 30 - 12 to the mill, 12 to the gate.
    assert [(post.place.en, post.at.time) for post in body.posts] == [
        ("River bridge", "11:58"),
        ("Mill post", "12:16"),
        ("Old gate", "12:28"),
    ]


def test_the_card_has_a_line_to_write_on_for_each_trouble_and_no_contact(
    verified: VerifiedPlan,
) -> None:
    text = printed(leader_card(verified, verified.plan.convoys[0], PRINTING))
    for trouble in ("Held 30 minutes, call:", "Refused, call:", "Shot at, call:"):
        assert text.count(trouble) == 3, trouble
    assert text.count("agreed as halt? with whom:") == 3


def test_the_manifest_counts_by_class_and_vehicle(verified: VerifiedPlan) -> None:
    body = manifest(verified, movements(verified)[0], PRINTING).body
    assert isinstance(body, ManifestBody)
    assert [one.en for one in body.classes] == ["walking", "companion", "lying accompanied"]
    assert body.totals == (1000, 20, 20)
    assert body.people == 1040
    # 20 buses with 10 households of five each.
    assert body.households == 200
    by_vehicle = {row.vehicle: row.counts for row in body.rows}
    assert by_vehicle["bus-07"] == (50, 0, 0)
    assert by_vehicle["ambulance-03"] == (0, 2, 2)


def test_the_tally_numbers_five_passages_of_thirty_vehicles_and_tells_no_time(
    verified: VerifiedPlan,
) -> None:
    sheet = tally(verified, "mill", PRINTING)
    body = sheet.body
    assert isinstance(body, TallyBody)
    assert [(row.number, row.vehicles) for row in body.rows] == [(n, 30) for n in range(1, 6)]
    text = printed(sheet)
    assert "10:30" not in text
    assert "C1" not in text
    assert sheet.frame.valid_until == ""


def test_the_first_wave_calls_220_slips_for_1040_people(verified: VerifiedPlan) -> None:
    sheets = call_forward(verified, "market", PRINTING)
    assert len(sheets) == 3
    body = sheets[0].body
    assert isinstance(body, CallForwardBody)
    first = body.wave
    assert first is not None
    # 200 households and 20 patients; each patient brings one companion.
    assert (first.name, first.people, first.slips) == ("C1", 1040, 220)
    rows = {row.vehicle: row for row in first.rows}
    assert [one.numbers for one in rows["bus-01"].slips] == ["A-001 to A-010"]
    assert [one.numbers for one in rows["ambulance-10"].slips] == ["C-019 to C-020"]
    assert rows["ambulance-10"].slips[0].companions == 1
    # Boarding 20 minutes before 10:00; called 15 minutes before boarding.
    assert rows["bus-01"].boards.time == "09:40"
    assert rows["bus-01"].call.time == "09:25"
    assert "Never call more people than seats confirmed present." in printed(sheets[0])


def test_households_of_four_and_people_alone_share_a_bus_on_slips_of_their_own(
    verified: VerifiedPlan,
) -> None:
    body = call_forward(verified, "market", PRINTING)[1].body
    assert isinstance(body, CallForwardBody)
    assert body.wave is not None
    # 300 households of five fill 30 buses: the 11th bus of the second wave takes 12 of four and 2.
    row = next(row for row in body.wave.rows if row.vehicle == "bus-11")
    assert [one.numbers for one in row.slips] == ["A-301 to A-312", "B-001 to B-002"]
    assert row.people == 50


def test_the_form_has_a_line_for_each_party_at_each_post_and_one_for_what_nobody_stated(
    verified: VerifiedPlan,
) -> None:
    sheet = go_no_go(verified, movements(verified)[0], PRINTING)
    body = sheet.body
    assert isinstance(body, GoNoGoBody)
    lines = [(line.party.en if line.party else None, line.what.en) for line in body.promises]
    assert lines == [
        ("Northern Council", "Road Market square → Old gate"),
        ("Northern Council", "Post Old gate"),
        ("Southern Command", "Post Old gate"),
        ("Southern Command", "Road Old gate → River bridge"),
        # The road there is the command's; whose the post is, nobody has stated.
        (None, "Post Mill post"),
        ("Bridge Guard", "Post River bridge"),
        (None, "Road River bridge → Westfield hand-over"),
    ]
    assert [line.unknown for line in body.promises] == [
        line.party is None for line in body.promises
    ]
    # Arrival at 11:06 and the margin of 30 minutes.
    assert body.holds_until == "Thu 15 Dec 2016 11:36 UTC+02:00"
    text = printed(sheet)
    assert "Any line not confirmed = NO-GO." in text
    assert "cannot make a party keep one." in text
    assert len(body.gate) == len(GATE) == 6
    assert not any(
        line.confirmed_by.en or line.until.en or line.heard.en
        for line in (*body.promises, *body.gate, *body.ready)
    )


def test_a_scenario_without_parties_prints_that_unknown_is_a_no() -> None:
    text = TEXT
    for held in ('held_by = ["north"]', 'held_by = ["south"]'):
        text = text.replace(held, "")
    text = text.replace('holder = ["north", "south"]', "").replace('holder = ["bridge-guard"]', "")
    verified = mission(text)
    body = go_no_go(verified, movements(verified)[0], PRINTING).body
    assert isinstance(body, GoNoGoBody)
    # Three stretches and three checkpoints, none of them anybody's.
    assert [line.unknown for line in body.promises] == [True] * 6
    assert "not stated = NO-GO" in printed(go_no_go(verified, movements(verified)[0], PRINTING))


def test_a_party_confirms_a_road_driven_both_ways_once(verified: VerifiedPlan) -> None:
    body = go_no_go_of_party(verified, "south", PRINTING).body
    assert isinstance(body, GoNoGoBody)
    assert [line.what.en for line in body.promises] == [
        "Post Old gate",
        "Road Old gate ↔ River bridge",
    ]
    assert body.movement == body.depart == body.holds_until == ""


def test_a_notification_has_the_seven_fields_and_says_what_it_is_not(
    verified: VerifiedPlan,
) -> None:
    sheet = notification(verified, movements(verified)[0], PRINTING)
    body = sheet.body
    assert isinstance(body, NotificationBody)
    assert [(stop.place.en, stop.at.time, stop.post) for stop in body.notice.route] == [
        ("Market square", "10:00", False),
        ("Old gate", "10:18", True),
        ("Mill post", "10:30", True),
        ("River bridge", "10:48", True),
        ("Westfield hand-over", "11:06", False),
    ]
    assert (body.notice.opens.time, body.notice.closes.time) == ("10:00", "11:36")
    text = printed(sheet)
    for field in ("Place", "Time", "Route", "Identity", "Window", "Contact", "Expiry"):
        assert field in text, field
    assert "A notification is not a guarantee" in text


def test_a_party_is_notified_of_its_own_stretch_and_times_only(verified: VerifiedPlan) -> None:
    notices = notifications_for(verified, "south", PRINTING)
    assert len(notices) == 5
    body = notices[0].body
    assert isinstance(body, NotificationBody)
    assert [(stop.place.en, stop.at.time) for stop in body.notice.route] == [
        ("Old gate", "10:18"),
        ("Mill post", "10:30"),
        ("River bridge", "10:48"),
    ]


@pytest.mark.parametrize(
    ("counts", "shown", "total"),
    [
        ({"walking": 48, "stretcher": 2}, {"walking": "48", "stretcher": "under 5"}, "not shown"),
        ({"walking": 48, "stretcher": 5}, {"walking": "48", "stretcher": "5"}, "53"),
        ({"walking": 48, "stretcher": 0}, {"walking": "48", "stretcher": "0"}, "48"),
        ({}, {}, "0"),
    ],
)
def test_an_outsider_sees_no_count_under_five_nor_a_sum_that_gives_it_away(
    counts: dict[str, int], shown: dict[str, str], total: str
) -> None:
    assert for_outsiders(counts) == (shown, total)


def test_the_terms_read_aloud_hold_what_is_agreed_what_is_not_and_what_must_be_asked(
    verified: VerifiedPlan,
) -> None:
    text = printed(terms_sheet(verified, "market", PRINTING))
    agreed, after = text.split("NOT agreed")
    assert "Whoever wishes may leave by the river road to Westfield." in agreed
    assert "One bag a person may be taken. (hangs on something elsewhere)" in after
    assert "Papers only." in after
    for said in ("Nobody has to leave.", "You may stay.", "free of charge"):
        assert said in agreed, said
    for asked in ("May you come back later?", "What may you bring?", "Will anybody be checked"):
        assert asked in after, asked
    assert "safe" not in text.lower()


def test_where_no_consent_is_recorded_every_sheet_says_so() -> None:
    verified = mission(TEXT.replace('consent = "Asked one by one."\n', ""))
    warning = "No consent recorded: moving people against their will is forced displacement."
    assert warning in printed(driver_sheet(verified, "bus-01", PRINTING))
    assert warning in printed(manifest(verified, movements(verified)[0], PRINTING))
    assert warning not in printed(driver_sheet(mission(), "bus-01", PRINTING))


def test_long_names_of_places_do_not_push_a_driver_sheet_over_its_page() -> None:
    long = "Square in front of the former municipal secondary school for girls number seventeen"
    verified = mission(TEXT.replace("Market square", long))
    sheet = driver_sheet(verified, "bus-01", PRINTING)
    assert "page 1 of 1" in printed(sheet)
    assert long in printed(sheet)
