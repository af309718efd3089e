"""A paper: a title and blocks, the same on the page, in Markdown and as PDF."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from safepassage.board.room import Mode

Cell = str


@dataclass(frozen=True, slots=True)
class Block:
    """One block under a heading: paragraphs, then a table if it has rows or says that it has none.

    `head` empty: no table.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `mark` stands on every page: LIVE, or DRILL, NOT REAL."""

    title: str
    mission: str
    mode: Mode
    audience: str
    made_at: str
    upto: int
    blocks: tuple[Block, ...]

    @property
    def mark(self) -> str:
        """What stands on every page of it."""
        return "DRILL, NOT REAL" if self.mode == "DRILL" else "LIVE"

    @property
    def foot(self) -> str:
        """Where it comes from, in one line."""
        return (
            f"{self.mark} · for: {self.audience} · made at {self.made_at} · as of entry {self.upto}"
        )

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, for the child process that typesets it."""
        return {**asdict(self), "mark": self.mark, "foot": self.foot}

    def markdown(self) -> str:
        """Return it as Markdown: the mark stands above, below and in every heading of a drill."""
        lines = [f"**{self.mark}**", "", f"# {self._headed(self.title)}", "", self.mission, ""]
        for block in self.blocks:
            lines += [f"## {self._headed(block.heading)}", ""]
            for paragraph in block.paragraphs:
                lines += [_escaped(paragraph), ""]
            if block.head:
                lines += [_row(block.head), _row(["---"] * len(block.head))]
                lines += [_row(row) for row in block.rows] or [_row(["none"])]
                lines.append("")
        lines += ["---", self.foot, ""]
        return "\n".join(lines)

    def _headed(self, text: str) -> str:
        return f"DRILL: {_escaped(text)}" if self.mode == "DRILL" else _escaped(text)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_escaped(one).replace("|", "\\|") for one in cells) + " |"


def _escaped(text: str) -> str:
    r"""Return words that stay words: what people wrote is never markup.

    >>> _escaped("<b>*now*</b>")
    '\\<b\\>\\*now\\*\\</b\\>'
    """
    plain = " ".join(text.split())
    for mark in ("\\", "`", "*", "_", "<", ">", "[", "]", "#"):
        plain = plain.replace(mark, f"\\{mark}")
    return plain
