"""What is odd in a valid scenario: every warning, with its numbers, most serious first."""

from collections.abc import Callable, Iterator

from safepassage.scenario.checks import convoys, passage, record, totals
from safepassage.scenario.checks.warning import ScenarioWarning
from safepassage.scenario.figure import UnknownFigureError
from safepassage.scenario.scenario import Scenario

Check = Callable[[Scenario], Iterator[ScenarioWarning]]

CHECKS: tuple[Check, ...] = (
    record.no_consent,
    record.unknown_but_needed,
    record.times_from_roads,
    totals.no_way,
    totals.nobody_can_carry,
    totals.carry_nobody,
    totals.too_little_capacity,
    totals.too_few_seats,
    passage.windows_that_never_open,
    passage.opens_too_late,
    passage.too_long_on_board,
    passage.duty_too_short,
    passage.no_ending,
    convoys.missing_staff,
    convoys.staff_cut_the_convoy,
    convoys.few_convoys,
    convoys.intake_cuts_the_convoy,
    convoys.long_loading,
    record.no_guarantee,
    record.held_by_nobody,
    record.arrived_without_reason,
    record.light_weights,
    record.linked_not_planned,
    record.unsourced,
)


def warnings(scenario: Scenario) -> tuple[ScenarioWarning, ...]:
    """Return every warning about a scenario; none of them stops a plan by itself.

    Likely values are used throughout. A check whose numbers are unknown is left out: that they
    are unknown is a warning of its own.
    """
    found: list[ScenarioWarning] = []
    for check in CHECKS:
        try:
            found += check(scenario)
        except UnknownFigureError:
            continue
    return tuple(found)
