"""Whether a plan may be put in force under its names: each stands for the convoy it stood for."""

from safepassage.clearance.convoy_ids import given_twice
from safepassage.clearance.from_now import FromNowError, marked
from safepassage.ledger.decided import PlanAdopted
from safepassage.ledger.log import Ledger
from safepassage.planner.plan import Plan


def other_convoys(plan: Plan, ledger: Ledger) -> tuple[str, ...]:
    """Return the convoy ids of a plan that stand for another convoy in one adopted before it."""
    adopted = [
        (one.seq, one.body.plan)
        for one in ledger.entries(0, None, ("plan",))
        if isinstance(one.body, PlanAdopted)
    ]
    try:
        upto, _ = marked(tuple(plan.inputs))
    except FromNowError:
        upto = 0
    last = adopted[-1][0] if adopted else 0
    return given_twice(plan, [text for _, text in adopted], from_last=upto >= last > 0)
