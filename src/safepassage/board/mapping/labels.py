"""Where the words of the panel stand: each beside its spot, where it hides least."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from safepassage.board.mapping.frame import WIDE, Point

BRIM = 4.0
"""Labels end so far inside the picture."""
LETTER, BOLD = 6.6, 7.2
"""Width of a letter of a label, rather too wide than too narrow: the browser picks the font."""
HIGH = 13.0
"""Height of a line of a label."""
LONGEST, LONGEST_BOLD = 26, 34
"""Letters of a place's name, and of the list of convoys at one spot."""
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Label:
    """Words in the picture: at `x` and `y` (the line they stand on), from where `anchor` says."""

    text: str
    x: float
    y: float
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: "_Box") -> float:
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, wide) * max(0.0, high)


def labels(
    spots: Sequence[tuple[str, str, float, float]],
    signs: Sequence[Point],
    riders: Mapping[Point, str],
    high: float,
) -> Mapping[str, Label]:
    """Return the label of each spot by its id, and of each list of convoys by `x y`."""
    # The signs of convoys too: no name stands under an arrow.
    marks = [*((x, y) for _, _, x, y in spots), *signs, *riders]
    taken = [_round(x, y, 8) for x, y in marks]
    found: dict[str, Label] = {}
    for (x, y), text in riders.items():
        found[f"{x} {y}"] = _placed(shortened(text, LONGEST_BOLD), x, y, BOLD, taken, high)
    for id_, text, x, y in spots:
        found[id_] = _placed(text, x, y, LETTER, taken, high)
    return found


def _round(x: float, y: float, radius: float) -> _Box:
    return _Box(x - radius, y - radius, x + radius, y + radius)


def _placed(text: str, x: float, y: float, letter: float, taken: list[_Box], high: float) -> Label:
    wide = len(text) * letter
    tries = []
    for order, (left, top) in enumerate(
        (
            (x - wide / 2, y + 9),
            (x - wide / 2, y - 9 - HIGH),
            (x + 11, y - HIGH / 2),
            (x - 11 - wide, y - HIGH / 2),
            *((x + 9, y + 5), (x - 9 - wide, y + 5), (x + 9, y - 5 - HIGH)),
            (x - 9 - wide, y - 5 - HIGH),
            (x - wide / 2, y + 9 + HIGH),
            (x - wide / 2, y - 9 - 2 * HIGH),
        )
    ):
        inside = min(max(left, BRIM), max(BRIM, WIDE - BRIM - wide))
        down = min(max(top, BRIM), high - BRIM - HIGH)
        box = _Box(inside, down, inside + wide, down + HIGH)
        # Being moved inwards is worse than another side, hiding something is worse than both.
        cost = sum(box.shared(other) for other in taken) * 4 + abs(inside - left) + abs(down - top)
        tries.append((cost, order, box))
    _, _, box = min(tries, key=lambda one: one[:2])
    taken.append(box)
    middle = (box.left + box.right) / 2
    base = box.bottom - 3
    if box.left <= BRIM:
        return Label(text, box.left, base, "start")
    if box.right >= WIDE - BRIM:
        return Label(text, box.right, base, "end")
    return Label(text, middle, base, "middle")


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text of at most so many letters, cut after a word where one ends before that."""
    if len(text) <= longest:
        return text
    whole = text[:longest].rpartition(" ")[0]
    return (whole.rstrip(" ,;:-") or text[: longest - 1]) + "…"
