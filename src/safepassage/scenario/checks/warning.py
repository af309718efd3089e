"""A warning about a scenario: what is odd, with its numbers; it stops nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ScenarioWarning:
    """One thing to look at.

    `rule` is a stable word for scripts, `path` the place in the file, `text` the sentence for
    people, `numbers` the numbers of that sentence by name.
    """

    rule: str
    path: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)
