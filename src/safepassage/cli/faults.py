"""From an exception to a message on stderr and an exit code."""

import sys

import typer

from safepassage.cli.exits import Exit


class CommandError(Exception):
    """A command cannot go on: a message for people, and the exit code that says why."""

    def __init__(self, message: str, code: Exit = Exit.INVALID) -> None:
        super().__init__(message)
        self.code = code


def run_guarded(app: typer.Typer) -> int:
    """Run the app and return its exit code."""
    try:
        result = app(standalone_mode=False)
    except CommandError as error:
        return _say(str(error), error.code)
    except (typer.Abort, KeyboardInterrupt):
        return _say("stopped", Exit.STOPPED)
    except OSError as error:
        return _say(str(error), Exit.INVALID)
    except Exception as error:
        # The library's own usage errors: it carries its parser with it under a private name, so
        # they are known by what they can do.
        show = getattr(error, "show", None)
        if show is None:
            raise
        show()
        return int(getattr(error, "exit_code", Exit.USAGE))
    return int(result) if isinstance(result, int) else int(Exit.DONE)


def _say(message: str, code: Exit) -> int:
    print(f"safepassage: {message}", file=sys.stderr)  # noqa: T201 - talk goes to stderr
    return int(code)
