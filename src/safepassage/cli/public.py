"""`safepassage public …`: tell the public what two people have released, in one text."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
from safepassage.cli.given import read_scenario, read_timed
from safepassage.cli.recording.options import (
    AtOption,
    JsonOption,
    KeysOption,
    LedgerOption,
    emit,
    guarded,
    moment,
    opened_ledger,
    place_named,
)

if TYPE_CHECKING:
    from safepassage.ledger.kinds import Body
    from safepassage.ledger.log import Ledger
    from safepassage.report.public.notice import Notice
    from safepassage.report.public.released import PublicState
    from safepassage.scenario.scenario import Scenario

ScenarioArgument = Annotated[Path, typer.Argument(help="Folder with scenario.toml, or that file.")]
NoticeArgument = Annotated[Path, typer.Argument(help="The notice, a TOML file.")]
PersonOption = Annotated[str, typer.Option("--person", help="Your call sign.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    public = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode=None,
        help="Tell the public what two people have released.",
    )
    public.command("check")(check)
    public.command("propose")(propose)
    public.command("release")(release)
    public.command("take-down")(take_down)
    public.command("write")(write)
    app.add_typer(public, name="public")


def check(scenario: ScenarioArgument, notice: NoticeArgument) -> None:
    """Check a notice: every fault, and each exact place and time that it would give away."""
    read = _notice(notice, read_scenario(scenario))
    typer.echo(f"{notice}: {len(read.lines)} lines in {', '.join(read.languages)}.")
    _say_exact(read)


def propose(
    scenario: ScenarioArgument,
    notice: NoticeArgument,
    ledger: LedgerOption,
    person: PersonOption,
    keys: KeysOption = None,
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a notice into the ledger. Nothing is public before two people have released it."""
    from safepassage.ledger.told import Notice as NoticeEntry

    now = moment(at)
    read = _notice(notice, read_scenario(scenario))
    _known(ledger, keys, person, now)
    body = NoticeEntry(read.id, read.text, read.text_hash, person)
    seq = _enter(ledger, keys, body, person, now)
    if as_json:
        emit({"notice": read.id, "text_hash": read.text_hash, "seq": seq})
        return
    typer.echo(f"entry {seq}: notice '{read.id}', text {read.text_hash[:12]}. Not public yet.")
    _say_exact(read)
    typer.echo("Two people of two roles release it:", err=True)
    typer.echo(f"  safepassage public release {scenario} --notice {read.id} …", err=True)


