"""For how many people a plan was made: warnings where that is not the likely number.

Knows the ranges of a scenario and the end of them (`people`) that a plan counts with.
"""

from safepassage.planner.plan import Plan
from safepassage.planner.problem import make_problem
from safepassage.scenario.scenario import Scenario


def made_for(scenario: Scenario, plan: Plan) -> int:
    """Return the persons who wish to leave by the numbers of a plan, companions included."""
    return make_problem(scenario, plan.people).people_total


def other_than_likely(scenario: Scenario, plan: Plan) -> str | None:
    """Return a warning for who adopts a plan made for another number of people than the likely one.

    None where it was made for the likely number, or where nothing differs between the two.
    """
    if plan.people == "likely":
        return None
    planned, likely = made_for(scenario, plan), make_problem(scenario).people_total
    if planned == likely:
        return None
    # Whole sentences: the board says them in other languages.
    if planned < likely:
        return (
            f"this plan was made for {planned:,} people (the {plan.people} end of each range), "
            f"{likely - planned:,} fewer than the likely {likely:,}: "
            "who comes beyond them has no seat in it"
        )
    return (
        f"this plan was made for {planned:,} people (the {plan.people} end of each range), "
        f"{planned - likely:,} more than the likely {likely:,}: "
        "vehicles may leave with empty seats"
    )


def different_people(first: Scenario, one: Plan, second: Scenario, other: Plan) -> str | None:
    """Return a warning for who compares two plans made for different numbers of people."""
    numbers = made_for(first, one), made_for(second, other)
    if numbers[0] == numbers[1]:
        return None
    return (
        f"these plans were made for different numbers of people: {numbers[0]:,} ({one.people}) and "
        f"{numbers[1]:,} ({other.people}); what differs between them is not the plan alone"
    )
