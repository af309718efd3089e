"""The answer: who has arrived if it stops, who is on the road, who is still inside, who stays."""

from collections.abc import Sequence
from datetime import timedelta

from safepassage.report import wording
from safepassage.report.ceiling import arrivals_ceiling
from safepassage.report.chart_arrivals import (
    ArrivalsPicture,
    ClassPicture,
    draw_arrivals,
    draw_classes,
)
from safepassage.report.document import (
    Block,
    Chart,
    Column,
    Number,
    Numbers,
    Paragraph,
    Section,
    Table,
    Text,
    named,
    strong,
    text,
)
from safepassage.report.hours import belief_words, holds_of, marks_of
from safepassage.report.journeys import aboard, arrived_by, most_waiting_between, worst_moment
from safepassage.report.material import Material
from safepassage.scenario.checks.record import NO_CONSENT
from safepassage.scenario.figure import Choice, Figure
from safepassage.scenario.people import COMPANION, Group
from safepassage.scenario.scenario import Scenario

WIDE, NARROW = 720.0, 350.0
_ENDS: tuple[Choice, Choice] = ("low", "high")


def arrived_section(material: Material) -> Section:
    """Return who has arrived by each hour, by class, with the edge that no plan can cross."""
    verified, scenario = material.verified, material.verified.scenario
    start = scenario.start
    marks = marks_of(scenario)
    holds = holds_of(scenario)
    tiles = []
    for mark in marks:
        second = mark.total_seconds()
        detail = wording.moment(wording.at(start, second))
        if holds is not None:
            detail += f" · window holds: {holds.words(second)}"
        arrived = arrived_by(verified.curve, second)
        tiles.append(Number(wording.count(arrived), f"arrived by {wording.duration(mark)}", detail))
    blocks: list[Block] = [
        Paragraph(_headline(material), "lead"),
        Numbers(tuple(tiles)),
        Paragraph(_what_arrived_means(scenario), "small"),
        _arrivals_chart(material, marks),
        _classes_chart(material, marks),
    ]
    return Section("arrived", "Who has arrived, if it stops", tuple(blocks))


def _headline(material: Material) -> Text:
    verified, scenario = material.verified, material.verified.scenario
    if not verified.curve:
        return text(strong("Nobody arrives in this plan."))
    end = wording.at(scenario.start, verified.curve[-1][0])
    first_second, first_people = verified.curve[0]
    first = wording.at(scenario.start, first_second)
    before = "nobody" if material.now is None else "none of them"
    return text(
        strong(wording.people(verified.people_out)),
        f" arrive by {wording.moment(end)}, of {wording.count(_wishing_with(material))} who wish "
        f"to leave (companions counted), if nothing slips. The first {wording.count(first_people)} "
        f"arrive at {wording.moment(first)}; if it stops before then, {before} has arrived.",
    )


def _wishing_with(material: Material) -> int:
    """Return how many wish to leave, at the choice of the plan, companions counted."""
    scenario, choice = material.verified.scenario, material.verified.plan.people
    return sum(
        group.leave.pick(choice) * persons_each(scenario, group) for group in scenario.groups
    )


def persons_each(scenario: Scenario, group: Group) -> int:
    """Return the persons that one of a group counts for, companions included."""
    return 1 + scenario.person_class[group.class_id].companions


def _what_arrived_means(scenario: Scenario) -> Text:
    parts: list[str | Text] = ["Arrived means at "]
    places = [place for place in scenario.places if place.arrived]
    for index, place in enumerate(places):
        parts.append("" if index == 0 else " or ")
        parts.append(named(place.names, place.id))
    parts.append(". ")
    reasons = dict.fromkeys(place.arrived_reason for place in places if place.arrived_reason)
    parts += [f"{reason.rstrip('.')}. " for reason in reasons]
    parts.append(
        "One person counts as one: these numbers carry no weights. They are planned, not "
        f"counted. Local time, {wording.zone(scenario.start)}; hours run from "
        f"{wording.moment(wording.at(scenario.start, 0))}."
    )
    return text(*parts)


