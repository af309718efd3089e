"""Chance without a state: a draw is a hash of (seed, run, stream, index).

So any single run is played again exactly, in any order and on any machine, and two plans that ask
for the same draw get the same number. The mixing function is the finaliser of SplitMix64 (Steele,
Lea and Flood 2014), a bijection of 64 bits.
"""

import numpy as np
from numba import njit

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
RUN_STEP = 0xD1B54A32D192ED03
STREAM_STEP = 0x8CB92BA72F3D8DD7
INDEX_STEP = 0xAEF17502108EF2D9

_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(GOLDEN)
_RUN = np.uint64(RUN_STEP)
_STREAM = np.uint64(STREAM_STEP)
_INDEX = np.uint64(INDEX_STEP)
_BY_30, _BY_27, _BY_31, _BY_11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_TO_UNIT = 2.0**-53

# What a draw is for. A new one gets a new number: no stream ever changes its meaning.
WIDE = 1
BREAKS = 2
HALTS = 3
ENDS = 4
LEARNS = 5
SLIPS = 6
TRAVELS = 7
FATES = 8
SCREENINGS = 9
SCREENED_FOR = 10
REFUSALS = 11
REFUSED_FOR = 12
CROWDS = 13
DETOURS = 14
RELEASES = 15
LOADS = 16
PRESENT = 17
SCRAMBLE = 18


@njit(cache=True)
def mix(bits):  # type: ignore[no-untyped-def]  # compiled: the types are numba's
    """Return 64 well mixed bits."""
    bits = (bits ^ (bits >> _BY_30)) * _FIRST
    bits = (bits ^ (bits >> _BY_27)) * _SECOND
    return bits ^ (bits >> _BY_31)


@njit(cache=True)
def run_key(seed, run):  # type: ignore[no-untyped-def]  # compiled
    """Return the key of one run under a seed."""
    return mix(mix(np.uint64(seed) + _GOLDEN) + np.uint64(run) * _RUN)


@njit(cache=True)
def bits_of(key, stream, index):  # type: ignore[no-untyped-def]  # compiled
    """Return the 64 bits of one draw."""
    return mix(np.uint64(key) + np.uint64(stream) * _STREAM + np.uint64(index) * _INDEX)


@njit(cache=True)
def uniform(key, stream, index):  # type: ignore[no-untyped-def]  # compiled
    """Return one draw, uniform between 0 and 1, never either end."""
    return (np.float64(bits_of(key, stream, index) >> _BY_11) + 0.5) * _TO_UNIT


def scramble_seed(seed: int, block: int) -> int:
    """Return the seed of the scramble of one block."""
    bits = _mixed((_mixed((seed + GOLDEN) & MASK) + block * RUN_STEP) & MASK)
    return _mixed((bits + SCRAMBLE * STREAM_STEP) & MASK)


def plain_uniform(seed: int, run: int, stream: int, index: int) -> float:
    """Return the draw of `uniform` by arithmetic on Python's own whole numbers."""
    key = _mixed((_mixed((seed + GOLDEN) & MASK) + run * RUN_STEP) & MASK)
    bits = _mixed((key + stream * STREAM_STEP + index * INDEX_STEP) & MASK)
    return (float(bits >> 11) + 0.5) * _TO_UNIT


def _mixed(bits: int) -> int:
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
    return bits ^ (bits >> 31)
