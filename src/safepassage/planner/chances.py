"""The chance that the window still holds, for every whole second of a scenario at once."""

import math
from functools import lru_cache

import numpy as np

from safepassage.planner.problem import Problem
from safepassage.scenario.window import Law

MOST_SECONDS = 40 * 86_400
"""Longest horizon whose seconds are held one by one."""


def chances(problem: Problem) -> np.ndarray | None:
    """Return G at each whole second from 0 to the horizon, None where these are too many."""
    if problem.horizon > MOST_SECONDS:
        return None
    return _by_second(problem.scenario.ending, problem.opening, problem.horizon)


@lru_cache(maxsize=2)
def _by_second(law: Law, opening: int, horizon: int) -> np.ndarray:
    since = np.arange(horizon + 1, dtype=float) - opening
    waited = np.maximum(since, 0.0)
    if law.kind == "never":
        return np.ones(len(since))
    if law.kind == "table":
        found = _interpolated(
            np.array([0.0, *(after.total_seconds() for after, _ in law.steps)]),
            np.array([1.0, *(chance for _, chance in law.steps)]),
            since,
        )
        return np.where(since <= 0, 1.0, found)
    if law.mean is None:
        raise ValueError(f"law {law.kind} without a mean")
    mean = law.mean.pick("likely").total_seconds()
    if law.kind == "hard":
        return np.where(waited <= mean, 1.0, 0.0)
    shape = 1.0 if law.kind == "exponential" else law.shape
    scale = mean / math.gamma(1.0 + 1.0 / shape)
    chance: np.ndarray = np.exp(-((waited / scale) ** shape))
    return chance


def _interpolated(times: np.ndarray, values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return a table at given times: linear between steps, constant after the last one."""
    after = np.searchsorted(times, at, side="right")
    first = np.clip(after - 1, 0, len(times) - 1)
    last = np.minimum(after, len(times) - 1)
    span = times[last] - times[first]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(span > 0, (at - times[first]) / span, 0.0)
    found: np.ndarray = values[first] + share * (values[last] - values[first])
    return found
