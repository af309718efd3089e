"""What a scenario file says, and what is read: worked out by hand."""

import hashlib
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from safepassage.scenario.duration import format_duration, parse_duration
from safepassage.scenario.figure import Figure, UnknownFigureError
from safepassage.scenario.fleet import Available
from safepassage.scenario.load import load_scenario
from safepassage.scenario.people import Ready
from safepassage.scenario.places import Filled, Through
from safepassage.scenario.rules import Night
from tests.scenario.given import SMALL, faults_of, scenario_of, small

CASES = Path(__file__).parents[2] / "cases"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("66 min", 3960),
        ("1 h 30 min", 5400),
        ("1h30min", 5400),
        ("2 days", 172800),
        ("1.5 hours", 5400),
        ("90 s", 90),
        ("0 min", 0),
        ("2 mins", 120),
    ],
)
def test_a_duration_is_the_sum_of_its_parts(text, seconds):
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "66", "min", "66 min or so", "-5 min", "1e3 h", "1 h -5 min"])
def test_a_text_that_is_no_duration_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the door words the message
        parse_duration(text)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(hours=24), "24 h"),
        (timedelta(hours=36, minutes=5), "36 h 5 min"),
        (timedelta(days=7), "7 days"),
        (timedelta(seconds=90), "1 min 30 s"),
        (timedelta(0), "0 min"),
    ],
)
def test_a_duration_is_written_as_people_say_it(duration, text):
    assert format_duration(duration) == text


def test_the_small_scenario_is_read_as_it_is_written():
    scenario = scenario_of(SMALL)
    assert scenario.name == "Small"
    assert scenario.start == datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
    assert scenario.horizon == timedelta(hours=12)
    gym = scenario.place["gym"]
    assert gym.arrived
    assert not scenario.place["school"].arrived
    assert gym.capacity == Figure(value=800, path="place[2].capacity")
    assert gym.intake is not None
    assert (gym.intake.people.pick(), gym.intake.per) == (250, timedelta(minutes=30))
    families = scenario.group["families"]
    assert families.ready == (Ready(timedelta(0), 100), Ready(timedelta(hours=1), 50))
    road = scenario.corridor["road"]
    assert road.headway is not None
    assert road.headway.pick() == timedelta(minutes=30)
    # A daily window counts from local midnight.
    assert scenario.windows[0].opens == timedelta(hours=6)
    assert scenario.windows[0].closes == timedelta(hours=20)
    assert scenario.staff[0].needed_by == ("convoy",)
    assert scenario.inputs == {}


def test_the_hash_is_that_of_the_bytes_of_the_file(tmp_path):
    file = tmp_path / "scenario.toml"
    file.write_text(SMALL, encoding="utf-8")
    by_folder, by_file = load_scenario(tmp_path), load_scenario(file)
    assert by_folder == by_file
    assert by_file.sha256 == hashlib.sha256(SMALL.encode()).hexdigest()


def test_a_daily_window_may_run_over_midnight():
    scenario = scenario_of(
        small(('opens = "06:00"\ncloses = "20:00"', 'opens = "22:00"\ncloses = "04:00"'))
    )
    assert scenario.windows[0].opens == timedelta(hours=22)
    assert scenario.windows[0].closes == timedelta(hours=28)


def test_a_time_with_its_zone_counts_from_the_start():
    # 07:15 in a zone of +03:00 is 05:15 in +01:00, 75 minutes after 06:00.
    scenario = scenario_of(small(('time = "30 min"', "time = 2026-06-01T05:15:00+01:00")))
    assert scenario.opening is not None
    assert scenario.opening.time.pick() == timedelta(minutes=75)


def test_a_named_zone_gives_the_start_its_offset():
    scenario = scenario_of(
        small(
            (
                "start = 2026-06-01T06:00:00+03:00",
                'start = 2026-06-01T06:00:00\nzone = "Asia/Damascus"',
            )
        )
    )
    assert scenario.start.tzinfo == timezone(timedelta(hours=3))
    assert scenario.start.hour == 6


