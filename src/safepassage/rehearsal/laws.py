"""From a uniform draw to a value of a law: the quantile functions, compiled.

A law is a row of numbers: code, two or three parameters, and the two bounds that draws are held to.
"""

import math
from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import ndtri

from safepassage.scenario.uncertain import LAW_NAMES, Uncertain

WIDTH = 6
TABLE = 1024
"""Entries of a table of quantiles: what is drawn for every vehicle is looked up, not computed."""

_FIXED, _TRIANGULAR, _LOGNORMAL, _EXPONENTIAL, _WEIBULL, _PARETO = range(len(LAW_NAMES))


def law_row(one: Uncertain) -> list[float]:
    """Return a law as the numbers that the kernel reads."""
    numbers = [*one.numbers]
    if one.law == "weibull":
        # Stated by its mean; the kernel needs its scale.
        numbers = [numbers[0] / math.gamma(1.0 + 1.0 / numbers[1]), numbers[1]]
    numbers += [0.0] * (3 - len(numbers))
    low = -math.inf if one.at_least is None else one.at_least
    high = math.inf if one.at_most is None else one.at_most
    return [float(LAW_NAMES.index(one.law)), *numbers, low, high]


@njit(cache=True)
def normal_quantile(p):  # type: ignore[no-untyped-def]  # compiled
    """Return the quantile of the standard normal law (Acklam's rational fit, 1e-9 relative)."""
    if p < 0.02425:
        q = math.sqrt(-2.0 * math.log(p))
        return (
            (
                (
                    ((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838)
                    * q
                    - 2.549732539343734
                )
                * q
                + 4.374664141464968
            )
            * q
            + 2.938163982698783
        ) / (
            (
                ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
                + 3.754408661907416
            )
            * q
            + 1.0
        )
    if p > 1.0 - 0.02425:
        return -normal_quantile(1.0 - p)
    q = p - 0.5
    r = q * q
    return (
        (
            (
                (
                    ((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02)
                    * r
                    + 1.383577518672690e02
                )
                * r
                - 3.066479806614716e01
            )
            * r
            + 2.506628277459239
        )
        * q
    ) / (
        (
            (
                ((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
                + 6.680131188771972e01
            )
            * r
            - 1.328068155288572e01
        )
        * r
        + 1.0
    )


@njit(cache=True)
def quantile(law, u):  # type: ignore[no-untyped-def]  # compiled
    """Return the value of a law at a uniform draw."""
    code = int(law[0])
    if code == _FIXED:
        value = law[1]
    elif code == _TRIANGULAR:
        low, likely, high = law[1], law[2], law[3]
        width = high - low
        if width <= 0.0:
            value = low
        elif u * width < likely - low:
            value = low + math.sqrt(u * width * (likely - low))
        else:
            value = high - math.sqrt((1.0 - u) * width * (high - likely))
    elif code == _LOGNORMAL:
        value = law[1] * math.exp(law[2] * normal_quantile(u))
    elif code == _EXPONENTIAL:
        value = -law[1] * math.log(1.0 - u)
    elif code == _WEIBULL:
        value = law[1] * (-math.log(1.0 - u)) ** (1.0 / law[2])
    else:
        value = law[1] * (1.0 - u) ** (-1.0 / law[2])
    return min(max(value, law[4]), law[5])


def quantiles(one: Uncertain, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values of a law at many uniform draws (numpy, by scipy's own quantiles)."""
    first, *others = one.numbers
    found: NDArray[np.float64]
    match one.law:
        case "fixed":
            found = np.full(at.shape, first)
        case "triangular":
            found = _triangular(one.numbers, at)
        case "lognormal":
            found = first * np.exp(others[0] * ndtri(at))
        case "exponential":
            found = -first * np.log1p(-at)
        case "weibull":
            scale = first / math.gamma(1.0 + 1.0 / others[0])
            found = scale * (-np.log1p(-at)) ** (1.0 / others[0])
        case _:
            found = first * (1.0 - at) ** (-1.0 / others[0])
    low = -math.inf if one.at_least is None else one.at_least
    high = math.inf if one.at_most is None else one.at_most
    held: NDArray[np.float64] = np.clip(found, low, high)
    return held


def _triangular(numbers: Sequence[float], at: NDArray[np.float64]) -> NDArray[np.float64]:
    low, likely, high = numbers
    width = high - low
    if width <= 0.0:
        return np.full(at.shape, low)
    rising = low + np.sqrt(at * width * (likely - low))
    falling = high - np.sqrt((1.0 - at) * width * (high - likely))
    return np.where(at * width < likely - low, rising, falling)


def table_of(one: Uncertain, slowest_of: int = 1) -> NDArray[np.float32]:
    """Return the quantiles of a law, or of the largest of several draws of it, as a table."""
    middles = (np.arange(TABLE) + 0.5) / TABLE
    return quantiles(one, middles ** (1.0 / slowest_of)).astype(np.float32)
