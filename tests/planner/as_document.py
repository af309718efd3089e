"""A scenario written as the tables of scenario.toml: what is drawn can then be read as a file."""

from collections.abc import Mapping
from datetime import time, timedelta

from safepassage.scenario.duration import format_duration
from safepassage.scenario.figure import Figure
from safepassage.scenario.fleet import Staff, Vehicles
from safepassage.scenario.people import Group
from safepassage.scenario.places import Corridor, Leg, Place
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.window import Window

Row = dict[str, object]


def document_of(scenario: Scenario) -> Row:
    """Return the tables of a scenario without roads, sources and parties."""
    own = [one for one in scenario.classes if not one.built_in]
    made: Row = {
        "format": "safepassage/scenario/1",
        "name": scenario.name,
        "start": scenario.start,
        "horizon": _span(scenario.horizon),
        "place": [_place(one) for one in scenario.places],
        "leg": [_leg(one) for one in scenario.legs],
        "corridor": [_corridor(one) for one in scenario.corridors],
        "class": [
            {
                "id": one.id,
                "uses": dict(one.uses),
                "companions": one.companions,
                "medical": "of a test",
            }
            for one in own
        ],
        "group": [_group(one) for one in scenario.groups],
        "vehicle": [_vehicle(one) for one in scenario.vehicles],
        "staff": [_staff(one) for one in scenario.staff],
        "window": [_window(one) for one in scenario.windows],
        "weights": {one.id: one.weight for one in own if one.weight != 1},
        "linked": [
            {
                "id": one.id,
                "name": one.name,
                "groups": list(one.groups),
                "waits_for": one.waits_for,
                **({"ratio": one.ratio} if one.ratio is not None else {}),
                **({"steps": list(one.steps)} if one.steps else {}),
            }
            for one in scenario.linked
        ],
        "ending": _ending(scenario),
        "rules": _rules(scenario),
    }
    if scenario.opening is not None:
        made["opening"] = {"time": _figure(scenario.opening.time)}
    return {key: one for key, one in made.items() if one not in ([], {})}


def _span(span: timedelta) -> str:
    return format_duration(span)


def _plain(value: object) -> object:
    return _span(value) if isinstance(value, timedelta) else value


def _figure(figure: Figure) -> object:  # type: ignore[type-arg]
    if figure.value is not None:
        return _plain(figure.value)
    return {
        key: _plain(one)
        for key, one in (
            ("low", figure.low), ("likely", figure.likely), ("high", figure.high),
            ("unknown", figure.unknown),
        )
        if one is not None
    }  # fmt: skip


def _figures(given: Mapping[str, Figure]) -> Row:  # type: ignore[type-arg]
    return {key: _figure(one) for key, one in given.items()}


def _given(row: Row, **more: object) -> Row:
    """Return a row with those of `more` that are stated."""
    for key, one in more.items():
        if one is None or one in ((), {}) or one is False:
            continue
        row[key] = _figure(one) if isinstance(one, Figure) else _plain(one)
    return row


def _place(one: Place) -> Row:
    row = _given(
        {"id": one.id, "kind": one.kind},
        bays=_figures(one.bays),
        capacity=one.capacity,
        filled=[[_span(each.after), each.people] for each in one.filled] or None,
        opens=one.opens,
        limit=one.limit,
        longest_wait=one.longest_wait,
    )
    if one.arrived != (one.kind in ("shelter", "hospital")):
        row |= {"arrived": one.arrived, "arrived_reason": "of a test"}
    if one.intake is not None:
        row["intake"] = {"people": _figure(one.intake.people), "per": _span(one.intake.per)}
    if one.rate is not None:
        row["rate"] = {"vehicles": _figure(one.rate.vehicles), "per": _span(one.rate.per)}
    return row


def _leg(one: Leg) -> Row:
    through = [{"checkpoint": each.checkpoint, "after": _span(each.after)} for each in one.through]
    return _given(
        {"id": one.id, "from": one.start, "to": one.end, "time": _figure(one.time)},
        times=_figures(one.times),
        km=one.km,
        one_way=one.one_way,
        through=through or None,
    )


def _corridor(one: Corridor) -> Row:
    convoy = _given({}, largest=one.largest, headway=one.headway)
    row = _given({"id": one.id, "legs": list(one.legs)}, one_way=one.one_way)
    return row | ({"convoy": convoy} if convoy else {})


def _group(one: Group) -> Row:
    return _given(
        {"id": one.id, "at": one.at, "class": one.class_id, "leave": _figure(one.leave)},
        ready=[[_span(each.after), each.people] for each in one.ready] or None,
        wants=list(one.wants) or None,
        households=one.households,
    )


def _vehicle(one: Vehicles) -> Row:
    refuel = one.refuel
    reach = one.range_time or one.range_km
    row = _given(
        {
            "id": one.id,
            "kind": one.kind,
            "count": _figure(one.count),
            "at": one.at,
            "slots": _figures(one.slots),
            "load": _figure(one.load),
            "unload": _figure(one.unload),
        },
        serves=list(one.serves) or None,
        ready=[[_span(each.after), each.count] for each in one.ready] or None,
        range=None if reach is None else reach,
    )
    if one.range_km is not None:
        row["range"] = f"{one.range_km.pick():g} km"
    if refuel is not None:
        row["refuel"] = {"at": list(refuel.at), "time": _span(refuel.time)}
    return row


def _staff(one: Staff) -> Row:
    return _given(
        {
            "id": one.id,
            "kind": one.kind,
            "count": _figure(one.count),
            "at": one.at,
            "needed_by": list(one.needed_by),
            "per": one.per,
        },
        on=list(one.on) or None,
        duty=one.duty,
        rest=one.rest,
        relief=one.relief,
        ready=[[_span(each.after), each.count] for each in one.ready] or None,
    )


def _window(one: Window) -> Row:
    def moment(at: timedelta | None) -> object:
        if at is None or not one.daily:
            return at
        seconds = int(at.total_seconds())
        return time(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)

    return _given(
        {"id": one.id, "where": one.where},
        opens=moment(one.opens),
        closes=moment(one.closes),
        daily=one.daily,
    )


def _ending(scenario: Scenario) -> Row:
    law = scenario.ending
    row = _given({"law": law.kind}, mean=law.mean)
    if law.kind == "weibull":
        row["shape"] = law.shape
    if law.kind == "table":
        row["table"] = [[_span(after), chance] for after, chance in law.steps]
    return row


def _rules(scenario: Scenario) -> Row:
    rules = scenario.rules
    row = _given(
        {"objective": rules.objective, "arrival_margin": _span(rules.arrival_margin)},
        longest_on_board=rules.longest_on_board,
        rho=rules.rho,
    )
    if rules.night is not None:
        night = rules.night
        row["night"] = {"begins": night.begins, "ends": night.ends, "allowed": night.allowed}
    return row
