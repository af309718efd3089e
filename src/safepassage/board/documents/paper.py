"""A paper: a title and blocks, the same on the page, in Markdown and as PDF."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from safepassage.board.room import Mode
from safepassage.board.wording import Words, later, words

Cell = str
SIGNED = later("Call sign, signature, date and time:")
"""Before a line to sign on."""
UNREVIEWED_NOTE = later("This translation has not been reviewed by a native reader.")


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
    """A whole paper in one language. `mark` stands on every page: LIVE, or DRILL, NOT REAL."""

    title: str
    mission: str
    mode: Mode
    audience: str
    made_at: str
    upto: int
    blocks: tuple[Block, ...]
    language: str = "en"

    @property
    def said(self) -> Words:
        """The words of its language."""
        return words(self.language)

    @property
    def note(self) -> str:
        """That no native reader has reviewed the translation, in it and in English."""
        if not self.said.unreviewed:
            return ""
        return f"{self.said(UNREVIEWED_NOTE)} {UNREVIEWED_NOTE}"

    @property
    def none(self) -> str:
        """What stands in a table that has no rows."""
        return self.said("none")

    @property
    def mark(self) -> str:
        """What stands on every page of it."""
        mark = self.said("DRILL, NOT REAL" if self.mode == "DRILL" else "LIVE")
        # The word of the mode is known in every room: it stands in English beside the translation.
        return mark if self.language == "en" else f"{mark} · {self.mode}"

    @property
    def foot(self) -> str:
        """Where it comes from, in one line."""
        return self.said(
            later("%(mark)s · for: %(audience)s · made at %(made)s · as of entry %(upto)s"),
            mark=self.mark,
            audience=self.said(self.audience),
            made=self.made_at,
            upto=self.upto,
        )

    def plain(self) -> dict[str, Any]:
        """Return it as plain data, for the child process that typesets it."""
        return {
            **asdict(self),
            "mark": self.mark,
            "foot": self.foot,
            "note": self.note,
            "none": self.none,
            "direction": self.said.direction,
            "page": self.said(later("page")),
        }

    def markdown(self) -> str:
        """Return it as Markdown: the mark stands above, below and in every heading of a drill."""
        lines = [f"**{self.mark}**", "", f"# {self._headed(self.title)}", "", self.mission, ""]
        for block in self.blocks:
            lines += [f"## {self._headed(block.heading)}", ""]
            for paragraph in block.paragraphs:
                lines += [_escaped(paragraph), ""]
            if block.head:
                lines += [_row(block.head), _row(["---"] * len(block.head))]
                lines += [_row(row) for row in block.rows] or [_row([self.none])]
                lines.append("")
        lines += ["---", self.foot, *([self.note] if self.note else []), ""]
        return "\n".join(lines)

    def _headed(self, text: str) -> str:
        drill = self.said("DRILL")
        return f"{drill}: {_escaped(text)}" if self.mode == "DRILL" else _escaped(text)


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
