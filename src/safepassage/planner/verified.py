"""A plan that the verifier has accepted: the only kind of plan that other rooms take."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from safepassage.planner.plan import Plan
from safepassage.scenario.scenario import Scenario


@dataclass(frozen=True)
class VerifiedPlan:
    """A plan of `scenario` in which the verifier found no violation; made by `planner.verify` only.

    All numbers are the verifier's own. `value`, `bound`, `gap` as in plan.json (weighted expected
    people, or minutes for last_out; gap as a fraction, None where there is no bound).
    `bound_checked` says whether a certificate of the bound was checked. `curve` holds
    (seconds since the start, persons arrived so far) after each arrival, unweighted, companions
    included; `curve_by_class` the same by class (companions under "companion").
    `expected_people` has weight 1 throughout. `left_behind` counts, by group, the people
    (companions not counted) who wish to leave and have not arrived.
    """

    scenario: Scenario
    plan: Plan
    plan_hash: str
    value: float
    bound: float | None
    gap: float | None
    bound_checked: bool
    expected_people: float
    expected_people_bound: float | None
    people_total: int
    people_out: int
    curve: tuple[tuple[int, int], ...]
    curve_by_class: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    left_behind: Mapping[str, int] = field(default_factory=dict)