def release(
    scenario: ScenarioArgument,
    ledger: LedgerOption,
    notice: Annotated[str, typer.Option("--notice", help="Id of the notice.")],
    person: PersonOption,
    role: Annotated[str, typer.Option("--role", help="The role in which you release it.")],
    exact: Annotated[
        str,
        typer.Option(
            "--exact", help="What of the exact it releases: ids of places, and 'times'; or 'none'."
        ),
    ] = "none",
    keys: KeysOption = None,
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Release exactly the text that was proposed, having read it; one of two people."""
    from safepassage.ledger.told import Publication
    from safepassage.report.public.exact import releases_of, unreleased

    now = moment(at)
    given = read_scenario(scenario)
    _known(ledger, keys, person, now)
    state = _state(opened_ledger(ledger, keys))
    proposal = next((one for one in state.waiting if one.notice.id == notice), None)
    if proposal is None:
        raise CommandError(f"--notice: no notice '{notice}' waits for release")
    faults = unreleased(proposal.notice, given)
    if faults:
        raise CommandError("\n".join(str(one) for one in faults))
    wanted = releases_of(proposal.notice)
    named = () if exact == "none" else tuple(one.strip() for one in exact.split(",") if one.strip())
    if sorted(named) != sorted(wanted):
        raise CommandError(
            f"--exact: got {exact}, want {','.join(wanted) or 'none'}: "
            "read the text again and name what it gives away"
        )
    body = Publication(notice, proposal.notice.text_hash, person, role, wanted)
    seq = _enter(ledger, keys, body, person, now)
    after = _state(opened_ledger(ledger, keys))
    out = after.current is not None and after.current.seq == seq
    waiting = next((one for one in after.waiting if one.notice.id == notice), None)
    counted = out or (waiting is not None and (person, role) in waiting.released_by)
    if as_json:
        emit({"notice": notice, "seq": seq, "counted": counted, "released": out})
    elif not counted:
        typer.echo(f"entry {seq}: it does not count: {person} does not hold the role {role}.")
    elif out:
        typer.echo(f"entry {seq}: released. `safepassage public write` makes the pages.")
    else:
        typer.echo(f"entry {seq}: one of two. A second person in another role is needed.")
    if not counted:
        raise typer.Exit(Exit.INVALID)


def take_down(
    ledger: LedgerOption,
    notice: Annotated[str, typer.Option("--notice", help="Id of the notice.")],
    person: PersonOption,
    why: Annotated[str, typer.Option("--why", help="Why it no longer holds.")],
    keys: KeysOption = None,
    at: AtOption = None,
) -> None:
    """Take a notice off the public page; one person is enough."""
    from safepassage.ledger.told import Takedown

    state = _state(opened_ledger(ledger, keys))
    known = {one.notice.id for one in state.waiting}
    known |= set() if state.current is None else {state.current.notice.id}
    if notice not in known:
        raise CommandError(f"--notice: got '{notice}', want one of {', '.join(sorted(known))}")
    seq = _enter(ledger, keys, Takedown(notice, person, why), person, moment(at))
    typer.echo(f"entry {seq}: '{notice}' is off. Run `safepassage public write` now.")


def write(
    scenario: ScenarioArgument,
    ledger: LedgerOption,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the released text.")],
    plan: Annotated[
        Path | None, typer.Option("--plan", help="plan.json, where the notice publishes stops.")
    ] = None,
    drill: Annotated[bool, typer.Option("--drill", help="Mark everything as an exercise.")] = False,
    test: Annotated[bool, typer.Option("--test", help="Make the alert a test message.")] = False,
    no_asking: Annotated[
        bool, typer.Option("--no-asking", help="Without the link to the form.")
    ] = False,
    keys: KeysOption = None,
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write page, poster, short message, audio script and alert of what is released."""
    from safepassage.ledger.folding import situation
    from safepassage.planner.plan_file import read_plan
    from safepassage.planner.plan_form import PlanError
    from safepassage.planner.verify import PlanRefused, verify
    from safepassage.report.public.page import PageTooLargeError
    from safepassage.report.public.released import PublicState, with_doubts
    from safepassage.report.public.write import public_files, write_public

    now = moment(at)
    given = read_scenario(scenario) if plan is None else read_timed(scenario, reference=True)
    opened = opened_ledger(ledger, keys)
    state = _state(opened)
    if state.current is not None:
        named = {id_ for line in state.current.notice.lines for id_ in line.rests_on}
        entries = [one for one in map(opened.find, sorted(named)) if one is not None]
        now_stands = guarded(lambda: situation(opened, at=now, scenario=given))
        current = with_doubts(state.current, now_stands, entries, at=now)
        for number, why in current.doubted:
            typer.echo(f"line {number + 1}: shown as being checked: {why}", err=True)
        state = PublicState(current, state.waiting, state.replaced, state.taken_down)
    try:
        verified = None if plan is None else verify(given, read_plan(plan))
        files = public_files(
            state,
            given,
            mode="DRILL" if drill else "LIVE",
            status="Test" if test else "Exercise" if drill else "Actual",
            at=now,
            plan=verified,
            asking=not no_asking,
        )
        write_public(files, output)
    except (PlanError, PlanRefused) as error:
        raise CommandError(f"{plan} is no verified plan of it.\n{error}") from None
    except (PageTooLargeError, ValueError) as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{output}: {error.strerror}") from None
    released = None if state.current is None else state.current.notice.id
    if as_json:
        emit({"folder": str(output), "notice": released, "files": sorted(files)})
        return
    typer.echo(f"{output}: " + ("nothing is released" if released is None else f"'{released}'"))
    for name in sorted(files):
        typer.echo(f"  {name}  {len(files[name])} bytes")


def _notice(path: Path, scenario: "Scenario") -> "Notice":
    from safepassage.report.public.exact import unreleased
    from safepassage.report.public.notice import NoticeError, read_notice

    try:
        read = read_notice(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path}: got bytes that are no UTF-8, want a TOML file") from None
    except NoticeError as error:
        raise CommandError(f"{path} cannot be used.\n{error}") from None
    faults = list(unreleased(read, scenario))
    if faults:
        lines = "\n".join(str(one) for one in faults)
        raise CommandError(f"{path} gives away what is not released.\n{lines}")
    return read


def _known(ledger: str, keys: Path | None, person: str, at: datetime) -> None:
    """Refuse a call sign that nobody of this room has: no role in the ledger, or no account.

    Accounts are asked for where the room has any: a room of paper and command line may have none.
    """
    from safepassage.board.people import People, PeopleError
    from safepassage.board.picture import roles_at
    from safepassage.board.room import beside

    opened = opened_ledger(ledger, keys)
    entries = guarded(lambda: list(opened.entries(0, None, ("role", "revoke"))))
    held = {name for name, roles in roles_at(entries, at).items() if roles}
    try:
        accounts = People(beside(place_named(ledger, keys), "people")).call_signs
    except PeopleError as error:
        raise CommandError(str(error)) from None
    if person not in held:
        raise CommandError(
            f"--person: {person} holds no role in this ledger; want one of "
            f"{', '.join(sorted(held)) or 'those who are given one first'}"
        )
    if accounts and person not in accounts:
        raise CommandError(
            f"--person: {person} has no account; `safepassage people list` shows who has one"
        )


def _say_exact(notice: "Notice") -> None:
    from safepassage.report.public.exact import releases_of

    exact = releases_of(notice)
    if exact:
        typer.echo(f"With it are released, exactly: {', '.join(exact)}", err=True)


def _state(opened: "Ledger") -> "PublicState":
    from safepassage.report.public.released import KINDS, public_state

    return public_state(guarded(lambda: list(opened.entries(0, opened.tail()[0], KINDS))))


def _enter(ledger: str, keys: Path | None, body: "Body", person: str, at: datetime) -> int:
    from safepassage.ledger.entry import Message
    from safepassage.ledger.place import open_ledger
    from safepassage.ledger.signer import read_signer
    from safepassage.ledger.source import Source

    place = place_named(ledger, keys)
    opened = guarded(lambda: open_ledger(place))
    signer = guarded(lambda: read_signer(place.signing_key))
    id_ = f"{type(body).__name__.lower()}:{person}:{at.isoformat()}"
    message = Message(id_, body, Source(channel="room", device=signer.device), at)
    receipt = guarded(lambda: opened.append([message], at=at))[0]
    opened.close()
    if receipt.seq is None:
        raise CommandError(receipt.why)
    return receipt.seq
