"""Each warning about a valid scenario, with its numbers worked out by hand."""

from pathlib import Path

import pytest

from safepassage.scenario.check import warnings
from safepassage.scenario.checks.record import NO_CONSENT
from safepassage.scenario.load import load_scenario
from safepassage.scenario.summary import summarise
from tests.scenario.given import SMALL, scenario_of, small

CASES = Path(__file__).parents[2] / "cases"


def warned(*changes: tuple[str, str]) -> dict[str, str]:
    """Return the warnings about the small scenario with changes, by rule."""
    return {one.rule: one.text for one in warnings(scenario_of(small(*changes)))}


def test_the_small_scenario_has_only_figures_without_a_source():
    assert warned() == {
        "unsourced": "15 of 15 figures state neither a source nor an assumption: "
        "place[0].bays.bus, place[2].capacity, place[2].intake.people, leg[0].time, leg[1].time, "
        "corridor[0].convoy.largest, … (15 in all)."
    }


def test_no_consent_on_record_is_said_in_the_words_of_the_rule():
    text = warned(('consent = "Asked on 31 May."', ""))["consent"]
    assert text == f'{NO_CONSENT} Groups without: "families" (150 people).'
    assert NO_CONSENT == (
        "No consent recorded: moving people against their will is forced displacement."
    )


def test_more_people_than_places_is_a_warning_with_both_numbers():
    text = warned(("capacity = 800", 'capacity = 120\nfilled = [["0 min", 20]]'))["capacity"]
    assert text == (
        '150 people (companions included) go to "gym" only, where 100 places are free: '
        "50 cannot arrive."
    )


def test_places_taken_after_the_horizon_are_still_free_for_those_who_arrive():
    # 12 h is the horizon: 150 people find 150 places, those of elsewhere come after the end.
    assert "capacity" not in warned(("capacity = 800", 'capacity = 150\nfilled = [["13 h", 20]]'))
    at_the_end = warned(("capacity = 800", 'capacity = 150\nfilled = [["12 h", 20]]'))
    assert "where 130 places are free: 20 cannot arrive" in at_the_end["capacity"]


def test_groups_that_accept_few_places_are_measured_against_those_alone():
    text = warned(
        (
            "[[leg]]",
            (
                '[[place]]\nid = "hall"\nkind = "shelter"\ncapacity = 5000\n\n'
                '[[leg]]\nid = "side"\nfrom = "gym"\nto = "hall"\ntime = "9 min"\n\n[[leg]]'
            ),
        ),
        ("capacity = 800", "capacity = 100"),
        ("consent =", 'wants = ["gym"]\nconsent ='),
    )["capacity"]
    assert "150 people" in text
    assert "50 cannot arrive" in text


def test_more_people_than_all_rides_can_carry_is_a_warning_with_the_rides():
    # First arrival: opening 30 min, then 60 min of driving: minute 90. A cycle takes 60 + 10 + 60
    # + 15 = 145 min, so 720 min hold 1 + (720 - 90) // 145 = 5 rides: 5 x 4 x 50 = 1,000 places.
    text = warned(
        ("leave = 150", "leave = 1200"),
        ('ready = [["0 min", 100], ["60 min", 50]]', ""),
        ("capacity = 800", "capacity = 2000"),
    )["seats"]
    assert text == (
        "All vehicles together offer at most 1,000 places of the kind seat within 12 h (at most 5 "
        "loaded rides each, without any waiting), and 1,200 are needed: at least 200 are missing."
    )


def test_as_many_people_as_all_rides_can_carry_is_no_warning():
    found = warned(
        ("leave = 150", "leave = 1000"),
        ('ready = [["0 min", 100], ["60 min", 50]]', ""),
        ("capacity = 800", "capacity = 2000"),
    )
    assert "seats" not in found


def test_a_class_that_no_vehicle_can_carry_is_a_warning():
    text = warned(('class = "walking"', 'class = "stretcher"'))["slots"]
    assert text == (
        'No vehicle can carry a person of class "stretcher" from "school" (needs 1 stretcher in '
        "one vehicle, companions included): 150 people cannot leave."
    )


