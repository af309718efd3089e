"""The folder of one public host: released text, the queue, settings, the cell's public key.

It holds nothing of the ledger and no way to it.
"""

import hashlib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safepassage.intake.sealing import SealError, new_key, read_key

SETTINGS = "intake.toml"
QUEUE = "queue.db"
CELL_KEY = "cell.pub"
RELEASED = "released"
LIST = "released.json"
LIST_FORMAT = "safepassage/released/1"
LARGEST = 4 * 1024 * 1024
DEFAULT_SETTINGS = """\
# What the public form offers. Registration of interest is off unless the cell wants it.
registration = false
"""


class FolderError(ValueError):
    """The folder cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Released:
    """The released files by name, as they were when their list was written."""

    mode: str
    style: str
    files: Mapping[str, bytes]


def make_folder(folder: Path, private: Path) -> None:
    """Make the folder of a public host, and the private key that opens sealed messages.

    Raises
    ------
    FolderError
        If either is there already, or cannot be written.
    """
    if (folder / CELL_KEY).exists() or private.exists():
        raise FolderError(f"{folder} or {private} is there already: nothing was changed")
    if private.resolve().is_relative_to(folder.resolve()):
        raise FolderError(f"{private}: keep it out of the folder that the public host reads")
    secret, public = new_key()
    try:
        (folder / RELEASED).mkdir(parents=True, exist_ok=True)
        written = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(written, "w", encoding="ascii") as file:
            file.write(secret + "\n")
        (folder / CELL_KEY).write_text(public + "\n", encoding="ascii")
        if not (folder / SETTINGS).exists():
            (folder / SETTINGS).write_text(DEFAULT_SETTINGS, encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{error.filename}: {error.strerror}") from None


def cell_key(folder: Path) -> bytes | None:
    """Return the key for sealed messages; None where the cell has given none.

    Raises
    ------
    FolderError
        If the file is there and holds no key.
    """
    if not (folder / CELL_KEY).exists():
        return None
    try:
        return read_key(folder / CELL_KEY)
    except SealError as error:
        raise FolderError(str(error)) from None


def registration_on(folder: Path) -> bool:
    """Return whether the form for registration of interest is offered.

    Raises
    ------
    FolderError
        If the settings are not what they should be.
    """
    path = folder / SETTINGS
    if not path.exists():
        return False
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FolderError(f"{path}: {error}") from None
    odd = sorted(set(table) - {"registration"})
    wanted = table.get("registration", False)
    if odd or not isinstance(wanted, bool):
        found = ", ".join(odd) or repr(wanted)
        raise FolderError(f"{path}: got {found}, want `registration = true` or `false` only")
    return wanted


def read_released(folder: Path) -> Released | None:
    """Return the released files; None where there are none, or they are being written just now."""
    place = folder / RELEASED
    try:
        listing = json.loads((place / LIST).read_text(encoding="utf-8"))
        if listing.get("format") != LIST_FORMAT:
            return None
        found: dict[str, bytes] = {}
        for name, digest in listing["files"].items():
            if Path(name).name != name:
                return None
            with (place / name).open("rb") as file:
                content = file.read(LARGEST)
            if hashlib.sha256(content).hexdigest() != digest:
                return None
            found[name] = content
        return Released(str(listing["mode"]), str(listing["style"]), found)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
