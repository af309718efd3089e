"""Turn typst source into a PDF, with no font, file or package of this machine but DejaVu.

Knows how words that somebody else wrote stay words: they go in as data (`as_json`) or as a string
literal (`literal`), never as markup. Arabic is shaped by typst with the DejaVu fonts that travel
with matplotlib.
"""

import json
import os
import tempfile
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

FONT = "DejaVu Sans"
MAIN = "main.typ"

PREAMBLE = f"""
#set text(font: "{FONT}", size: 11pt, lang: "en", fallback: true)
#set page(paper: "a4")
#let ar(body) = text(lang: "ar", dir: rtl, body)
"""
"""Source to begin with: the font, A4, and `ar(...)` for Arabic from right to left."""

TURNS_OF_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows: they can make a reader see 41 for 14."""


class TypesetError(RuntimeError):
    """The source does not compile: a fault of the program, never of what a user wrote."""


def plain(text: str) -> str:
    """Return a text without control characters and without hidden turns of direction.

    Line ends are kept; a tab becomes a space; any other control character is left out.
    """
    kept: list[str] = []
    for char in text.replace("\r\n", "\n").replace("\r", "\n"):
        if char == "\n":
            kept.append(char)
        elif char == "\t":
            kept.append(" ")
        elif char not in TURNS_OF_DIRECTION and unicodedata.category(char) not in {"Cc", "Cs"}:
            kept.append(char)
    return "".join(kept)


def literal(text: str) -> str:
    r"""Return a typst string literal of a text: `#{literal(name)}` prints it and runs nothing.

    >>> literal('#panic("x")')
    '"#panic(\\"x\\")"'
    """
    escaped = plain(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def as_json(data: object) -> bytes:
    """Return data for `json("...")` in typst, every text in it made plain (keys too)."""
    return json.dumps(_plain(data), ensure_ascii=False, allow_nan=False).encode()


def pdf_bytes(
    source: str, *, assets: Mapping[str, bytes] | None = None, at: datetime | None = None
) -> bytes:
    """Return the PDF of a typst source.

    Parameters
    ----------
    source
        Typst markup. Words of users belong into `assets` (see `as_json`) or into `literal`.
    assets
        Files that the source reads, by name. Nothing else can be read.
    at
        The creation time that the PDF states; None leaves the time of the machine.

    Raises
    ------
    TypesetError
        If the source does not compile.
    """
    # Imported where it is used: whoever only keeps words plain stays small.
    import typst  # noqa: PLC0415

    files = {MAIN: source.encode(), **(assets or {})}
    # An empty root: a source that names a file beside the program finds nothing.
    with tempfile.TemporaryDirectory(prefix="typeset-") as nothing:
        try:
            # The files stay in memory; the stubs of typst do not know that form yet.
            made = typst.compile(  # type: ignore[call-overload]
                files,
                root=nothing,
                format="pdf",
                font_paths=_fonts(),
                ignore_system_fonts=True,
                package_path=nothing,
                package_cache_path=nothing,
                timestamp=at,
            )
        except typst.TypstError as error:
            raise TypesetError(f"typst: {error.message}\n{error.diagnostic}") from error
    if not isinstance(made, bytes):
        raise TypesetError(f"typst: got {type(made).__name__}, want the bytes of one PDF")
    return made


def compile_pdf(
    source: str,
    out: Path,
    *,
    assets: Mapping[str, bytes] | None = None,
    at: datetime | None = None,
) -> None:
    """Write the PDF of a typst source; the old file stays whole until the new one is complete.

    See `pdf_bytes` for the parameters and the error.
    """
    write_whole(out, pdf_bytes(source, assets=assets, at=at))


def write_whole(out: Path, content: bytes) -> None:
    """Write a file beside its place and rename it, so that a full disk never leaves half a file.

    Raises
    ------
    OSError
        If the folder is missing or the disk is full; then the old file is untouched.
    """
    # Not mkstemp: the file gets the permissions that the user's umask gives.
    temporary = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(out)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@cache
def _fonts() -> "typst.Fonts":
    """Return the DejaVu fonts of matplotlib; no font of the system, none embedded in typst."""
    import matplotlib as mpl  # noqa: PLC0415 - as typst above
    import typst  # noqa: PLC0415 - as above

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)]
    )


def _plain(data: object) -> object:
    """Return the same data with every text made plain."""
    if isinstance(data, str):
        return plain(data)
    if isinstance(data, Mapping):
        return {plain(str(key)): _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(one) for one in data]
    return data
