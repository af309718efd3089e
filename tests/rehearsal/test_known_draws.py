"""Draws and laws against numbers that do not come from the compiled code."""

import math

import numpy as np
import pytest
from scipy import stats

from safepassage.rehearsal import draws
from safepassage.rehearsal.laws import TABLE, law_row, quantile, quantiles, table_of
from safepassage.rehearsal.playing import even_points
from safepassage.scenario.uncertain import Uncertain

LAWS = {
    "fixed": (Uncertain("fixed", (3.0,)), None),
    "triangular": (Uncertain("triangular", (2.0, 3.0, 7.0)), stats.triang(0.2, 2.0, 5.0)),
    "lognormal": (Uncertain("lognormal", (26.0, 0.8)), stats.lognorm(0.8, scale=26.0)),
    "exponential": (Uncertain("exponential", (35.0,)), stats.expon(scale=35.0)),
    "weibull": (
        Uncertain("weibull", (40.0, 0.8)),
        stats.weibull_min(0.8, scale=40.0 / math.gamma(2.25)),
    ),
    "pareto": (Uncertain("pareto", (2.0, 1.7)), stats.pareto(1.7, scale=2.0)),
}


def test_the_compiled_draw_is_the_hash_of_its_four_numbers() -> None:
    for seed in (0, 7, 2**62):
        for run, stream, index in ((0, 1, 0), (13_059, 7, 3), (2**40, 18, 10**9)):
            key = draws.run_key(seed, run)
            wanted = draws.plain_uniform(seed, run, stream, index)
            assert draws.uniform(np.uint64(key), stream, index) == wanted
            assert 0.0 < wanted < 1.0


def test_neighbouring_runs_streams_and_indices_share_nothing() -> None:
    grid = np.array(
        [
            [draws.plain_uniform(7, run, stream, index) for index in range(64)]
            for run in range(64)
            for stream in (1, 2)
        ]
    )
    assert len(np.unique(grid)) == grid.size
    assert stats.kstest(grid.ravel(), "uniform").pvalue > 0.001
    assert abs(np.corrcoef(grid[:-1].ravel(), grid[1:].ravel())[0, 1]) < 0.03
    assert abs(np.corrcoef(grid[:, :-1].ravel(), grid[:, 1:].ravel())[0, 1]) < 0.03


@pytest.mark.parametrize("name", LAWS)
def test_a_law_has_the_quantiles_of_its_textbook(name: str) -> None:
    law, textbook = LAWS[name]
    at = np.array([1e-6, 0.01, 0.2, 0.5, 0.77, 0.99, 1 - 1e-6])
    wanted = np.full(at.shape, 3.0) if textbook is None else textbook.ppf(at)
    row = np.array(law_row(law))
    assert np.array([quantile(row, one) for one in at]) == pytest.approx(wanted, rel=1e-7)
    assert quantiles(law, at) == pytest.approx(wanted, rel=1e-7)
    if textbook is not None:
        assert law.mean() == pytest.approx(textbook.mean(), rel=1e-9)


def test_what_lies_beyond_a_bound_is_taken_as_the_bound() -> None:
    law = Uncertain("lognormal", (26.0, 0.8), at_least=20.0, at_most=60.0)
    row = np.array(law_row(law))
    assert (quantile(row, 0.001), quantile(row, 0.999)) == (20.0, 60.0)


def test_the_slowest_of_ten_is_drawn_as_such() -> None:
    law = Uncertain("lognormal", (1.0, 0.3))
    slowest = table_of(law, 10)
    # By simulation of the textbook, not of the code: the mean of the largest of ten.
    rng = np.random.default_rng(1)
    wanted = np.exp(0.3 * rng.standard_normal((200_000, 10))).max(axis=1).mean()
    assert slowest.mean() == pytest.approx(wanted, rel=0.003)
    assert len(slowest) == TABLE


def test_the_points_of_a_block_are_even_and_blocks_are_independent() -> None:
    points = even_points(7, 3, 64)
    # A scrambled Sobol sequence has one point in each 64th of every axis.
    for axis in points.T:
        assert sorted((axis * 64).astype(int)) == list(range(64))
    assert not np.array_equal(points, even_points(7, 4, 64))
    assert not np.array_equal(points, even_points(8, 3, 64))
    assert np.array_equal(points, even_points(7, 3, 64))
