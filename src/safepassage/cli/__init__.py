"""The command line: one command per verb, one file per command.

Heavy rooms are imported inside the commands only, so that `--help` answers at once.
"""

import importlib
import pkgutil
import sys

import typer

from safepassage import __version__
from safepassage.cli.exits import Exit
from safepassage.cli.running import run_guarded

app = typer.Typer(
    name="safepassage",
    help="Plan, rehearse, run and report an evacuation whose window may close.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"safepassage {__version__}")
        raise typer.Exit(Exit.DONE)


@app.callback()
def _root(
    version: bool = typer.Option(
        False,
        "--version",
        callback=_show_version,
        is_eager=True,
        help="Show the version and stop.",
    ),
) -> None:
    del version


def _register() -> None:
    """Let every module of this package that has `register(app)` add its commands."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        module = importlib.import_module(f"{__name__}.{found.name}")
        register = getattr(module, "register", None)
        if register is not None:
            register(app)


_register()


def main() -> None:
    """Run the command line; turn what a person can mend into a message, never a traceback."""
    sys.exit(run_guarded(app))
