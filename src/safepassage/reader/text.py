"""The stored original and the spans into it.

Every offset of this room counts Unicode code points of `Stored.text`, which is never changed. A
span is made from offsets alone, so that its text is always what stands there.
"""

import hashlib
from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["text", "html", "pdf"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The code points `start` to `end` (half open) of a stored original, and their text."""

    start: int
    end: int
    text: str

    def overlap(self, other: "Span") -> int:
        """Return how many code points both spans share."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def covers(self, other: "Span") -> bool:
        """Whether the other span lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Stored:
    """One original as it was stored.

    For a text file `text` is the file, decoded. For HTML and PDF it is the text layer drawn from
    the file; `file_sha256` is the hash of the file itself, `sha256` that of `text` in UTF-8.
    `notes` says in words what was noticed while opening it; `outside` holds the stretches that a
    page's own structure shows not to belong to the article, with the reason.
    """

    name: str
    text: str
    kind: SourceKind = "text"
    file_sha256: str = ""
    notes: tuple[str, ...] = ()
    outside: tuple[tuple[int, int, str], ...] = ()

    @property
    def sha256(self) -> str:
        """The hash of the stored text in UTF-8, as hexadecimal digits."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def span(self, start: int, end: int) -> Span:
        """Return the span from `start` to `end`."""
        return Span(start, end, self.text[start:end])

    def trimmed(self, start: int, end: int, also: str = "") -> Span:
        """Return the span without white space (and the characters of `also`) at its ends."""
        text = self.text
        while start < end and (text[start].isspace() or text[start] in also):
            start += 1
        while end > start and (text[end - 1].isspace() or text[end - 1] in also):
            end -= 1
        return self.span(start, end)