def test_an_hour_that_comes_twice_in_its_zone_needs_an_offset():
    text = small(
        ("start = 2026-06-01T06:00:00+03:00", 'start = 2026-10-25T01:30:00\nzone = "Europe/London"')
    )
    assert faults_of(text) == [
        (
            "start: got 2026-10-25 01:30:00, want a time with its offset: clocks change then in "
            "Europe/London"
        )
    ]


def test_a_figure_keeps_its_source_its_reason_and_its_path():
    scenario = scenario_of(
        small(
            ("capacity = 800", 'capacity = { value = 800, source = "hall" }'),
            ("count = 4", 'count = { low = 2, likely = 3, high = 5, assumed = "as last time" }'),
        )
    )
    capacity = scenario.place["gym"].capacity
    assert capacity == Figure(value=800, source="hall", path="place[2].capacity")
    assert capacity.standing == "sourced"
    count = scenario.vehicles[0].count
    assert [count.pick("low"), count.pick("likely"), count.pick("high")] == [2, 3, 5]
    assert count.standing == "assumed"


def test_a_range_without_a_likely_value_is_planned_with_its_high_end():
    scenario = scenario_of(small(("count = 4", "count = { low = 2, high = 5 }")))
    assert scenario.vehicles[0].count.pick() == 5


def test_an_unknown_figure_is_read_and_refused_by_its_path_when_it_is_needed():
    scenario = scenario_of(small(("count = 4", 'count = { unknown = "nobody answers" }')))
    with pytest.raises(UnknownFigureError, match=r"vehicle\[0\].count: unknown \(nobody answers\)"):
        scenario.vehicles[0].count.pick()


def test_distance_and_speed_make_the_time_of_a_leg():
    scenario = scenario_of(
        small(('time = "40 min"', "km = 12\nspeed = { low = 20, likely = 24, high = 30 }"))
    )
    leg = scenario.leg["on"]
    # 12 km at 30, 24 and 20 km/h.
    assert leg.time.pick("low") == timedelta(minutes=24)
    assert leg.time.pick("likely") == timedelta(minutes=30)
    assert leg.time.pick("high") == timedelta(minutes=36)


def test_times_by_kind_of_vehicle_and_posts_on_the_way_are_kept():
    scenario = scenario_of(
        small(
            (
                'time = "40 min"',
                (
                    'time = "40 min"\ntimes = { bus = "50 min" }\n'
                    'through = ["post", { checkpoint = "post", after = "20 min" }]'
                ),
            )
        )
    )
    leg = scenario.leg["on"]
    assert leg.time_for("bus").pick() == timedelta(minutes=50)
    assert leg.time_for("ambulance").pick() == timedelta(minutes=40)
    assert leg.through == (Through("post"), Through("post", timedelta(minutes=20)))


def test_ready_as_one_time_means_all_of_them_then():
    scenario = scenario_of(
        small(
            ("count = 4", 'count = 4\nready = "45 min"'),
            ('ready = [["0 min", 100], ["60 min", 50]]', 'ready = "20 min"'),
        )
    )
    assert scenario.vehicles[0].ready == (Available(timedelta(minutes=45), 4),)
    assert scenario.groups[0].ready == (Ready(timedelta(minutes=20), 150),)


def test_the_range_of_a_tank_is_a_distance_or_a_time():
    km = small(("[[staff]]", 'range = "300 km"\n[[staff]]')).replace(
        'min"\nheld_by', 'min"\nkm = 5\nheld_by'
    )
    figure = scenario_of(km).vehicles[0].range_km
    assert figure is not None
    assert figure.pick() == 300.0
    hours = scenario_of(small(("[[staff]]", 'range = "8 h"\n[[staff]]'))).vehicles[0].range_time
    assert hours is not None
    assert hours.pick() == timedelta(hours=8)


