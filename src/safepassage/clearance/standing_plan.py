"""The standing plan: what goes the minute the gate opens, made ready while it is shut.

It is what is left of the plan in force, moved to that minute; what no longer fits is planned anew.
What has to come true for it is listed, not believed: closed stretches that open, promises that are
given again. Once the opening is in the ledger the plan is made once more, with nothing assumed.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from safepassage.clearance.changes import named
from safepassage.clearance.from_now import FromNow, adopted_plans, from_now
from safepassage.clearance.readiness import anchored_at
from safepassage.ledger.folding import situation
from safepassage.ledger.log import Ledger
from safepassage.ledger.situation import Situation, StretchState
from safepassage.planner.following import still_ahead
from safepassage.planner.impossible import NobodyMovesError, NotPlannedError
from safepassage.planner.plan import BoundProof, Plan
from safepassage.planner.plan_file import plan_from_text
from safepassage.planner.plan_form import PlanError
from safepassage.planner.solve import solve
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused, verify
from safepassage.scenario.scenario import Scenario

LIMIT = timedelta(seconds=10)
"""How long the search may work where the plan in force cannot just be moved."""


@dataclass(frozen=True)
class StandingPlan:
    """What stands ready for one minute of opening.

    `verified` is the plan; None where none can be made, and `why_not` says why. `how` tells whether
    the plan in force was moved as it is or the rest planned anew. `assumed` is what has to come
    true first: nobody has said it yet. `left` is the scenario that the plan is of.
    """

    opens: datetime
    verified: VerifiedPlan | None
    how: Literal["moved", "planned anew", "none"]
    assumed: tuple[str, ...]
    why_not: str | None
    left: FromNow


def standing_plan(
    scenario: Scenario,
    ledger: Ledger,
    *,
    at: datetime,
    opens: datetime,
    upto: int | None = None,
    limit: timedelta = LIMIT,
    seed: int = 1,
) -> StandingPlan:
    """Return the plan for a gate that opens at a minute, as of an entry (None: the last) and now.

    Until it opens nobody enters a corridor (where there is none, a leg); people may board before.

    Raises
    ------
    FromNowError
        If the time is outside the scenario, or departed convoys are not known well enough.
    UnknownFigureError
        If a figure that the planner needs is unknown.
    """
    now = situation(ledger, at=at, scenario=scenario, upto=upto)
    then, assumed = _as_if_it_opens(scenario, now, opens)
    left = from_now(scenario, then, adopted_plans(ledger, now.upto))
    before = _in_force(now)
    rest = None if before is None else _moved(before, left, opens)
    in_time = None if rest is None else _in_time(rest, left.scenario)
    if in_time is not None and in_time.trips:
        moved = _judged(left.scenario, in_time)
        if moved is not None:
            return StandingPlan(opens, moved, "moved", assumed, None, left)
    try:
        made = solve(left.scenario, limit=limit, seed=seed, in_force=in_time)
    except (NobodyMovesError, NotPlannedError) as error:
        return StandingPlan(opens, None, "none", assumed, str(error), left)
    # A convoy keeps its name where it goes about when the moved plan has it.
    return StandingPlan(opens, named(made, rest, left), "planned anew", assumed, None, left)


def _as_if_it_opens(
    scenario: Scenario, now: Situation, opens: datetime
) -> tuple[Situation, tuple[str, ...]]:
    """Return a situation in which the way opens at that time, and what that takes on trust."""
    when = opens.isoformat(timespec="minutes")
    assumed = []
    stretches = dict(now.stretches)
    for one in now.stretches.values():
        if one.closed(opens):
            since = min(one.since, now.at)
            stretches[one.stretch] = replace(one, since=since, until=opens)
            assumed.append(f"{one.stretch} opens at {when}: entry {one.seq} says {one.state}")
    if opens > now.at:
        gates = [one.id for one in scenario.corridors] or [one.id for one in scenario.legs]
        for gate in gates:
            if gate not in stretches or not stretches[gate].closed(now.at):
                stretches[gate] = StretchState(gate, "closed", now.at, opens, now.upto)
    promises = []
    for promise in now.promises:
        if promise.confirmed and promise.until is not None and promise.until <= opens:
            where = ", ".join(promise.covers)
            assumed.append(f"{promise.party} promises {where} again: {promise.id} ends before")
        else:
            promises.append(promise)
    return replace(now, stretches=stretches, promises=tuple(promises)), tuple(assumed)


def _in_force(now: Situation) -> Plan | None:
    try:
        return None if now.plan is None else plan_from_text(now.plan.text)
    except PlanError:
        return None


def _moved(before: Plan, left: FromNow, opens: datetime) -> Plan:
    """Return what is left of the plan in force, as a plan of what is left, at the opening."""
    now = left.situation
    since = int((now.at - before.start).total_seconds())
    rest = still_ahead(before, tuple(now.convoys), since)
    rest = replace(
        rest,
        scenario=left.scenario.sha256,
        inputs=dict(left.scenario.inputs),
        proof=BoundProof("none"),
    )
    return anchored_at(rest, opens) if rest.trips else rest


def _in_time(plan: Plan, scenario: Scenario) -> Plan:
    """Return a plan without the convoys and trips that no longer arrive before the end of it."""
    end = int(scenario.horizon.total_seconds())
    late = {one.id for one in plan.convoys if one.arrive > end}
    late |= {one.convoy for one in plan.trips if one.convoy is not None and one.arrive > end}
    return replace(
        plan,
        convoys=tuple(one for one in plan.convoys if one.id not in late),
        trips=tuple(one for one in plan.trips if one.convoy not in late and one.arrive <= end),
    )


def _judged(scenario: Scenario, plan: Plan) -> VerifiedPlan | None:
    """Return a moved plan as the verifier accepts it, at the value that it makes now."""
    try:
        return verify(scenario, plan)
    except PlanRefused as refused:
        # At another time it is worth something else; every other breach is a refusal.
        if refused.value is None or {one.rule for one in refused.violations} != {"value"}:
            return None
        return verify(scenario, replace(plan, value=refused.value))
