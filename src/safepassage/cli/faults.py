"""What a command says when it cannot go on."""

from safepassage.cli.exits import Exit


class CommandError(Exception):
    """A command cannot go on: a message for people, and the exit code that says why."""

    def __init__(self, message: str, code: Exit = Exit.INVALID) -> None:
        super().__init__(message)
        self.code = code
