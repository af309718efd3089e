"""For which scenarios the event search is a bound; any other has the supply bound alone.

Each condition closes a gap through which a plan that the verifier accepts went above the search's
bound. docs/proofs.md names the plan that showed it.
"""

from safepassage.planner.problem import Lane, Problem


def outside_family(problem: Problem, lane: Lane) -> str | None:
    """Return why the event search would prove nothing for a scenario, or None where it proves."""
    scenario = problem.scenario
    if any(leg.one_way for leg in scenario.legs):
        return "a leg is one-way"
    if any(leg.times for leg in scenario.legs):
        return "kinds of vehicles differ in their driving times"
    if not _is_forest([(leg.start, leg.end) for leg in scenario.legs]):
        return "there is more than one way between two places"
    if lane.staff_time <= 0:
        return "the corridor takes no time"
    pickups = {one.at for one in problem.crowds if one.total > 0}
    if len(pickups) > 1:
        return "people board at several places"
    fleets = [one for one in problem.fleets if one.vehicles]
    vehicles = sum(len(one.vehicles) for one in fleets)
    if lane.largest is not None and lane.largest < vehicles and len(fleets) > 1:
        return "the largest convoy is smaller than a fleet of several kinds"
    if _intake_may_bind(problem, lane):
        return "the intake of a destination may bind a convoy"
    return None


def _intake_may_bind(problem: Problem, lane: Lane) -> bool:
    """Whether the persons of one convoy, or of two within `per`, can exceed an intake."""
    most = sum(len(one.vehicles) * sum(one.slots.values()) for one in problem.fleets)
    for site in problem.sites.values():
        if site.intake is None or not site.arrived:
            continue
        people, per = site.intake
        if most > people or per > lane.headway:
            return True
    return False


def _is_forest(pairs: list[tuple[str, str]]) -> bool:
    """Whether no two of the places are joined by more than one chain of legs."""
    parent: dict[str, str] = {}

    def root(place: str) -> str:
        while parent.setdefault(place, place) != place:
            place = parent[place]
        return place

    for start, end in pairs:
        one, other = root(start), root(end)
        if one == other:
            return False
        parent[one] = other
    return True