def test_names_are_read_by_language_and_a_plain_text_is_english():
    scenario = scenario_of(
        small(
            ('id = "gym"', 'id = "gym"\nname = "Gym"\nnames = { ar = "قاعة" }'),
            ('id = "post"', 'id = "post"\nname = { ar = "حاجز" }'),
        )
    )
    assert scenario.place["gym"].names == {"en": "Gym", "ar": "قاعة"}
    assert scenario.place["post"].name("ar") == "حاجز"
    assert scenario.place["post"].name("en") == "post"


def test_built_in_classes_can_be_given_companions_and_a_weight():
    more = (
        '\n[[class]]\nid = "stretcher"\ncompanions = 1\n'
        '[[class]]\nid = "infants"\nuses = { seat = 1 }\nvulnerability = "under two years"\n'
        '[weights]\nstretcher = { value = 2, assumed = "patients first" }\ninfants = 1.5\n'
    )
    classes = scenario_of(SMALL + more).person_class
    assert classes["stretcher"].uses == {"stretcher": 1}
    assert classes["stretcher"].companions == 1
    assert (classes["stretcher"].weight, classes["stretcher"].weight_reason) == (
        2.0,
        "patients first",
    )
    assert (classes["infants"].weight, classes["infants"].weight_reason) == (1.5, "under two years")
    assert classes["walking"].weight == 1.0
    assert list(classes)[-1] == "infants"


def test_a_hand_over_counts_as_arrival_only_where_the_file_says_so():
    text = small(
        ('kind = "checkpoint"', 'kind = "handover"\narrived = true\narrived_reason = "counted"')
    )
    assert scenario_of(text).place["post"].arrived
    assert (
        not scenario_of(small(('kind = "checkpoint"', 'kind = "handover"'))).place["post"].arrived
    )


def test_filled_places_a_night_and_a_table_of_the_ending_are_read():
    scenario = scenario_of(
        small(
            ("capacity = 800", 'capacity = 800\nfilled = [["0 min", 40], ["6 h", 50]]'),
            (
                'law = "exponential"\nmean = "4 h"',
                'law = "table"\ntable = [["1 h", 0.8], ["3 h", 0]]',
            ),
            (
                'arrival_margin = "20 min"',
                'night = { begins = "18:00", ends = 06:00:00, allowed = false }',
            ),
        )
    )
    assert scenario.place["gym"].filled == (
        Filled(timedelta(0), 40),
        Filled(timedelta(hours=6), 50),
    )
    assert scenario.rules.night == Night(time(18, 0), time(6, 0), allowed=False)
    # Linear between (0, 1), (1 h, 0.8) and (3 h, 0): half way of the last stretch is 0.4.
    assert scenario.ending.holds(7200) == pytest.approx(0.4)


def test_the_source_of_a_law_is_the_source_of_its_mean():
    scenario = scenario_of(small(('mean = "4 h"', 'mean = "4 h"\nsource = "hall"')))
    assert scenario.ending.mean is not None
    assert scenario.ending.mean.standing == "sourced"


def test_the_case_of_aleppo_is_read_with_what_was_announced():
    scenario = load_scenario(CASES / "aleppo-2016")
    assert [one.count.pick() for one in scenario.vehicles] == [20, 10]
    assert scenario.place["rashidin4"].arrived
    assert scenario.start == datetime(2016, 12, 15, 6, 0, tzinfo=UTC)
    way = [scenario.leg[name].time.pick() for name in scenario.corridors[0].legs]
    assert sum(way, timedelta(0)) == timedelta(minutes=66)


def test_ready_as_one_time_means_everyone_at_either_end_of_the_range():
    scenario = scenario_of(
        small(
            ("leave = 150", "leave = { low = 100, likely = 150, high = 300 }"),
            ('ready = [["0 min", 100], ["60 min", 50]]', "ready = 2026-06-01T06:20:00+03:00"),
        )
    )
    assert scenario.groups[0].ready == (Ready(timedelta(minutes=20), 300),)
