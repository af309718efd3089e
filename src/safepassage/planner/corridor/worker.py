"""The process that proves a corridor beside the search for plans.

Started as `python -m safepassage.planner.corridor.worker`: reads one order from stdin, writes what
it proves and finds to stdout. Both ends are this program, on one machine.
"""

import pickle
import sys
import time
from typing import BinaryIO

from safepassage.planner.corridor.companion import News, Order
from safepassage.planner.corridor.prove import corridor_of, prove
from safepassage.planner.problem import make_problem
from safepassage.planner.ways import Ways


def work(order: Order, out: BinaryIO) -> None:
    """Prove and search until the time is over; write the news as they come."""
    ends = time.monotonic() + order.seconds

    def over() -> bool:
        return time.monotonic() >= ends

    def tell(news: News) -> None:
        try:
            pickle.dump(news, out)
            out.flush()
        except OSError:
            # Nobody listens any more.
            sys.exit(0)

    problem = make_problem(order.scenario, order.people)
    ways = Ways(problem)
    corridor = corridor_of(problem, ways)
    if corridor is None:
        return
    start = tuple((at, along == corridor.forward) for at, _, along in order.timetable)
    prove(
        corridor,
        start,
        on_bound=lambda found: tell(News(bound=found)),
        on_persons=lambda found: tell(News(persons=found)),
        on_convoys=lambda convoys: tell(News(convoys=convoys)),
        stop=over,
        rounds=None,
    )


if __name__ == "__main__":
    work(pickle.load(sys.stdin.buffer), sys.stdout.buffer)  # noqa: S301 - from our own process
