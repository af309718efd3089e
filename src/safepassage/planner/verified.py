"""A plan that the verifier has accepted: the only kind of plan that other rooms take."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field

from safepassage.planner.plan import Plan
from safepassage.scenario.scenario import Scenario

SEAL_OF_THE_VERIFIER = object()
"""What only `planner.verify` may hand to `VerifiedPlan`; a test greps the sources for it."""


@dataclass(frozen=True)
class VerifiedPlan:
    """A plan of `scenario` in which the verifier found no violation; made by `planner.verify` only.

    All numbers are the verifier's own. `value`, `bound`, `gap` as in plan.json (weighted expected
    people, or minutes for last_out; gap as a fraction, None where there is no bound).
    `bound_checked` says whether a certificate of the bound was checked. `curve` holds
    (seconds since the start, persons arrived so far) after each arrival, unweighted, companions
    included; `curve_by_class` the same by class (companions under "companion").
    `expected_people` has weight 1 throughout. `people_total` counts those who wish to leave and
    their companions. `left_behind` counts, by group, the people (companions not counted) who wish
    to leave and have not arrived; groups with nobody left behind are not in it. `plan` is the
    plan as proposed with the verifier's numbers filled in.

    Nobody else can make one: the constructor asks for the verifier's seal, and
    `dataclasses.replace` fails without it.
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
    seal: InitVar[object] = field(kw_only=True)

    def __post_init__(self, seal: object) -> None:
        if seal is not SEAL_OF_THE_VERIFIER:
            raise TypeError("a VerifiedPlan is made by planner.verify.verify(scenario, plan) only")
