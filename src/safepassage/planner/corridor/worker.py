"""The process that proves a corridor beside the search for plans.

Started as `python -m safepassage.planner.corridor.worker`: reads one order from stdin, writes what
it proves and finds to stdout. Both ends are this program, on one machine.
"""

import pickle
import random
import sys
import time
from collections.abc import Callable
from typing import BinaryIO

from safepassage.planner.corridor.companion import News, Order
from safepassage.planner.corridor.prove import corridor_of, prove
from safepassage.planner.greedy import Policy
from safepassage.planner.problem import Problem, make_problem
from safepassage.planner.search import Search
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
    search = _Telling(problem, ways, tell, order.seed)
    search.offer(Policy(timetable=order.timetable))
    prove(
        corridor,
        search,
        on_bound=lambda found: tell(News(bound=found)),
        on_persons=lambda found: tell(News(persons=found)),
        stop=over,
        rounds=None,
    )


class _Telling(Search):
    """A search that tells of each better timetable."""

    def __init__(
        self, problem: Problem, ways: Ways, tell: Callable[[News], None], seed: int
    ) -> None:
        super().__init__(problem, ways, rng=random.Random(seed))  # noqa: S311 - no secret
        self._tell = tell

    def offer(self, policy: Policy, stop: Callable[[], bool] | None = None) -> bool:
        """Try a policy; tell if it is the best so far."""
        better = super().offer(policy, stop)
        if better:
            self._tell(
                News(
                    timetable=policy.timetable,
                    room_prices=dict(policy.room_prices),
                    sequence=policy.sequence,
                )
            )
        return better


if __name__ == "__main__":
    work(pickle.load(sys.stdin.buffer), sys.stdout.buffer)  # noqa: S301 - from our own process
