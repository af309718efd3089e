"""The text layer of an HTML page, and which stretches of it are not the article.

The layer holds every visible text of the page, a block a line; nothing is dropped. Which blocks are
the article is trafilatura's judgement, where it is installed and the page is sane.
"""

import re
from html.parser import HTMLParser

DEEPEST = 200
"""Nested tags; deeper pages are not given to libraries that recurse."""
_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_HIDDEN = frozenset(
    ["script", "style", "template", "noscript", "svg", "iframe", "object", "select"]
)
_VOID = frozenset(
    ["br", "hr", "img", "input", "meta", "link", "source", "area", "base", "col", "embed", "wbr"]
)
_FURNITURE = {
    "nav": "navigation of the page",
    "footer": "footer of the page",
    "aside": "aside of the page",
    "form": "form of the page",
    "figcaption": "caption",
    "button": "button of the page",
    "head": "head of the page",
}


class _Layer(HTMLParser):
    """Collects the visible text block by block, without recursion."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str | None, str]] = []
        self.held: list[str] = []
        self.open: list[str] = []
        self.hidden = 0
        self.deepest = 0
        self.marker = ""

    def flush(self) -> None:
        """End the block that is being collected."""
        text = re.sub(r"\s+", " ", "".join(self.held)).strip()
        self.held.clear()
        if not text:
            return
        reason = next((_FURNITURE[tag] for tag in reversed(self.open) if tag in _FURNITURE), None)
        title = "title" in self.open
        self.blocks.append(
            (self.marker + text, None if title else reason, "title" if title else "")
        )
        self.marker = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an opening tag."""
        del attrs
        if tag in {"td", "th"} and self.held and "tr" in self.open[-6:]:
            self.held.append(" | ")
        elif tag in _BLOCK:
            self.flush()
        if tag == "li":
            self.marker = "- "
        if tag in _VOID:
            return
        if tag in _HIDDEN:
            self.hidden += 1
        self.open.append(tag)
        self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        """Take a closing tag; a stray one closes nothing."""
        if tag in _BLOCK and tag not in {"td", "th"}:
            self.flush()
        # A page with ten thousand stray closing tags must not cost a search through all open ones.
        near = self.open[-DEEPEST:]
        if tag not in near:
            return
        while self.open:
            last = self.open.pop()
            if last in _HIDDEN:
                self.hidden = max(0, self.hidden - 1)
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self.hidden:
            self.held.append(data)


def text_of_html(
    page: str,
) -> tuple[str, tuple[tuple[int, int, str], ...], tuple[str, ...]]:
    """Return the text layer, the stretches outside the article with reasons, and notes."""
    layer = _Layer()
    layer.feed(page)
    layer.close()
    layer.flush()
    notes: list[str] = ["offsets count in the text layer drawn from the page"]
    article = _article(page, layer.deepest, notes)
    parts: list[str] = []
    outside: list[tuple[int, int, str]] = []
    at = 0
    first_title = True
    for text, reason, role in layer.blocks:
        why = reason
        if role == "title":
            why = None if first_title else "title of the page, repeated"
            first_title = False
        elif why is None and article is not None and not _inside(text, article):
            why = "outside the article (trafilatura)"
        if why is not None:
            outside.append((at, at + len(text), why))
        parts.append(text)
        at += len(text) + 2
    return "\n\n".join(parts), tuple(outside), tuple(notes)


def _inside(block: str, article: str) -> bool:
    """Whether the block's words stand in the article."""
    key = _key(block)
    return not key or key in article


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _article(page: str, deepest: int, notes: list[str]) -> str | None:
    """Return the letters of the article as trafilatura sees it, or None where it cannot say."""
    if deepest > DEEPEST:
        notes.append(f"tags nested {deepest:,} deep: read by line rules alone")
        return None
    try:
        import trafilatura  # noqa: PLC0415 - an extra; slow to import
    except ImportError:
        notes.append("trafilatura is not installed: read by line rules alone")
        return None
    try:
        found = trafilatura.extract(
            page, include_comments=False, include_tables=True, favor_recall=True, fast=True
        )
    except (ValueError, RecursionError, AssertionError, TypeError, AttributeError) as error:
        notes.append(f"trafilatura gave up ({type(error).__name__}): read by line rules alone")
        return None
    if not found or len(found) < 200:
        notes.append("no article found by trafilatura: read by line rules alone")
        return None
    return _key(found)
