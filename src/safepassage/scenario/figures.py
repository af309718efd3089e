"""Every figure of a scenario, and how far each can be trusted."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from safepassage.scenario.figure import Figure, Standing
from safepassage.scenario.scenario import Scenario


def every_figure(scenario: Scenario) -> Iterator[Figure[object]]:
    """Yield each figure that the scenario states, in the order of its nouns."""
    yield from _inside(scenario)


def _inside(value: object) -> Iterator[Figure[object]]:
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _inside(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _inside(one)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _inside(getattr(value, one.name))


def count_by_standing(scenario: Scenario) -> dict[Standing, int]:
    """Return how many figures are sourced, assumed, unsourced and unknown."""
    found = Counter(one.standing for one in every_figure(scenario))
    words: tuple[Standing, ...] = ("sourced", "assumed", "unsourced", "unknown")
    return {word: found[word] for word in words}
