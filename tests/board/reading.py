"""Reads a page as a person does: its words, and what a screen reader says, without what is marked.

What bears `lang="en"` on a page of another language is declared to be English: it is left out.
"""

import re
from html.parser import HTMLParser

SPOKEN = ("aria-label", "title", "alt", "placeholder")
VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "col", "source", "path", "rect"})


class _Words(HTMLParser):
    def __init__(self, language: str) -> None:
        super().__init__(convert_charrefs=True)
        self.language = language
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        other = given.get("lang") not in {None, self.language}
        away = other or tag in {"script", "style"} or bool(self.open and self.open[-1][1])
        if not away:
            said = [one for one in SPOKEN if given.get(one)]
            said += [one for one in given if one.startswith("data-") and one in SAID_LATER]
            self.found += [given[one] or "" for one in said]
        if tag not in VOID:
            self.open.append((tag, away))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.found.append(data)


SAID_LATER = frozenset(
    {"data-lost", "data-part", "data-sent", "data-failed", "data-none", "data-camera"}
    | {"data-line", "data-known"}
)
"""Sentences that a script puts on the page."""


def pieces_of(page: str, language: str) -> list[str]:
    """Return every piece of text of a page in its language, in order."""
    reader = _Words(language)
    reader.feed(page)
    return [" ".join(one.split()) for one in reader.found if one.strip()]


def latin(text: str) -> list[str]:
    """Return the words of a text that are written in Latin letters."""
    return re.findall(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]|[A-Za-z]", text)