def test_companions_must_find_room_in_the_same_vehicle():
    found = warned(
        ("slots = { seat = 50 }", "slots = { seat = 1, stretcher = 2 }"),
        ('class = "walking"', 'class = "stretcher"'),
        ("[opening]", '[[class]]\nid = "stretcher"\ncompanions = 2\n\n[opening]'),
    )
    assert "needs 1 stretcher, 2 seat in one vehicle" in found["slots"]


def test_households_larger_than_any_vehicle_are_a_warning():
    text = warned(("consent =", "households = 2\nconsent ="))["households"]
    assert "up to 75 people" in text
    assert "holds 50" in text


def test_an_intake_that_cuts_the_convoy_is_a_warning_with_the_number_of_buses():
    # 12 buses of 50 fit the convoy, 4 there are; the intake of 120 takes 2 of them.
    text = warned(("people = 250", "people = 120"))["intake"]
    assert text == (
        'The intake of "gym" lets only 2 of 4 bus vehicles of one convoy on "road" arrive '
        "together with 50 people each."
    )


def test_eleven_of_twenty_buses_as_in_the_first_prototype():
    text = warned(
        ("count = 4", "count = 20"),
        ("largest = 12", "largest = 35"),
        ("people = 250", "people = 599"),
    )["intake"]
    assert "lets only 11 of 20 bus" in text


def test_few_bays_are_a_warning_with_the_minutes_that_a_convoy_loads():
    # 20 buses at 4 bays load in 5 turns of 15 min.
    text = warned(
        ("count = 4", "count = 20"), ("largest = 12", "largest = 35"), ("bus = 3", "bus = 4")
    )["bays"]
    assert text == 'At "school" the 20 bus vehicles of one convoy take 75 min to load with 4 bays.'


def test_one_escort_makes_so_many_convoys_and_no_more():
    # 60 min each way in 12 h: there at 60, back, there at 180, ... the sixth arrives at 660.
    text = warned(
        ("leave = 150", "leave = 1300"),
        ('ready = [["0 min", 100], ["60 min", 50]]', ""),
    )["escort"]
    assert text == (
        "Each convoy needs one escort. One makes at most 6 convoys within the horizon (1 h each "
        "way); 1 of them, with 200 people a convoy, bring out at most 1,200 of 1,300 people."
    )


def test_a_party_that_holds_a_stretch_without_a_promise_is_a_warning():
    text = warned(('promised = "Passage until noon."', ""))["guarantee"]
    assert text == (
        '"guard" holds out, on, post, and no promise of theirs is on record; '
        "no agreement names them."
    )


def test_a_stretch_that_nobody_is_said_to_hold_is_a_warning():
    text = warned(('time = "40 min"\nheld_by = ["guard"]', 'time = "40 min"'))["holder"]
    assert text == "Nobody is said to hold on: is it known that no party does?"


def test_a_window_too_short_for_the_way_is_a_warning():
    text = warned(('opens = "06:00"\ncloses = "20:00"', 'opens = "06:00"\ncloses = "07:10"'))[
        "window"
    ]
    assert text == (
        'Window "day" is open for 1 h 10 min; a passage takes 1 h and the margin 20 min: '
        "nobody can pass."
    )


def test_a_window_after_the_horizon_is_a_warning():
    text = warned(
        ('opens = "06:00"\ncloses = "20:00"\ndaily = true', 'opens = "12 h"\ncloses = "20 h"')
    )["window"]
    assert text == (
        'Window "day" opens after 12 h, at or after the horizon of 12 h: it never opens.'
    )


def test_an_opening_after_the_horizon_is_a_warning():
    assert "nobody can leave" in warned(('time = "30 min"', 'time = "13 h"'))["opening"]


def test_a_rule_on_the_time_on_board_that_no_ride_keeps_is_a_warning():
    text = warned(("[rules]", '[rules]\nlongest_on_board = "70 min"'))["on-board"]
    assert "1 h 15 min" in text
    assert "1 h 10 min" in text


def test_duty_shorter_than_the_way_is_a_warning():
    text = warned(('needed_by = "convoy"', 'needed_by = "convoy"\nduty = "50 min"\nrest = "6 h"'))
    assert "can never go along" in text["duty"]