def _arrivals_chart(material: Material, marks: Sequence[timedelta]) -> Chart:
    verified, scenario = material.verified, material.verified.scenario
    ceiling = arrivals_ceiling(scenario, verified.plan.people)
    holds = holds_of(scenario)
    baseline = None if material.baseline is None else material.baseline.curve
    picture = ArrivalsPicture(
        start=scenario.start,
        horizon=round(scenario.horizon.total_seconds()),
        arrived=verified.curve,
        ceiling=ceiling,
        baseline=baseline,
        marks=[
            (round(one.total_seconds()), arrived_by(verified.curve, one.total_seconds()))
            for one in marks
        ],
        holds=holds,
    )
    columns = [
        Column("By", share=0.7),
        Column("Local time", share=1.2),
        Column("Arrived", numeric=True),
        Column("No plan more than", numeric=True),
    ]
    if baseline is not None:
        columns.append(Column("Fill and send", numeric=True))
    if holds is not None:
        columns.append(Column("Window holds", numeric=True, share=1.6 if holds.is_range else 1.0))
    rows = []
    for mark in marks:
        second = mark.total_seconds()
        row = [
            text(wording.duration(mark)),
            text(wording.moment(wording.at(scenario.start, second))),
            strong(wording.count(arrived_by(verified.curve, second))),
            text(wording.count(arrived_by(ceiling, second))),
        ]
        if baseline is not None:
            row.append(text(wording.count(arrived_by(baseline, second))))
        if holds is not None:
            row.append(text(holds.words(second)))
        rows.append(tuple(row))
    key = [
        ("line", "arrived by this plan"),
        ("pale", "room below the edge"),
        ("edge", "no plan can be above this"),
    ]
    if baseline is not None:
        key.append(("dashed", "fill and send"))
    if holds is not None:
        words = "chance that the window holds"
        key.append(("rows", f"{words}, its range" if holds.is_range else words))
    return Chart(
        id="chart-arrivals",
        title="People arrived, by time",
        description=(
            "Steps: each rise is a convoy that arrives. The dashed grey edge above is what no plan "
            "can beat. The table says the same at the hours named."
        ),
        wide=(draw_arrivals(picture, WIDE, "arrivals-w"),),
        narrow=(draw_arrivals(picture, NARROW, "arrivals-n"),),
        key=tuple(key),
        table=Table(
            "table-arrivals",
            f"People arrived by hour, companions counted ({wording.zone(scenario.start)})",
            tuple(columns),
            tuple(rows),
            note=text(
                "The edge leaves out convoys, staff, bays and windows: every vehicle goes round "
                "full, never waiting. No plan that keeps the rules can be above it; a plan that "
                f"keeps them all may have to stay below. Belief: {belief_words(scenario.ending)}."
            ),
        ),
    )


def _classes_chart(material: Material, marks: Sequence[timedelta]) -> Chart:
    verified, scenario = material.verified, material.verified.scenario
    wishing = _wishing_by_class(material)
    # In the order in which the scenario names its groups, those who accompany them last.
    order = sorted(wishing, key=lambda one: one == COMPANION)
    pictures = [
        ClassPicture(wording.class_word(one), verified.curve_by_class.get(one, ()), wishing[one])
        for one in order
    ]
    horizon = round(scenario.horizon.total_seconds())
    columns = (
        Column("Class", share=1.4),
        *(Column(f"by {wording.duration(one)}", numeric=True) for one in marks),
        Column("Wish to leave", numeric=True),
    )
    rows = []
    for one in order:
        curve = verified.curve_by_class.get(one, ())
        rows.append(
            (
                text(wording.class_word(one)),
                *(text(wording.count(arrived_by(curve, mark.total_seconds()))) for mark in marks),
                text(wording.count(wishing[one])),
            )
        )
    rows.append(
        (
            strong("all"),
            *(
                strong(wording.count(arrived_by(verified.curve, mark.total_seconds())))
                for mark in marks
            ),
            strong(wording.count(sum(wishing.values()))),
        )
    )
    return Chart(
        id="chart-classes",
        title="Arrived, by class",
        description=(
            "Each class on its own scale; the dashed line is how many of it wish to leave, at the "
            "number the plan was made for."
        ),
        wide=(draw_classes(pictures, scenario.start, horizon, WIDE, "classes-w"),),
        narrow=(draw_classes(pictures, scenario.start, horizon, NARROW, "classes-n"),),
        key=(("line", "arrived"), ("thin", "wish to leave")),
        table=Table(
            "table-classes", "People arrived, by class", columns, tuple(rows), total_last=True
        ),
    )


def _wishing_by_class(material: Material) -> dict[str, int]:
    scenario, choice = material.verified.scenario, material.verified.plan.people
    found: dict[str, int] = {}
    for group in scenario.groups:
        number = group.leave.pick(choice)
        found[group.class_id] = found.get(group.class_id, 0) + number
        more = number * scenario.person_class[group.class_id].companions
        if more:
            found[COMPANION] = found.get(COMPANION, 0) + more
    return found


def road_section(material: Material) -> Section:
    """Return who is on the road at the worst moment."""
    verified, scenario = material.verified, material.verified.scenario
    peak = worst_moment(verified.plan)
    if peak is None:
        return Section(
            "road", "On the road at the worst moment", (Paragraph(text("Nobody rides.")),)
        )
    begins = wording.at(scenario.start, peak.begins)
    ends = wording.at(scenario.start, peak.ends)
    in_convoy: dict[str, int] = {}
    for trip in peak.trips:
        if trip.convoy is not None:
            in_convoy[trip.convoy] = in_convoy.get(trip.convoy, 0) + aboard(trip)
    # People outside of convoys must not be read as part of one.
    several = len(in_convoy) > 1 or sum(in_convoy.values()) < peak.people
    parts_of = [
        f"{wording.count(people)} in convoy {one}" if several else f"convoy {one}"
        for one, people in sorted(in_convoy.items())
    ]
    outside = peak.people - sum(in_convoy.values())
    if in_convoy and outside:
        parts_of.append(f"{wording.count(outside)} outside of convoys")
    where = f": {wording.listed(parts_of)}" if parts_of else ""
    blocks: list[Block] = [
        Numbers(
            (
                Number(
                    wording.count(peak.people),
                    "on the road at the worst moment",
                    f"{wording.span(begins, ends)}{where}",
                ),
            )
        ),
        Paragraph(
            text(
                f"If it stops in that time, {wording.people(peak.people)} are caught between the "
                "gates, companions counted, staff not. They have left and not arrived."
            )
        ),
    ]
    waiting = most_waiting_between(verified)
    if waiting:
        parts: list[str | Text] = ["Between two vehicles wait, at the most: "]
        for index, (place, people) in enumerate(sorted(waiting.items())):
            parts.append("" if index == 0 else "; ")
            parts += [f"{wording.count(people)} at ", named(scenario.place[place].names, place)]
        blocks.append(Paragraph(text(*parts, ". They have not arrived either.")))
    return Section("road", "On the road at the worst moment", tuple(blocks))


