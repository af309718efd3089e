"""From a file to a stored original: size, encoding, kind; the door of the reader.

Answers clearly and early: what is too large, binary or without text is refused before any work.
"""

import hashlib
import re
from pathlib import Path

from safepassage.reader.pages import text_of_html
from safepassage.reader.portable import text_of_pdf
from safepassage.reader.text import Stored

LARGEST_FILE = 8_000_000
"""Bytes; a page of text has some 3,000."""
LARGEST_TEXT = 300_000
"""Code points; some 100 pages, about a minute of reading."""
ENDINGS = frozenset({".txt", ".md", ".text", ".html", ".htm", ".xhtml", ".pdf"})

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_HTML = re.compile(r"(?is)\A\s*(<!--.*?-->\s*)*(<!doctype\s+html|<html\b|<head\b|<body\b)")


class UnreadableError(ValueError):
    """A file cannot be read: where, what was found, what is wanted."""


def files_of(paths: list[Path]) -> list[Path]:
    """Return the files that are meant: each file itself, and of a folder its texts by name.

    Raises
    ------
    UnreadableError
        If a path does not exist, or a folder holds no text, HTML or PDF file.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                one for one in path.iterdir() if one.is_file() and one.suffix.lower() in ENDINGS
            )
            if not inside:
                raise UnreadableError(f"{path}: the folder holds no .txt, .md, .html or .pdf file")
            found.extend(inside)
        elif path.is_file():
            found.append(path)
        else:
            raise UnreadableError(f"{path}: no such file or folder")
    return found


def open_file(path: Path) -> Stored:
    """Return the stored original of a file.

    Raises
    ------
    UnreadableError
        If the file is too large, empty, binary, in no known encoding, or has no text layer.
    """
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise UnreadableError(
            f"{path.name}: {size:,} bytes, want at most {LARGEST_FILE:,}; cut it into parts"
        )
    return open_bytes(path.name, path.read_bytes())


def open_bytes(name: str, data: bytes) -> Stored:
    """Return the stored original of the bytes of a file.

    Raises
    ------
    UnreadableError
        If the bytes are too many, none, binary, in no known encoding, or without text.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableError(
            f"{name}: {len(data):,} bytes, want at most {LARGEST_FILE:,}; cut it into parts"
        )
    digest = hashlib.sha256(data).hexdigest()
    if data.lstrip()[:5] == b"%PDF-":
        try:
            text, notes = text_of_pdf(data, LARGEST_TEXT)
        except ValueError as error:
            raise UnreadableError(f"{name}: {error}") from error
        return _checked(Stored(name, text, "pdf", digest, notes))
    text, notes = _decoded(name, data)
    if _HTML.match(text[:2000]) or name.lower().endswith((".html", ".htm", ".xhtml")):
        drawn, outside, more = text_of_html(text)
        return _checked(Stored(name, drawn, "html", digest, notes + more, outside))
    return _checked(Stored(name, text, "text", digest, notes))


def _checked(stored: Stored) -> Stored:
    """Return it as it is, unless it holds no text or more than can be read."""
    if not stored.text.strip("\ufeff\u200b \t\r\n\f\v\xa0"):
        raise UnreadableError(f"{stored.name}: empty; want a text, an HTML page or a PDF with text")
    if len(stored.text) > LARGEST_TEXT:
        raise UnreadableError(
            f"{stored.name}: {len(stored.text):,} characters, want at most {LARGEST_TEXT:,}; "
            "cut it into parts"
        )
    return stored


def _decoded(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of the bytes and what was noticed about its encoding."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), ("read as UTF-16",)
            except UnicodeDecodeError as error:
                raise UnreadableError(f"{name}: broken UTF-16 at byte {error.start}") from error
    if b"\x00" in data:
        raise UnreadableError(f"{name}: a binary file; want a text, an HTML page or a PDF")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _western(name, data, error)
    if len(_CONTROL.findall(text)) > max(3, len(text) // 200):
        raise UnreadableError(f"{name}: a binary file; want a text, an HTML page or a PDF")
    return text, ()


def _western(name: str, data: bytes, why: UnicodeDecodeError) -> tuple[str, tuple[str, ...]]:
    """Return the text read as Windows-1252, if it is nearly all ASCII; refuse it otherwise.

    Old copy differs from UTF-8 in a few quote marks only. Where more than a few characters differ,
    a guess would put wrong letters into quotes.
    """
    place = f"byte {why.start} is 0x{data[why.start]:02x}"
    wide = sum(byte >= 0x80 for byte in data)
    controls = sum(byte < 9 or 13 < byte < 32 for byte in data)
    if wide * 20 > len(data) or controls > 3:
        raise UnreadableError(f"{name}: not UTF-8 ({place}); save it as UTF-8 and try again")
    try:
        text = data.decode("windows-1252")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"{name}: not UTF-8 ({place}); save it as UTF-8 and try again"
        ) from error
    return text, (f"not UTF-8 ({place}): read as Windows-1252, check the quote marks",)
