"""From an exception to a message on stderr and an exit code."""

import sys

import click
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
        print(f"safepassage: {error}", file=sys.stderr)  # noqa: T201 - talk goes to stderr
        return int(error.code)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.UsageError as error:
        error.show()
        return int(Exit.USAGE)
    except click.Abort:
        print("safepassage: stopped", file=sys.stderr)  # noqa: T201
        return int(Exit.STOPPED)
    except OSError as error:
        print(f"safepassage: {error}", file=sys.stderr)  # noqa: T201
        return int(Exit.INVALID)
    except KeyboardInterrupt:
        print("safepassage: stopped", file=sys.stderr)  # noqa: T201
        return int(Exit.STOPPED)
    return int(result) if isinstance(result, int) else int(Exit.DONE)
