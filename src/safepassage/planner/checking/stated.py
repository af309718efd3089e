"""What a plan says of itself, against the verifier's own numbers.

Rules `value`, `bound`, `gap`, `people`, `curve` and `plan_hash`.
"""

import math
from collections.abc import Iterator

from safepassage.planner.checking.bounds import check_certificate
from safepassage.planner.checking.given import Given
from safepassage.planner.checking.violation import Violation
from safepassage.planner.checking.worth import Worth
from safepassage.planner.plan import Plan
from safepassage.planner.plan_file import plan_hash
from safepassage.scenario.rules import Objective

VALUE_TOLERANCE = 1e-6
BOUND_TOLERANCE = 1e-9


def _near(one: float, other: float, tolerance: float) -> bool:
    """Whether two numbers agree within a relative tolerance (an absolute one near 0)."""
    return math.isfinite(one) and abs(one - other) <= tolerance * max(abs(other), 1e-3)


def gap_of(objective: Objective, value: float, bound: float | None) -> float | None:
    """Return the gap of docs/model.md as a fraction; None where there is none to state."""
    if bound is None:
        return None
    above, below = (bound, value) if objective == "expected" else (value, bound)
    if above == below:
        return 0.0
    if above <= 0:
        return None
    return max(0.0, (above - below) / above)


def check_stated(plan: Plan, worth: Worth) -> Iterator[Violation]:
    """Yield each figure of the plan that is not what its trips make."""
    if not _near(plan.value, worth.value, VALUE_TOLERANCE):
        yield _differs("value", "value", plan.value, worth.value)
    if plan.expected_people is not None and not _near(
        plan.expected_people, worth.expected_people, VALUE_TOLERANCE
    ):
        yield _differs("value", "expected_people", plan.expected_people, worth.expected_people)
    stated = plan.stated
    if stated is None:
        return
    if stated.curve is not None:
        if stated.curve != worth.curve:
            yield _differs("curve", "curve", _steps(stated.curve), _steps(worth.curve))
        if stated.people_total != worth.people_total:
            yield _differs("people", "people_total", stated.people_total, worth.people_total)
        if stated.people_out != worth.people_out:
            yield _differs("people", "people_out", stated.people_out, worth.people_out)
        gap = gap_of(plan.objective, worth.value, plan.bound)
        agrees = (
            stated.gap is None
            if gap is None
            else stated.gap is not None and abs(stated.gap - gap) <= VALUE_TOLERANCE
        )
        if not agrees:
            yield _differs("gap", "gap", stated.gap, gap)
    if stated.plan_hash is not None:
        try:
            hashed = plan_hash(plan)
        except (TypeError, ValueError) as fault:
            hashed = f"none: {fault}"
        if stated.plan_hash != hashed:
            yield _differs("plan_hash", "plan_hash", stated.plan_hash, hashed)


def _differs(rule: str, where: str, found: object, allowed: object) -> Violation:
    return Violation(rule, where, None, f"{found} is stated", f"{allowed}")


def _steps(curve: tuple[tuple[int, int], ...]) -> str:
    shown = ", ".join(f"{people} by {when} s" for when, people in curve[:20])
    return f"{len(curve)} steps: {shown}{', ...' if len(curve) > 20 else ''}"


def check_bound(given: Given, plan: Plan, worth: Worth) -> tuple[list[Violation], bool]:
    """Return what is wrong with the bound, and whether a certificate of it was checked."""
    found: list[Violation] = []
    for name, bound, value in (
        ("bound", plan.bound, worth.value),
        ("expected_people_bound", plan.expected_people_bound, worth.expected_people),
    ):
        if bound is None:
            continue
        room = BOUND_TOLERANCE * max(abs(bound), abs(value))
        at_most = plan.objective == "last_out" and name == "bound"
        beaten = value < bound - room if at_most else value > bound + room
        if not math.isfinite(bound) or beaten:
            found.append(
                Violation(
                    "bound",
                    name,
                    None,
                    f"{bound} is stated, and this plan makes {value}",
                    "a number that no plan beats",
                )
            )
    found += _check_share(given, plan, worth)
    if plan.bound is not None and plan.proof.kind == "none":
        found.append(
            Violation("bound", "bound_proof", None, "a bound with no proof", "a kind of proof")
        )
    if plan.bound is None or plan.proof.kind != "certificate":
        return found, False
    faults = check_certificate(given.scenario, plan)
    return found + faults, not (found or faults)


def _check_share(given: Given, plan: Plan, worth: Worth) -> list[Violation]:
    """Return a violation if more of every group arrives than the stated share says is possible."""
    at_most = plan.proof.data.get("worst_served_at_most")
    if at_most is None:
        return []
    shares = [
        (one.leave - worth.left_behind.get(one.id, 0)) / one.leave
        for one in given.groups()
        if one.leave > 0
    ]
    least = min(shares, default=0.0)
    if isinstance(at_most, int | float) and least <= at_most + BOUND_TOLERANCE:
        return []
    return [
        Violation(
            "bound",
            "worst_served_at_most",
            None,
            f"{at_most} is stated, and this plan brings {least} of every group",
            "a share that no plan gives to every group",
        )
    ]
