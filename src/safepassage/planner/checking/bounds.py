"""Certificates of bounds: what a solver stores so that its bound can be checked by anybody.

Knows the kinds of certificate by their `family` (docs/reference/plan.md) and who checks each.
"""

from collections.abc import Callable, Mapping
from typing import Final

from safepassage.planner.checking.certificate import CertificateError
from safepassage.planner.checking.lengths_certificate import proved_by_lengths
from safepassage.planner.checking.tours_certificate import proved_by_tours
from safepassage.planner.checking.violation import Violation
from safepassage.planner.plan import Plan
from safepassage.scenario.scenario import Scenario

Checker = Callable[[Scenario, Plan, Mapping[str, object]], float]
"""Returns the bound that a certificate proves (units of the plan), or raises CertificateError."""

CHECKERS: Final[Mapping[str, Checker]] = {"tours": proved_by_tours, "lengths": proved_by_lengths}


def check_certificate(scenario: Scenario, plan: Plan) -> list[Violation]:
    """Return what is wrong with the plan's certificate; nothing if it proves the plan's bound."""
    data = plan.proof.data
    checker = CHECKERS.get(str(data.get("family")))
    if checker is None:
        return [_refused(f"family {data.get('family')!r}", f"one of {', '.join(CHECKERS)}")]
    try:
        proved = checker(scenario, plan, data)
    except CertificateError as fault:
        return [_refused(str(fault), "a certificate that proves the bound")]
    bound = plan.bound
    if bound is None:
        return [_refused("no bound", "the bound that it proves")]
    room = 1e-9 * max(abs(bound), abs(proved))
    claims_more = bound > proved + room if plan.objective == "last_out" else bound < proved - room
    if claims_more:
        return [_refused(f"the bound {bound} is stated", f"{proved}, which the certificate proves")]
    return []


def _refused(found: str, allowed: str) -> Violation:
    return Violation("bound", "bound_proof", None, found, allowed)
