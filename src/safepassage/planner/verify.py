"""The verifier: reads a raw scenario and a plan, and says every rule that the plan breaks.

The only maker of `VerifiedPlan`. It shares docs/model.md with the solvers, and no code: what they
believe of the scenario is not asked here. Lives hang on it: a wrong plan is worse than none.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

from safepassage.planner.checking.convoys import check_convoys
from safepassage.planner.checking.fleet import check_fleet
from safepassage.planner.checking.given import Given
from safepassage.planner.checking.linked import check_linked
from safepassage.planner.checking.places import check_places
from safepassage.planner.checking.riders import check_riders
from safepassage.planner.checking.rides import RideReader
from safepassage.planner.checking.staff import check_staff
from safepassage.planner.checking.stated import check_bound, check_stated, gap_of
from safepassage.planner.checking.violation import Violation
from safepassage.planner.checking.windows import check_windows
from safepassage.planner.checking.worth import Worth, check_everyone, worth_of
from safepassage.planner.plan import Plan, Stated
from safepassage.planner.plan_file import plan_hash
from safepassage.planner.verified import SEAL_OF_THE_VERIFIER, VerifiedPlan
from safepassage.scenario.scenario import Scenario

__all__ = ["PlanRefused", "Violation", "verify", "violations"]


class PlanRefused(ValueError):  # noqa: N818 - the word of the glossary
    """A plan that breaks rules; `violations` has all of them.

    `value` is what its trips would make by the verifier's own account; None for a plan of
    another scenario.
    """

    def __init__(self, found: tuple[Violation, ...], value: float | None) -> None:
        some = "; ".join(f"{one.rule}: {one.where}: {one.found}" for one in found[:3])
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        super().__init__(f"plan refused: {some}{more}")
        self.violations = found
        self.value = value


def violations(scenario: Scenario, plan: Plan) -> tuple[Violation, ...]:
    """Return every breach of a rule of docs/model.md, in the order of the checks; none is good."""
    return _judge(scenario, plan)[0]


def verify(scenario: Scenario, plan: Plan) -> VerifiedPlan:
    """Return the plan as verified, with the verifier's own numbers.

    Raises
    ------
    PlanRefused
        If the plan breaks any rule; it carries all violations.
    """
    found, worth, bound_checked = _judge(scenario, plan)
    if found or worth is None:
        raise PlanRefused(found, None if worth is None else worth.value)
    gap = gap_of(plan.objective, worth.value, plan.bound)
    filled = replace(
        plan,
        value=worth.value,
        expected_people=worth.expected_people,
        stated=Stated(gap, worth.people_total, worth.people_out, worth.curve),
    )
    try:
        hashed = plan_hash(filled)
    except (TypeError, ValueError) as fault:
        # A solver's own kinds of numbers, or data of a proof that no file can hold.
        written = Violation("plan_hash", "the plan", None, str(fault), "what JSON can hold")
        raise PlanRefused((written,), worth.value) from fault
    filled = replace(
        filled, stated=Stated(gap, worth.people_total, worth.people_out, worth.curve, hashed)
    )
    return VerifiedPlan(
        scenario=scenario,
        plan=filled,
        plan_hash=hashed,
        value=worth.value,
        bound=plan.bound,
        gap=gap,
        bound_checked=bound_checked,
        expected_people=worth.expected_people,
        expected_people_bound=plan.expected_people_bound,
        people_total=worth.people_total,
        people_out=worth.people_out,
        curve=worth.curve,
        curve_by_class=worth.curve_by_class,
        left_behind=worth.left_behind,
        seal=SEAL_OF_THE_VERIFIER,
    )


def _judge(scenario: Scenario, plan: Plan) -> tuple[tuple[Violation, ...], Worth | None, bool]:
    """Return the violations, the plan's worth, and whether a certificate was checked."""
    foreign = tuple(_check_identity(scenario, plan))
    if foreign:
        return foreign, None, False
    given = Given(scenario, plan.people)
    reader = RideReader(given, plan)
    rides, convoys = reader.read()
    found = list(reader.violations)
    found += check_fleet(given, rides)
    found += check_riders(given, rides)
    found += check_places(given, rides)
    found += check_convoys(given, convoys)
    found += check_staff(given, rides, convoys)
    found += check_windows(given, rides, convoys)
    found += check_linked(given, rides)
    worth = worth_of(given, rides, plan.objective)
    if plan.objective == "last_out":
        found += check_everyone(given, worth)
    found += check_stated(plan, worth)
    bound_found, bound_checked = check_bound(given, plan, worth)
    found += bound_found
    found = list(given.unknown.values()) + found
    return tuple(found), worth, bound_checked


def _check_identity(scenario: Scenario, plan: Plan) -> Iterator[Violation]:
    """Yield where the plan is one of another scenario: nothing else is then worth checking."""
    if plan.scenario != scenario.sha256:
        yield Violation(
            "scenario",
            "the plan",
            None,
            f"a plan of the scenario with sha256 {plan.scenario[:16]}",
            f"this scenario, sha256 {scenario.sha256[:16]}",
        )
    if plan.start != scenario.start:
        yield Violation(
            "scenario",
            "the plan",
            None,
            f"starts at {plan.start.isoformat()}",
            f"{scenario.start.isoformat()}",
        )
    for path in sorted({*plan.inputs, *scenario.inputs}):
        planned, read = plan.inputs.get(path), scenario.inputs.get(path)
        if planned != read:
            yield Violation(
                "inputs",
                path,
                None,
                "not read" if planned is None else f"sha256 {planned[:16]}",
                "not an input" if read is None else f"sha256 {read[:16]}",
            )
    if not math.isfinite(plan.value):
        yield Violation("value", "the plan", None, f"value {plan.value}", "a finite number")
