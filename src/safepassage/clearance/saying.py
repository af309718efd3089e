"""A sentence with the values that stand in it: English here, any language where it is shown.

The name of a value says what it is (`party`, `stretch`, `convoy`, …), so that whoever shows the
sentence can put names in place of ids, and times in the clock of a room.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Union

Value = Union[str, int, tuple[str, ...], "Saying"]
"""A word or id, a number, several ids, or a sentence inside the sentence."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of ours: `text` in English with `%(name)s` where a value of that name stands.

    >>> str(Saying("%(party)s on %(stretch)s", {"party": "north", "stretch": "a-b"}))
    'north on a-b'
    """

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return it in English, with ids as they are."""
        return self.text % {key: in_english(one) for key, one in self.values.items()}

    def plain(self) -> dict[str, object]:
        """Return text and values as plain data, for programs that show it their own way."""
        return {
            "text": self.text,
            "values": {
                key: one.plain()
                if isinstance(one, Saying)
                else list(one)
                if isinstance(one, tuple)
                else one
                for key, one in self.values.items()
            },
        }


NOTHING = Saying("")


def in_english(value: Value) -> str:
    """Return a value as it stands in an English sentence."""
    return ", ".join(value) if isinstance(value, tuple) else str(value)
