"""What is odd in a valid scenario: every warning, with its numbers, most serious first."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from safepassage.scenario.checks import convoys, passage, reach, record, totals
from safepassage.scenario.checks.warning import ScenarioWarning
from safepassage.scenario.figure import UnknownFigureError
from safepassage.scenario.scenario import Scenario
from safepassage.scenario.ways import Ways

RULES: tuple[str, ...] = (
    "consent",
    "unknown",
    "roads",
    "no-way",
    "slots",
    "households",
    "capacity",
    "seats",
    "window",
    "opening",
    "on-board",
    "duty",
    "range",
    "ending",
    "staff",
    "idle",
    "escort",
    "intake",
    "limit",
    "bays",
    "guarantee",
    "holder",
    "arrived",
    "weight",
    "linked",
    "unsourced",
)
"""The rules of all warnings, most serious first."""

CHECKS: tuple[Callable[[Scenario], Iterator[ScenarioWarning]], ...] = (
    record.no_consent,
    record.unknown_but_needed,
    record.times_from_roads,
    totals.nobody_can_carry,
    totals.more_than_may_wait,
    passage.windows_that_never_open,
    passage.opens_too_late,
    passage.no_ending,
    convoys.missing_staff,
    convoys.staff_cut_the_convoy,
    convoys.long_loading,
    record.no_guarantee,
    record.held_by_nobody,
    record.arrived_without_reason,
    record.light_weights,
    record.linked_not_planned,
    record.unsourced,
)
WAY_CHECKS: tuple[Callable[[Ways], Iterator[ScenarioWarning]], ...] = (
    totals.no_way,
    totals.carry_nobody,
    totals.too_little_capacity,
    totals.too_few_seats,
    passage.too_long_on_board,
    reach.duty_too_short,
    reach.range_too_short,
    convoys.few_convoys,
    convoys.intake_cuts_the_convoy,
)


def warnings(scenario: Scenario) -> tuple[ScenarioWarning, ...]:
    """Return every warning about a scenario; none of them stops a plan by itself.

    Likely values are used throughout. A check whose numbers are unknown is left out: that they
    are unknown is a warning of its own.
    """
    ways = Ways(scenario)
    found: list[ScenarioWarning] = []
    for look in CHECKS:
        found += _known(look(scenario))
    for walk in WAY_CHECKS:
        found += _known(walk(ways))
    return tuple(sorted(found, key=lambda one: RULES.index(one.rule)))


def _known(found: Iterator[ScenarioWarning]) -> list[ScenarioWarning]:
    """Return what a check yields up to the first number that is unknown."""
    known: list[ScenarioWarning] = []
    with suppress(UnknownFigureError):
        known.extend(found)
    return known
