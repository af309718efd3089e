"""What is on record: consent, guarantees, sources, reasons."""

from collections.abc import Iterator

from safepassage.scenario.checks.warning import ScenarioWarning
from safepassage.scenario.figures import every_figure
from safepassage.scenario.near import listed
from safepassage.scenario.reading.roads import FROM_ROADS
from safepassage.scenario.scenario import Scenario

NO_CONSENT = "No consent recorded: moving people against their will is forced displacement."


def no_consent(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield the groups whose wish is on nobody's record."""
    without = [one for one in scenario.groups if one.consent is None]
    if not without:
        return
    names = listed(f'"{one.id}"' for one in without)
    known = [one.leave.pick() for one in without if one.leave.known]
    yield ScenarioWarning(
        "consent",
        "group",
        f"{NO_CONSENT} Groups without: {names} ({sum(known):,} people).",
        {"groups": len(without), "people": sum(known)},
    )


def no_guarantee(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield parties that hold a stretch or a post and have promised nothing on record."""
    for index, party in enumerate(scenario.parties):
        holds = [one.id for one in scenario.legs if party.id in one.held_by]
        holds += [one.id for one in scenario.places if party.id in one.holder]
        if not holds or party.promised is not None:
            continue
        signed = any(party.id in one.parties for one in scenario.agreements)
        yield ScenarioWarning(
            "guarantee",
            f"party[{index}].promised",
            f'"{party.id}" holds {listed(holds)}, and no promise of theirs is on record'
            + ("." if signed else "; no agreement names them."),
            {"holds": len(holds)},
        )


def held_by_nobody(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield legs that no party is said to hold, where other legs are held."""
    free = [one.id for one in scenario.legs if not one.held_by]
    if free and len(free) < len(scenario.legs):
        yield ScenarioWarning(
            "holder",
            "leg",
            f"Nobody is said to hold {listed(free)}: is it known that no party does?",
            {"legs": len(free)},
        )


def unsourced(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield how many figures state neither a source nor why they are assumed."""
    every = list(every_figure(scenario))
    bare = [one.path for one in every if one.standing == "unsourced"]
    if bare:
        yield ScenarioWarning(
            "unsourced",
            bare[0],
            f"{len(bare)} of {len(every)} figures state neither a source nor an assumption: "
            f"{listed(bare, 6)}.",
            {"unsourced": len(bare), "figures": len(every)},
        )


def unknown_but_needed(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield figures that are stated to be unknown and that a plan cannot do without."""
    for one in every_figure(scenario):
        if one.unknown is None or one.path.startswith("linked["):
            continue
        if one.unknown == FROM_ROADS:
            continue
        if one.path.startswith("group[") and one.path.endswith((".stay", ".unknown")):
            continue
        yield ScenarioWarning(
            "unknown",
            one.path,
            f"{one.path} is unknown ({one.unknown}), and a plan needs it: state a value or a "
            "range with what it rests on.",
        )


def times_from_roads(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield that driving times come from the roads: what rests on them is not checked here."""
    left = [one.id for one in scenario.legs if one.time.unknown == FROM_ROADS]
    if left:
        yield ScenarioWarning(
            "roads",
            "roads",
            f"The driving times of {listed(left)} come from the roads: what rests on them (seats, "
            "windows, escorts) is not checked here.",
            {"legs": len(left)},
        )


def light_weights(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield weights that let a person in need count less than another."""
    for one in scenario.classes:
        if one.weight < 1:
            yield ScenarioWarning(
                "weight",
                f"weights.{one.id}",
                f'A person of class "{one.id}" counts as {one.weight:g}: someone in need counts '
                "less than someone without.",
                {"weight": one.weight},
            )


def arrived_without_reason(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield waiting, exchange and other points that count as arrival without a reason."""
    for index, one in enumerate(scenario.places):
        if one.arrived and one.kind not in {"shelter", "hospital"} and one.arrived_reason is None:
            yield ScenarioWarning(
                "arrived",
                f"place[{index}].arrived",
                f'"{one.id}" is a {one.kind} and counts as arrival: say why in arrived_reason '
                "(a waiting or exchange point is not arrival).",
            )


def linked_not_planned(scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield counterpart evacuations, which a plan does not wait for."""
    for index, one in enumerate(scenario.linked):
        if one.groups:
            continue
        yield ScenarioWarning(
            "linked",
            f"linked[{index}]",
            f'"{one.id}" moves step by step with this evacuation; a plan waits for it only where '
            "`groups` names its people or `scenario` leads to its own scenario.",
        )
