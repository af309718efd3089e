"""The table that the compiled kernel reads is the board's rule, state by state."""

import itertools
import random
from collections.abc import Iterator

import numpy as np
from numba import njit

from safepassage.clearance.lease import detection_delay
from safepassage.clearance.rules import ALWAYS_ASKED, DECISION_TABLE, is_go
from safepassage.clearance.standing import Line, Standing
from safepassage.rehearsal import gate


def by_the_rule(states: tuple[int, ...]) -> bool:
    """Return what the board's rule says of the same states."""
    found = [
        Standing(line, "somebody", gate.STATES[line][state])
        for line, state in zip(gate.LINES, states, strict=True)
        if state != gate.NOT_ASKED
    ]
    return is_go(found)


def by_the_kernel(states: tuple[int, ...]) -> bool:
    return bool(gate.allowed(gate.TABLE, np.array(states, dtype=np.int64)))


def columns(line: Line) -> list[int]:
    """Return every state of a line, and that it is not asked where the rule lets it be."""
    found = list(range(len(gate.STATES[line])))
    return found if line in ALWAYS_ASKED else [gate.NOT_ASKED, *found]


def near_a_go() -> Iterator[tuple[int, ...]]:
    """Yield every vector of states in which at most two lines stand otherwise than given."""
    given = tuple(int(one) for one in gate.given_states())
    yield given
    for first, second in itertools.combinations(range(len(gate.LINES)), 2):
        for one in columns(gate.LINES[first]):
            for other in columns(gate.LINES[second]):
                changed = list(given)
                changed[first], changed[second] = one, other
                yield tuple(changed)


def test_the_table_has_every_line_and_every_state_of_the_rule() -> None:
    assert set(gate.LINES) == set(DECISION_TABLE)
    for row, line in enumerate(gate.LINES):
        assert set(gate.STATES[line]) == set(DECISION_TABLE[line])
        # What lies beyond the states of a line allows nothing.
        assert not gate.TABLE[row, len(gate.STATES[line]) :].any()


def test_two_lines_that_change_at_once_are_judged_as_the_board_judges_them() -> None:
    seen = set(near_a_go())
    assert len(seen) > 700
    for states in seen:
        assert by_the_kernel(states) == by_the_rule(states)


def test_any_states_at_all_are_judged_as_the_board_judges_them() -> None:
    rng = random.Random(7)  # noqa: S311 - no secret
    gos = 0
    for _ in range(4_000):
        # Half of the lines as given, so that a go is found now and then.
        states = tuple(
            int(given) if rng.random() < 0.8 else rng.choice(columns(line))
            for given, line in zip(gate.given_states(), gate.LINES, strict=True)
        )
        assert by_the_kernel(states) == by_the_rule(states)
        gos += by_the_rule(states)
    assert gos > 100


@njit
def disagreements(table, good, sizes, first):  # type: ignore[no-untyped-def]  # compiled
    """Return how many states there are in all, gos among them, and wrong answers."""
    lines = sizes.shape[0]
    states = first.copy()
    count, gos, wrong = 0, 0, 0
    while True:
        wanted = True
        for line in range(lines):
            wanted = wanted and good[line, states[line] + 1]
        found = gate.allowed(table, states)
        count += 1
        gos += found
        wrong += found != wanted
        line = 0
        while line < lines and states[line] == sizes[line] - 1:
            states[line] = first[line]
            line += 1
        if line == lines:
            return count, gos, wrong
        states[line] += 1


def test_the_whole_universe_of_states_is_judged_as_the_board_judges_it() -> None:
    given = [int(one) for one in gate.given_states()]
    sizes = np.array([len(gate.STATES[line]) for line in gate.LINES])
    first = np.array([columns(line)[0] for line in gate.LINES])
    # What each state allows is asked of the board's rule, one line changed at a time; that lines
    # add up by "and" is what the tests above hold.
    good = np.zeros((len(gate.LINES), sizes.max() + 1), dtype=np.bool_)
    for row, line in enumerate(gate.LINES):
        for state in columns(line):
            good[row, state + 1] = by_the_rule((*given[:row], state, *given[row + 1 :]))
    count, gos, wrong = disagreements(gate.TABLE, good, sizes, first)
    assert count == np.prod(sizes - first) > 50_000_000
    assert 0 < gos < count / 1_000
    assert wrong == 0


def test_what_a_run_takes_as_given_is_a_go() -> None:
    assert by_the_rule(tuple(int(one) for one in gate.given_states()))


def test_a_break_is_acted_on_when_the_last_lease_has_run_out() -> None:
    assert detection_delay().total_seconds() == 660.0
