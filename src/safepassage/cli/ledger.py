"""`safepassage ledger …`: write down who said what, and show what it adds up to."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Command, Context


class _Recording(TyperGroup):
    """The commands of the ledger, made only when one of them is asked for."""

    def list_commands(self, ctx: "Context") -> list[str]:
        """Return their names."""
        return _of_the_ledger().list_commands(ctx)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """Return one of them."""
        return _of_the_ledger().get_command(ctx, cmd_name)


class _Adding(TyperGroup):
    """A command a kind of entry, made only when one of them is asked for."""

    def list_commands(self, ctx: "Context") -> list[str]:
        """Return the kinds."""
        return _of_the_kinds().list_commands(ctx)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """Return the command of one kind."""
        return _of_the_kinds().get_command(ctx, cmd_name)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    lazy = typer.Typer(
        cls=_Recording,
        no_args_is_help=True,
        rich_markup_mode=None,
        help="Keep the record: who said and saw what, by whom and when.",
    )
    app.add_typer(lazy, name="ledger")


@cache
def _of_the_ledger() -> TyperGroup:
    from safepassage.cli.recording import keeping, showing
    from safepassage.cli.recording.terms import terms

    app = typer.Typer(rich_markup_mode=None)
    for name, command in (
        ("init", keeping.init),
        ("show", showing.show),
        ("verify", keeping.verify),
        ("situation", showing.situation),
        ("disputes", showing.disputes),
        ("counts", showing.counts),
        ("terms", terms),
        ("export", keeping.export),
        ("import", keeping.import_),
        ("anchor", keeping.anchor),
        ("purge", keeping.purge),
    ):
        app.command(name)(command)
    adding = typer.Typer(cls=_Adding, no_args_is_help=True, rich_markup_mode=None)
    adding.callback()(_add)
    app.add_typer(adding, name="add")
    return _group(app)


@cache
def _of_the_kinds() -> TyperGroup:
    from safepassage.cli.recording import adding

    return _group(adding.commands())


def _group(app: typer.Typer) -> TyperGroup:
    made = typer.main.get_command(app)
    if not isinstance(made, TyperGroup):
        raise TypeError("a group of commands was made as one command")
    return made


def _add(
    context: typer.Context,
    ledger: Annotated[
        str | None,
        typer.Option(
            "--ledger",
            envvar="SAFEPASSAGE_LEDGER",
            help="The ledger's file or postgresql:// address.",
        ),
    ] = None,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="Folder of its keys; else beside the file.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="Time with its zone (ISO 8601); else now.")
    ] = None,
) -> None:
    """Add one entry; one sub-command a kind."""
    context.obj = (ledger, keys, at)