def test_duty_shorter_than_the_way_of_the_vehicle_is_a_warning():
    # 20 + 40 = 60 min with people on board; the spell of duty cannot end on the way.
    need = 'needed_by = "vehicle:bus"\nrest = "6 h"\n'
    text = warned(('needed_by = "convoy"', f'{need}duty = "59 min"'))["duty"]
    assert text == (
        '"escorts" may be on duty for 59 min, and the shortest way of vehicle:bus with people on '
        "board takes 1 h: they can never go along."
    )
    assert "duty" not in warned(('needed_by = "convoy"', f'{need}duty = "60 min"'))


def test_duty_is_measured_by_the_vehicles_that_carry_the_class():
    van = '[[vehicle]]\nid = "vans"\nkind = "van"\nat = "school"\ncount = 1\nload = "1 min"\n'
    van += 'unload = "1 min"\nslots = { stretcher = 2 }\n\n[[staff]]'
    found = warned(
        ('needed_by = "convoy"', 'needed_by = "class:walking"\nrest = "6 h"\nduty = "50 min"'),
        ('time = "40 min"', 'time = "40 min"\ntimes = { van = "5 min" }'),
        ("[[staff]]", van),
    )
    assert "shortest way of class:walking with people on board takes 1 h" in found["duty"]


def test_a_range_under_the_shortest_way_is_a_warning():
    text = warned(("slots = { seat = 50 }", 'slots = { seat = 50 }\nrange = "0.9 h"'))["range"]
    assert text == (
        'A tank of "buses" lasts 54 min of driving, and the shortest way with people on board, '
        "from where they start, takes 1 h: they can bring nobody there."
    )
    assert "range" not in warned(("slots = { seat = 50 }", 'slots = { seat = 50 }\nrange = "1 h"'))


def test_a_range_in_km_is_measured_in_km_from_where_the_vehicles_start():
    far = (
        (
            "[[leg]]",
            '[[leg]]\nid = "in"\nfrom = "gym"\nto = "school"\ntime = "9 min"\nkm = 30\n[[leg]]',
        ),
        ('time = "20 min"', 'time = "20 min"\nkm = 8'),
        ('time = "40 min"', 'time = "40 min"\nkm = 20.5'),
        ('kind = "bus"\ncount = 4\nat = "school"', 'kind = "bus"\ncount = 4\nat = "gym"'),
    )
    seats = "slots = { seat = 50 }"
    # 28.5 km to the school by the corridor, and 28.5 km back: 57 km on one tank.
    text = warned(*far, (seats, f'{seats}\nrange = "56 km"'))["range"]
    assert "lasts 56 km" in text
    assert "takes 57 km" in text
    assert "range" not in warned(*far, (seats, f'{seats}\nrange = "57 km"'))
    # Where the tank can be filled before boarding, the way with people alone counts.
    refuel = 'refuel = { at = "school", time = "10 min" }'
    assert "range" not in warned(*far, (seats, f'{seats}\nrange = "29 km"\n{refuel}'))
    text = warned(*far, (seats, f'{seats}\nrange = "28 km"\n{refuel}'))["range"]
    assert "the shortest way with people on board takes 28.5 km" in text


def test_a_daily_window_that_never_opens_before_the_horizon_is_a_warning():
    # 06:00 to 18:00 is all of the plan; 18:30 to 05:30 of the next morning lies after it.
    night = ('opens = "06:00"\ncloses = "20:00"', 'opens = "18:30"\ncloses = "05:30"')
    text = warned(night)["window"]
    assert text == (
        'Window "day" is open daily from 18:30 to 05:30, and never between the start, 06:00, and '
        "the horizon 12 h later."
    )
    assert "window" not in warned(night, ('horizon = "12 h"', 'horizon = "14 h"'))
    # On the day before it ran over midnight, into the first half hour of the plan.
    over = ('opens = "06:00"\ncloses = "20:00"', 'opens = "18:30"\ncloses = "06:30"')
    assert "window" not in warned(over)


def test_a_staging_place_with_a_group_above_its_limit_says_that_they_are_called_in_parts():
    text = warned(('kind = "pickup"', 'kind = "staging"\nlimit = 120'))["limit"]
    assert text == (
        'At "school" at most 120 people may wait, and 150 people (companions included) of its own '
        "groups wish to leave: they are called in parts, never more than 120 from boarding to "
        "departure."
    )
    assert "limit" not in warned(('kind = "pickup"', 'kind = "staging"\nlimit = 150'))


