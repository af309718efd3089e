"""Exit codes of every command (design, section 5)."""

from enum import IntEnum


class Exit(IntEnum):
    """What a command says to the shell."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    INVALID = 3
    IMPOSSIBLE = 4
    STOPPED = 5
    NO_GO = 6
