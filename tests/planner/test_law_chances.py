"""What one person is worth at most by second: never below any trip, no higher than need be."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safepassage.planner.bounds import falling_worth
from safepassage.planner.chances import chances
from safepassage.planner.corridor.by_people import Pooled
from safepassage.planner.linear import Linear
from safepassage.planner.problem import Crowd, Problem, make_problem
from safepassage.scenario.figure import sure
from safepassage.scenario.rules import Rules
from safepassage.scenario.window import Law, Opening
from tests.planner.corridors import small

LAWS = st.one_of(
    st.just(Law("never")),
    st.integers(1, 400).map(lambda n: Law("exponential", sure(timedelta(minutes=n)))),
    st.integers(1, 400).map(lambda n: Law("hard", sure(timedelta(seconds=37 * n)))),
    st.tuples(st.integers(10, 400), st.sampled_from((0.4, 0.8, 1.0, 1.6, 3.0))).map(
        lambda two: Law("weibull", sure(timedelta(minutes=two[0])), shape=two[1])
    ),
    st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 100)), min_size=1, max_size=4).map(
        lambda rows: Law(
            "table",
            steps=tuple(
                (timedelta(seconds=at), chance / 100)
                for at, chance in zip(
                    sorted(at for at, _ in rows),
                    sorted((chance for _, chance in rows), reverse=True),
                    strict=True,
                )
            ),
        )
    ),
)


def under(law: Law, rho: float, opening: int) -> Problem:
    case = replace(
        small(1).scenario(),
        horizon=timedelta(hours=5),
        ending=law,
        opening=Opening(sure(timedelta(seconds=opening))),
        rules=Rules(rho=sure(rho)),
    )
    return make_problem(case)


@given(law=LAWS, opening=st.integers(0, 9_000), at=st.lists(st.integers(0, 18_000), min_size=1))
def test_every_second_has_the_chance_of_the_law(law: Law, opening: int, at: list[int]) -> None:
    problem = under(law, 0.0, opening)
    found = chances(problem)
    assert found is not None
    for one in at:
        assert found[one] == pytest.approx(problem.holds(one), abs=1e-12)


@given(
    law=LAWS,
    rho=st.sampled_from((0.0, 0.5, 2.0)),
    opening=st.integers(0, 9_000),
    takes=st.integers(0, 9_000),
    at=st.integers(0, 18_000),
    late=st.integers(0, 9_000),
    slow=st.integers(0, 9_000),
)
def test_no_trip_is_worth_more(
    law: Law, rho: float, opening: int, takes: int, at: int, late: int, slow: int
) -> None:
    problem = under(law, rho, opening)
    most = float(falling_worth(problem, takes, np.array([at]))[0])
    arrive = at + late
    if arrive <= problem.horizon and arrive - takes - slow >= 0:
        assert problem.worth(arrive - takes - slow, arrive) <= most + 1e-12


@given(law=LAWS, takes=st.integers(0, 9_000), at=st.integers(9_000, 18_000))
def test_some_trip_or_none_is_worth_as_much(law: Law, takes: int, at: int) -> None:
    problem = under(law, 0.5, 0)
    most = float(falling_worth(problem, takes, np.array([at]))[0])
    worths = [problem.worth(one - takes, one) for one in range(at, problem.horizon + 1)]
    assert most == pytest.approx(max(0.0, *worths), abs=1e-12)


@given(
    slots=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    rows=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 30), st.floats(-1.0, 3.0)),
        min_size=1,
        max_size=4,
    ),
    vehicles=st.integers(0, 9),
    wave=st.integers(1, 4),
    loss=st.floats(0.0, 0.5),
)
def test_people_of_a_convoy_are_never_worth_more_than_is_told(
    slots: tuple[int, int],
    rows: list[tuple[int, int, int, float]],
    vehicles: int,
    wave: int,
    loss: float,
) -> None:
    rows = [one for one in rows if one[0] + one[1] > 0]
    if not rows:
        return
    size = {"a": slots[0], "b": slots[1]}
    crowds = [
        Crowd(
            id=str(i),
            at="near",
            class_id="walking",
            total=total,
            ready=((0, total),),
            wants=frozenset(),
            uses={"a": a, "b": b},
            companions=0,
            worth=1.0,
            households=None,
        )
        for i, (a, b, total, _) in enumerate(rows)
    ]
    # Each vehicle of its own, those of later waves worth less to whoever rides in them.
    program = Linear()
    riders: list[list[tuple[int, float]]] = [[] for _ in rows]
    for n in range(vehicles):
        less = min(n // wave, 2) * loss
        columns = [program.column(max(0.0, worth - less)) for *_, worth in rows]
        for slot, use in (("a", 0), ("b", 1)):
            entries = [(x, float(row[use])) for x, row in zip(columns, rows, strict=True)]
            program.row(entries, float(size[slot]))
        for i, x in enumerate(columns):
            riders[i].append((x, 1.0))
    for entries, row in zip(riders, rows, strict=True):
        if entries:
            program.row(entries, float(row[2]))
    answer = program.solve(whole=False) if vehicles else None
    best = 0.0 if answer is None else answer.objective
    worths = np.array([[[worth - j * loss] for *_, worth in rows] for j in range(3)])
    pooled = Pooled(size, crowds, worths, wave)
    assert pooled.most(vehicles)[0] >= best - 1e-6
    if loss == 0 or vehicles <= wave:
        # One wave: the corners of the dual hold its least, so what is told is the optimum.
        assert pooled.most(vehicles)[0] <= best + 1e-6