def inside_section(material: Material) -> Section:
    """Return who is still inside at the end, as a range, and apart from them who stays."""
    scenario = material.verified.scenario
    end = wording.at(scenario.start, scenario.horizon.total_seconds())
    low, high, planned = still_inside(material)
    shown = "not known" if low is None or high is None else wording.between(low, high)
    tiles = [
        Number(
            shown,
            f"still inside at {wording.moment(end)}",
            f"wish to leave and have not arrived; {wording.count(planned)} at the number planned "
            "for",
        ),
        Number(
            _sum_words([one.stay for one in scenario.groups]),
            "stay, by their wish",
            "they are still protected",
        ),
        Number(
            _sum_words([one.unknown for one in scenario.groups]),
            "wish not known",
            "nobody is planned for without a wish",
        ),
    ]
    blocks: list[Block] = [Numbers(tuple(tiles)), _inside_table(material)]
    if without_wish(scenario):
        blocks.insert(0, Paragraph(text(NO_CONSENT), "caution"))
    return Section("inside", "Still inside, and those who stay", tuple(blocks))


def without_wish(scenario: Scenario) -> tuple[str, ...]:
    """Return the groups whose wish is on nobody's record: a number alone is no consent."""
    return tuple(group.id for group in scenario.groups if group.consent is None)


def still_inside(material: Material) -> tuple[int | None, int | None, int]:
    """Return who wishes to leave and has not arrived: low, high, and at the planned number.

    Companions counted. None where a group's number is not known.
    """
    scenario, out = material.verified.scenario, material.verified.people_out
    planned = max(0, _wishing_with(material) - out)
    if any(not group.leave.known for group in scenario.groups):
        return None, None, planned
    ranges = [_inside_of(material, group) for group in scenario.groups]
    return sum(low for low, _ in ranges), sum(high for _, high in ranges), planned


def _inside_of(material: Material, group: Group) -> tuple[int, int]:
    """Return how many of a group, companions counted, have not arrived: low and high."""
    arrived = _arrived_of(material, group)
    each = persons_each(material.verified.scenario, group)
    low, high = (group.leave.pick(end) * each for end in _ENDS)
    return max(0, low - arrived), max(0, high - arrived)


def _arrived_of(material: Material, group: Group) -> int:
    """Return how many of a group arrive, companions counted."""
    verified = material.verified
    willing = group.leave.pick(verified.plan.people)
    left = verified.left_behind.get(group.id, 0)
    return (willing - left) * persons_each(verified.scenario, group)


def _sum_words(figures: Sequence[Figure[int] | None]) -> str:
    """Return the sum of what is recorded as a range; "not recorded" where nothing is."""
    recorded = [one for one in figures if one is not None]
    if not recorded:
        return "not recorded"
    known = [one for one in recorded if one.known]
    if not known:
        return "not known"
    low, high = sum(one.pick("low") for one in known), sum(one.pick("high") for one in known)
    more = " or more" if len(known) < len(recorded) else ""
    return wording.between(low, high) + more


def _inside_table(material: Material) -> Table:
    scenario = material.verified.scenario
    rows = []
    for group in scenario.groups:
        each = persons_each(scenario, group)
        low, high = (group.leave.pick(end) * each for end in _ENDS)
        label = text(
            named(scenario.place[group.at].names, group.at),
            f", {wording.class_word(group.class_id)}",
        )
        rows.append(
            (
                label,
                text(wording.between(low, high)),
                text(wording.count(_arrived_of(material, group))),
                strong(wording.between(*_inside_of(material, group))),
                text(_sum_words([group.stay])),
                text(_sum_words([group.unknown])),
            )
        )
    return Table(
        "table-inside",
        "Still inside at the end of the plan, by place and class",
        (
            Column("Place and class", share=1.9),
            Column("Wish to leave", numeric=True, share=1.2),
            Column("Arrive", numeric=True, share=0.8),
            Column("Still inside", numeric=True, share=1.2),
            Column("Stay", numeric=True),
            Column("Wish not known", numeric=True),
        ),
        tuple(rows),
        note=text("Companions are counted with those they accompany."),
    )
