"""Run the command line: settings in, an exit code out, and messages instead of tracebacks."""

import sys
from pathlib import Path

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.settings import read_settings

INTERRUPTED = 130
"""What the library makes of Ctrl-C where no command took it in hand."""


def run_guarded(app: typer.Typer) -> int:
    """Run the app and return its exit code."""
    try:
        command = typer.main.get_command(app)
        settings = read_settings(command, Path.cwd())
        result = command.main(standalone_mode=False, default_map=settings)
    except CommandError as error:
        if "--json" in sys.argv[1:]:
            _say_json(str(error), error.code)
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
    if result == INTERRUPTED:
        return _say("stopped before there was anything to keep", Exit.STOPPED)
    return int(result) if isinstance(result, int) else int(Exit.DONE)


def _say_json(message: str, code: Exit) -> None:
    """Keep the promise of --json where a command ends early: one object on standard output."""
    import json

    document = {"ok": False, "exit": int(code), "error": message}
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def _say(message: str, code: Exit) -> int:
    print(f"safepassage: {message}", file=sys.stderr)  # noqa: T201 - talk goes to stderr
    return int(code)
