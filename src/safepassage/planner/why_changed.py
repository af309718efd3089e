"""Why each convoy of a plan in force is changed: what forbids it now, or what the change brings."""

from collections.abc import Mapping

from safepassage.planner.called import convoy_names
from safepassage.planner.filling import BestFilling
from safepassage.planner.following import Follower
from safepassage.planner.objective import plan_value
from safepassage.planner.plan import Plan
from safepassage.planner.problem import make_problem
from safepassage.planner.schedule import Schedule
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.ways import Ways


def why_changed(
    in_force: Plan, made: VerifiedPlan, names: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return, by convoy of what a plan in force still holds, why a new plan does not keep it.

    Convoys that the new plan keeps (corridor, direction, second and people) have no reason. `names`
    says what people call the convoys, else they are called as in what is still ahead.
    """
    problem = make_problem(made.scenario, made.plan.people)
    schedule = Schedule(problem, Ways(problem))
    follower = Follower(schedule, in_force, BestFilling())
    follower.run()
    gain = made.value - plan_value(problem, schedule.trips)
    kept = {_seen(made.plan, one.id): one.id for one in made.plan.convoys}
    found = {}
    known = convoy_names(in_force) if names is None else names
    late: dict[str, str] = {}
    for one in sorted(in_force.convoys, key=lambda two: two.depart):
        vehicles = [two.vehicle for two in in_force.trips if two.convoy == one.id and two.vehicle]
        forbidden = follower.why.get(one.id)
        if forbidden is not None:
            late.update(dict.fromkeys(vehicles, one.id))
        if _seen(in_force, one.id) in kept:
            continue
        before = dict.fromkeys(late[two] for two in vehicles if two in late and two != one.id)
        if forbidden is not None:
            found[one.id] = f"cannot go as planned: {forbidden}"
        elif before:
            those = ", ".join(known.get(two, two) for two in before)
            found[one.id] = f"its vehicles come from {those}, which cannot go as planned"
        elif made.plan.objective == "expected":
            found[one.id] = (
                f"could be kept; all changes together bring {gain:+,.1f} (weighted people expected)"
            )
        else:
            found[one.id] = "could be kept; the last person arrives sooner with the change"
    return found


def _seen(plan: Plan, convoy: str) -> tuple[object, ...]:
    """Return a convoy as its crews see it, without its name."""
    one = next(two for two in plan.convoys if two.id == convoy)
    people = sum(sum(trip.load.values()) for trip in plan.trips if trip.convoy == convoy)
    return one.corridor, one.start, one.depart, people
