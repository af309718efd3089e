"""How a scenario file is written: whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet: to a temporary file beside it, then in place at once.

    Raises
    ------
    FileExistsError
        If there is a file (or anything else) of that name: it stays as it is.
    OSError
        If it cannot be written (disk full, no such folder); nothing is left behind.
    """
    with _beside(path, content) as temporary:
        if os.path.lexists(path):
            raise FileExistsError(f"{path} is already there: it is not written over")
        try:
            # A link fails where a file has appeared meanwhile; a rename would write over it.
            path.hardlink_to(temporary)
        except FileExistsError:
            raise FileExistsError(f"{path} is already there: it is not written over") from None
        except OSError:
            # Some file systems of memory sticks know no links.
            temporary.rename(path)


def write_over(path: Path, content: bytes) -> None:
    """Write a file over another of that name, which stays whole until the new one is.

    Raises
    ------
    OSError
        If it cannot be written: the old file is as it was.
    """
    with _beside(path, content) as temporary:
        temporary.replace(path)


@contextmanager
def _beside(path: Path, content: bytes) -> Iterator[Path]:
    """Give a temporary file beside a path that holds all of the content on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
