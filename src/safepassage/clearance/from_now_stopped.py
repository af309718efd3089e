"""Who is on the road before a stretch that is closed, or may be: the first of all warnings."""

from safepassage.clearance.in_words import clock, persons
from safepassage.clearance.on_the_road import people_now, told
from safepassage.ledger.situation import Situation
from safepassage.scenario.scenario import Scenario


def stopped(scenario: Scenario, now: Situation) -> tuple[str, ...]:
    """Return a warning for each convoy (or lone vehicle) whose way ahead is not said to be open."""
    found = []
    for one in people_now(scenario, now).on_the_road:
        if not one.shut:
            continue
        aboard = "with nobody knows whom" if one.people is None else f"with {persons(one.people)}"
        if one.people == 0:
            aboard = "without people"
        shut = ", ".join(dict.fromkeys(told(state, now.at) for state in one.shut))
        if one.expected is None:
            then = "whether and when they arrive is not known, and they are not counted"
        else:
            then = f"if it opens then they arrive at {clock(one.expected, now.at)}"
        found.append(
            f"{one.name}: on the road {aboard}, and on its way {shut}; {then}: nobody has said "
            "that they get through or turn back"
        )
    return tuple(found)