def test_an_unknown_number_that_a_plan_needs_is_a_warning_and_stops_no_other_check():
    found = warned(
        ("count = 4", 'count = { unknown = "nobody answers" }'),
        ('consent = "Asked on 31 May."', 'stay = { unknown = "not asked" }'),
    )
    assert found["unknown"].startswith("vehicle[0].count is unknown (nobody answers)")
    assert "consent" in found


def test_a_group_without_a_way_out_is_a_warning():
    text = warned(('from = "post"\nto = "gym"', 'from = "gym"\nto = "post"\none_way = true'))[
        "no-way"
    ]
    assert text == (
        'No way leads from "school" to a destination that group "families" accepts: '
        "150 people cannot arrive."
    )


def test_a_post_that_counts_as_arrival_without_a_reason_is_a_warning():
    text = warned(('kind = "checkpoint"', 'kind = "handover"\narrived = true'))["arrived"]
    assert "say why in arrived_reason" in text


def test_a_weight_below_one_is_a_warning():
    text = warned(("[opening]", "[weights]\nstretcher = 0.5\n\n[opening]"))["weight"]
    assert "counts as 0.5" in text


def test_no_law_of_the_ending_is_a_warning():
    assert "ending" in warned(('[ending]\nlaw = "exponential"\nmean = "4 h"', ""))


def test_nobody_of_a_staff_that_is_needed_is_a_warning():
    text = warned(("count = 1", "count = 0"))["staff"]
    assert text == "There is no escort, and convoy cannot move without."


def test_staff_too_few_for_one_convoy_are_a_warning():
    text = warned(('needed_by = "convoy"', 'needed_by = "vehicle:bus"\nper = 3'))["staff"]
    assert text == (
        '1 escort (one for each 3 bus) let only 3 of 4 bus vehicles into one convoy on "road".'
    )


def test_vehicles_that_can_carry_nobody_are_a_warning():
    more = '[[vehicle]]\nid = "ambulances"\nkind = "ambulance"\nat = "school"\ncount = 2\n'
    more += 'load = "1 min"\nunload = "1 min"\n'
    found = warned(("[[staff]]", more + "slots = { stretcher = 2 }\n\n[[staff]]"))
    assert found["idle"].startswith('"ambulances" can carry nobody')
    # A lead car has no slots and is not meant to carry anyone.
    assert "idle" not in warned(("[[staff]]", more + "slots = {}\n\n[[staff]]"))


def test_the_summary_shows_those_who_stay_apart_and_counts_no_unknown_as_zero():
    summary = summarise(
        scenario_of(
            small(
                ("leave = 150", "leave = { low = 100, likely = 150, high = 300 }\nstay = 30"),
                (
                    "[[staff]]",
                    (
                        '[[vehicle]]\nid = "more"\nkind = "bus"\nat = "school"\nslots = {}\n'
                        'load = "1 min"\nunload = "1 min"\ncount = { unknown = "not said" }\n[[staff]]'  # noqa: E501
                    ),
                ),
            )
        )
    )
    assert (summary.leave.low, summary.leave.likely, summary.leave.high) == (100, 150, 300)
    assert (summary.stay.likely, summary.stay.groups_unknown) == (30, 0)
    assert summary.wish_unknown.groups_unknown == 1
    assert summary.vehicles == {"bus": None}
    assert summary.staff == {"escort": 1}


@pytest.mark.parametrize("rule", ["seats", "guarantee", "linked"])
def test_aleppo_is_warned_about(rule):
    found = {one.rule: one for one in warnings(load_scenario(CASES / "aleppo-2016"))}
    assert rule in found


def test_the_militias_of_aleppo_have_promised_nothing():
    found = [
        one for one in warnings(load_scenario(CASES / "aleppo-2016")) if one.rule == "guarantee"
    ]
    assert [one.text.split('"')[1] for one in found] == ["militias"]


def test_a_scenario_that_can_be_checked_is_checked_the_same_way_twice():
    assert warnings(scenario_of(SMALL)) == warnings(scenario_of(SMALL))
