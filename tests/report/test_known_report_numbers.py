"""The numbers of the report against a plan made and worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from safepassage.report.compose import document_for
from safepassage.report.document import Column, Document, Paragraph, Table, words_of
from safepassage.report.hours import Holding, belief_words
from safepassage.report.inputs import value_words
from safepassage.report.journeys import worst_moment
from safepassage.report.material import Belief, Material, OtherScenarioError
from safepassage.report.wording import (
    at,
    chance,
    duration,
    full_moment,
    kinds,
    listed,
    moment,
    numbered,
    people,
    shortly,
    shortly_numbered,
)
from safepassage.scenario.figure import Figure, sure
from safepassage.scenario.window import Law
from tests.report.handmade import DAMASCUS, START, scenario, verified

MADE_AT = datetime(2016, 12, 15, 7, 12, tzinfo=DAMASCUS)


def cell_report(**more: object) -> Document:
    return document_for(Material(verified(), MADE_AT, "0.1.0", **more), "cell")  # type: ignore[arg-type]


def table(document: Document, identity: str) -> list[list[str]]:
    found = next(one for one in document.tables() if one.id == identity)
    return [[plain(words_of(cell)) for cell in row] for row in found.rows]


def section_words(document: Document, identity: str) -> str:
    section = next(one for one in document.sections if one.id == identity)
    return plain(" ".join(words_of(b.content) for b in section.blocks if isinstance(b, Paragraph)))


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def test_arrivals_by_2_4_8_24_hours_are_1040_1040_3120_9360() -> None:
    # Arrivals at minutes 86, 248, 410, 572, ...: one by 2 h and 4 h, three by 8 h, nine by 24 h.
    rows = table(cell_report(), "table-arrivals")
    assert [row[:3] for row in rows] == [
        ["2 h", "15 Dec 10:00", "1,040"],
        ["4 h", "15 Dec 12:00", "1,040"],
        ["8 h", "15 Dec 16:00", "3,120"],
        ["24 h", "16 Dec 08:00", "9,360"],
    ]


def test_the_chance_beside_each_hour_is_that_of_an_exponential_law_of_12_hours() -> None:
    # By hand: e to the minus 2, 4, 8 and 24 twelfths.
    rows = table(cell_report(), "table-arrivals")
    assert [row[-1] for row in rows] == ["85 %", "72 %", "51 %", "14 %"]


def test_classes_stand_apart_and_add_up() -> None:
    rows = table(cell_report(), "table-classes")
    assert rows == [
        ["walking", "1,000", "1,000", "3,000", "9,000", "12,000"],
        ["on a stretcher", "20", "20", "60", "180", "200"],
        ["companions", "20", "20", "60", "180", "200"],
        ["all", "1,040", "1,040", "3,120", "9,360", "12,400"],
    ]


def test_those_who_wish_to_leave_are_counted_as_the_verifier_counts_them() -> None:
    assert f"of {verified().people_total:,} who wish to leave" in section_words(
        cell_report(), "arrived"
    )


def test_the_worst_moment_is_a_whole_convoy_from_gate_to_gate() -> None:
    peak = worst_moment(verified().plan)
    assert peak is not None
    assert (peak.begins, peak.ends, peak.people) == (20 * 60, 86 * 60, 1040)


def test_still_inside_is_a_range_where_the_input_is_one() -> None:
    # walkers 5,000 to 50,000, 9,000 arrive; wounded 400 with companions, 360 arrive
    rows = table(cell_report(), "table-inside")
    assert [row[1:4] for row in rows] == [
        ["5,000 to 50,000", "9,000", "0 to 41,000"],
        ["400", "360", "40"],
    ]


def test_no_consent_is_said_only_where_no_wish_is_recorded() -> None:
    said = "No consent recorded: moving people against their will is forced displacement."
    assert cell_report().warnings == (said,)
    asked = scenario(wishes_recorded=True)
    document = document_for(Material(verified(of=asked), MADE_AT, "0.1.0"), "cell")
    assert document.warnings == ()
    assert said not in section_words(document, "inside")


def test_those_who_stay_are_shown_apart_and_an_unknown_wish_is_not_zero() -> None:
    asked = scenario(wishes_recorded=True)
    document = document_for(Material(verified(of=asked), MADE_AT, "0.1.0"), "cell")
    rows = table(document, "table-inside")
    assert [row[4:] for row in rows] == [["900", "not known"], ["10", "not recorded"]]


def test_the_bound_is_said_in_people_and_how_it_is_known() -> None:
    words = section_words(cell_report(), "bound")
    assert "At most 61 more with these inputs." in words
    assert "search" in words
    assert "households that travel together" in words


def test_without_a_bound_the_report_says_that_it_is_not_known() -> None:
    document = document_for(Material(verified(bound_above=None), MADE_AT, "0.1.0"), "cell")
    assert "is not known" in section_words(document, "bound")
    assert ["Gap", "not known"] in table(document, "table-about")


def test_the_gain_is_the_difference_in_people_at_each_hour() -> None:
    # Fill and send by hand: 7 convoys of 12 buses, 640 people each.
    rows = table(cell_report(baseline=verified(7, 12)), "table-gain")
    assert [row[1:] for row in rows[:4]] == [
        ["1,040", "640", "+400"],
        ["1,040", "640", "+400"],
        ["3,120", "1,920", "+1,200"],
        ["9,360", "4,480", "+4,880"],
    ]
    assert rows[5][0] == "last arrival"
    assert rows[5][3] == "5 h 24 min later"
    assert rows[6][1:] == ["1,040", "640", "+400"]


def test_a_baseline_of_another_scenario_is_refused() -> None:
    other = replace(scenario(), sha256="6" * 64)
    with pytest.raises(OtherScenarioError):
        Material(verified(), MADE_AT, "0.1.0", baseline=verified(of=other))


def test_a_first_convoy_that_differs_by_belief_is_said_and_the_same_one_too() -> None:
    same = cell_report(beliefs=(Belief("it holds 4 h", verified()),))
    assert "the same under every belief" in section_words(same, "first")
    other = cell_report(beliefs=(Belief("it holds 4 h", verified(9, 12)),))
    assert "It changes with what one believes" in section_words(other, "first")
    assert "it holds 4 h" in section_words(other, "first")
    assert table(other, "table-first")[1][3:] == ["600", "20", "20"]


def test_a_belief_under_which_nobody_can_move_is_shown_as_a_change() -> None:
    document = cell_report(beliefs=(Belief("it ends at once", None),))
    assert "It changes" in section_words(document, "first")
    assert table(document, "table-first")[1] == ["it ends at once", *["none"] * 5]


def test_the_timetable_names_every_convoy_with_its_times_people_and_staff() -> None:
    rows = table(cell_report(), "table-timetable-1")
    assert len(rows) == 17
    assert rows[0] == [
        "out-1",
        "Al-Amiriyah → Rashidin-4",
        "15 Dec 08:20",
        "15 Dec 09:26",
        "20 buses and 10 ambulances",
        "1,040",
        "1,000 walking, 20 on a stretcher and 20 companions",
        "10 delegates and 1 escort",
    ]
    assert rows[1][5] == "empty"


def test_vehicles_that_do_the_same_share_a_row() -> None:
    rows = table(cell_report(), "table-vehicles")
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("ambulance-01 to ambulance-10", "9 each", "360"),
        ("bus-01 to bus-20", "9 each", "9,000"),
    ]
    assert rows[1][4].startswith("15 Dec 08:20→09:26; 09:36→10:42 empty; 11:02→12:08")


def test_the_strip_map_gives_kilometres_times_and_who_holds_each_stretch() -> None:
    rows = table(cell_report(), "table-strip-1")
    assert rows == [
        ["Al-Amiriyah العامرية", "pickup", "0", "0 min", "Party North", "Party North"],
        ["Ramouseh الراموسة", "checkpoint", "2", "22 min", "Party South", "Party South"],
        ["Rashidin-4 الراشدين", "hand-over point", "8.8", "66 min", "Party North", ""],
    ]


def test_left_behind_without_an_explanation_is_counted_and_not_explained_away() -> None:
    rows = table(cell_report(), "table-left")
    assert [row[1] for row in rows] == ["3,000", "20"]
    assert all("not sought" in row[2] for row in rows)


def test_left_behind_gives_the_reason_of_the_explanation() -> None:
    class Reason:
        at, class_id, people, reason = "amiriyah", "walking", 3000, "fleet"
        why = "The fleet binds: every bus is on the way all day."
        takes = "2 more buses"

    rows = table(cell_report(left_behind=(Reason(),)), "table-left")
    why = f"{Reason.why} It would take {Reason.takes}."
    assert rows == [["Al-Amiriyah العامرية, walking", "3,000", why]]


def test_inputs_are_told_apart_by_how_far_they_can_be_trusted() -> None:
    document = cell_report()
    tass = "TASS, 15 Dec 2016, said by Gerasimov [tass]"
    assert ["Ramouseh → Rashidin-4: distance", "6.8 km", tass] in table(document, "table-sourced")
    assert ["bus (buses): loading", "20 min", "drill"] in table(document, "table-assumed")
    assert ["ambulance (ambulances): seats in each", "2", "no source given"] in table(
        document, "table-unsourced"
    )
    assert table(document, "table-unknown") == [
        ["counterpart The other town: people", "not known", "nobody counted there"]
    ]
    wish = ["Al-Amiriyah, walking: wish to leave", "5,000 to 50,000, likely 12,000", tass]
    assert wish in table(document, "table-sourced")


def test_each_party_has_its_own_version_of_a_clause() -> None:
    rows = table(cell_report(), "table-agreement-ceasefire")
    assert rows[0][1:4] == ["agreed", "No search.", "No search of the wounded."]
    assert rows[1][1:4] == ["OPEN", "Yes.", "Not agreed."]


def test_a_table_with_a_short_row_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="a row of 1, not 2"):
        Table("t", "c", (Column("x"), Column("y")), (((),),))


def test_times_are_local_with_their_date_and_zone() -> None:
    assert plain(moment(at(START, 6.5 * 3600))) == "15 Dec 14:30"
    assert plain(full_moment(START)) == "Thu 15 Dec 2016, 08:00 (UTC+02:00)"


def test_the_hour_goes_back_when_summer_time_ends() -> None:
    start = datetime(2026, 10, 25, 1, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    # 01:00 summer time is 23:00 UTC; three hours later it is 02:00 UTC, 03:00 winter time.
    assert plain(full_moment(at(start, 3 * 3600))) == (
        "Sun 25 Oct 2026, 03:00 (Europe/Berlin, UTC+01:00)"
    )
    assert at(start, 3 * 3600).astimezone(UTC) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(minutes=66), "66 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=3, minutes=20), "3 h 20 min"),
        (timedelta(days=7), "7 days"),
        (timedelta(seconds=90), "1 min 30 s"),
        (timedelta(0), "0 min"),
    ],
)
def test_durations_are_said_with_their_unit(length: timedelta, words: str) -> None:
    assert plain(duration(length)) == words


def test_a_small_or_large_chance_is_not_rounded_to_never_or_always() -> None:
    assert chance(0.001) == "under 1 %"
    assert chance(0.999) == "over 99 %"
    assert plain(chance(1.0)) == "100 %"
    assert plain(chance(0.0)) == "0 %"


@pytest.mark.parametrize(
    ("kind", "two"),
    [
        ("bus", "2 buses"),
        ("minibus", "2 minibuses"),
        ("coach", "2 coaches"),
        ("lorry", "2 lorries"),
        ("convoy", "2 convoys"),
        ("ambulance", "2 ambulances"),
        ("ambulance-2", "2 ambulance-2"),
        ("security", "2 security"),
        ("field security", "2 field security"),
        ("liaison-person", "2 liaison-people"),
        ("police", "2 police"),
        ("bus_1", "2 bus_1"),
        ("UN", "2 UN"),
        ("قائد", "2 قائد"),
    ],
)
def test_two_of_a_kind_are_said_as_one_says_them(kind: str, two: str) -> None:
    assert kinds(kind, 2) == two
    assert kinds(kind, 1) == f"1 {kind}"


def test_one_is_a_person_and_none_are_people() -> None:
    assert (people(1), people(0), people(2_000)) == ("1 person", "0 people", "2,000 people")
    assert value_words(sure(1), "person") == "1 person"
    assert value_words(sure(200), "person in 30 min") == "200 people in 30 min"
    assert value_words(sure(1), "vehicle in 30 min") == "1 vehicle in 30 min"
    assert value_words(sure(9.5), "km") == "9.5 km"


def test_names_in_a_row_are_shortened() -> None:
    assert numbered(["bus-03", "bus-01", "bus-02", "bus-07"]) == "bus-01 to bus-03, bus-07"
    assert numbered(["bus-01", "bus-02"]) == "bus-01, bus-02"
    assert shortly_numbered(["bus-03", "bus-01", "bus-02", "bus-07"]) == "bus 01–03, 07"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert shortly("Rashidin-4, hand-over (triage)") == "Rashidin-4"


def test_a_range_of_the_mean_makes_the_chance_a_range() -> None:
    # Two hours after the opening: e to the minus 2/4, 2/12 and 2/48.
    mean = Figure(low=timedelta(hours=4), likely=timedelta(hours=12), high=timedelta(hours=48))
    holding = Holding(Law("exponential", mean), opening=2 * 3600)
    assert plain(holding.words(4 * 3600)) == "85 % (61 % to 96 %)"
    assert plain(holding.words(2 * 3600)) == "100 %"


def test_a_belief_is_said_in_words() -> None:
    law = Law("exponential", Figure(value=timedelta(hours=4)))
    assert plain(belief_words(law)) == "the window holds 4 h on average, and may end at any moment"
