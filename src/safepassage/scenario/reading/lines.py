"""Which line of a TOML text states what: so that a fault can be found with an editor.

Knows the outline of TOML (headers, keys, where values begin and end), not what values mean. The
text has been read by a TOML parser before: here nothing is judged.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping

_WORD = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[A-Za-z0-9_-]+")
_MARK = re.compile(r"[\n#\"'\[\]{}]")
_QUOTES = ('"""', "'''", '"', "'")


def lines_of(text: str) -> Mapping[str, int]:
    """Return the line (from 1) of each header and key by its path ("vehicle[3].slots")."""
    text = text.replace("\r\n", "\n")
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        line = bisect_right(starts, at)
        if text[at] == "#":
            at = _end_of_line(text, at)
        elif text[at] == "[":
            table = _header(text[at : _end_of_line(text, at)], counts)
            lines.setdefault(table, line)
            at = _end_of_line(text, at)
        else:
            words, at = _words(text, at)
            if not words:
                break
            path = table
            for word in words:
                path = f"{path}.{word}" if path else word
                lines.setdefault(path, line)
            at = _end_of_value(text, at)
    return lines


def line_of(lines: Mapping[str, int], path: str) -> int | None:
    """Return the line of a path, else that of the nearest thing that holds it."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _words(text: str, at: int) -> tuple[list[str], int]:
    """Return the parts of a dotted key, in the spelling of paths, and where they end."""
    found: list[str] = []
    while True:
        while at < len(text) and text[at] in " \t.":
            at += 1
        word = _WORD.match(text, at)
        if word is None:
            return found, at
        bare = word[0].strip("\"'")
        found.append(bare if re.fullmatch(r"[A-Za-z0-9_-]+", bare) else word[0])
        at = word.end()


def _header(header: str, counts: dict[str, int]) -> str:
    """Return the path of a table that a header opens, and count the rows of arrays."""
    array = header.startswith("[[")
    words, _ = _words(header, 2 if array else 1)
    path = ""
    for place, word in enumerate(words):
        path = f"{path}.{word}" if path else word
        if array and place == len(words) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += f"[{counts[path]}]"
    return path


def _end_of_value(text: str, at: int) -> int:
    """Return where a value ends: the first end of line outside of brackets and quotes."""
    depth = 0
    while (mark := _MARK.search(text, at)) is not None:
        at = mark.start()
        one = mark[0]
        if one == "\n" and depth <= 0:
            return at
        if one == "#":
            at = _end_of_line(text, at)
            continue
        quote = next((mark for mark in _QUOTES if text.startswith(mark, at)), None)
        if quote is not None:
            at = _end_of_text(text, at + len(quote), quote)
            continue
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(one, 0)
        at += 1
    return len(text)


def _end_of_text(text: str, at: int, quote: str) -> int:
    """Return where a quoted text ends, behind its closing quotes."""
    while at < len(text):
        if text[at] == "\\" and quote[0] == '"':
            at += 2
        elif text.startswith(quote, at):
            at += len(quote)
            # A text in three quotes may end with up to two more of them.
            while len(quote) == 3 and text.startswith(quote[0], at):
                at += 1
            return at
        else:
            at += 1
    return at
