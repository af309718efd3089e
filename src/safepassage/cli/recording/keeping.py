"""`safepassage ledger init|export|import|anchor|purge|verify`: how a ledger is kept."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from safepassage.cli.exits import Exit
from safepassage.cli.faults import CommandError
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
    from safepassage.ledger.log import Receipt


def init(
    ledger: LedgerOption,
    keys: KeysOption = None,
    device: Annotated[str, typer.Option(help="Id of this room's device.")] = "room",
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a new ledger, its signing key and its data keys beside it."""
    from safepassage.ledger.faults import LedgerError
    from safepassage.ledger.place import make_ledger

    place = place_named(ledger, keys)
    try:
        made, signer = make_ledger(place, device)
        made.found(at=moment(at))
        made.close()
    except LedgerError as error:
        raise CommandError(str(error)) from None
    if as_json:
        emit({"ledger": ledger, "device": device, "key": signer.key})
        return
    typer.echo(f"{ledger}: a new ledger. Its device is {device}, its public key\n{signer.key}")
    typer.echo(
        f"{place.signing_key} signs for this room, {place.data_keys} opens the words: keep both "
        "apart from the ledger, and print the public key for whoever audits.",
        err=True,
    )


def purge(
    ledger: LedgerOption,
    keys: KeysOption = None,
    class_: Annotated[
        str | None,
        typer.Option("--class", help="Erase this class of data now, whatever its date."),
    ] = None,
    why: Annotated[
        str | None, typer.Option("--why", help="With --class: why it is erased.")
    ] = None,
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Destroy the data keys whose purge date has come; what they sealed is erased for good."""
    from safepassage.ledger.classes import CLASSES, STRUCTURE

    now = moment(at)
    wanted = tuple(one for one in CLASSES if one != STRUCTURE)
    if class_ is not None and class_ not in wanted:
        message = f"--class: got {class_!r}, want one of {', '.join(wanted)}"
        raise CommandError(message, Exit.USAGE)
    if (class_ is None) != (why is None):
        # It cannot be undone: nobody erases a class of data by a slip of one word.
        raise CommandError("--class and --why: want both, or neither", Exit.USAGE)
    opened = opened_ledger(ledger, keys)
    if class_ is None or why is None:
        gone = guarded(lambda: opened.purge(at=now))
    else:
        names, because = opened.data_keys(class_), why
        gone = guarded(lambda: opened.purge(at=now, names=names, why=because)) if names else ()
    if as_json:
        emit({"destroyed": list(gone)})
    else:
        typer.echo("\n".join(f"destroyed {one}" for one in gone) or "nothing is due")


def export(
    ledger: LedgerOption,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    keys: KeysOption = None,
) -> None:
    """Write the whole ledger to a file, its words still sealed: for a second node or an auditor."""
    from safepassage.ledger.exchange import export_file

    opened = opened_ledger(ledger, keys)
    number = guarded(lambda: export_file(opened.store, output))
    typer.echo(f"{number} entries in {output}", err=True)


def import_(
    ledger: LedgerOption,
    file: Annotated[Path, typer.Argument(help="An exported ledger, or batches of a device.")],
    keys: KeysOption = None,
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring in an exported ledger, or the signed batches of a device (a line each)."""
    from safepassage.ledger.batch import read_batch
    from safepassage.ledger.exchange import import_file
    from safepassage.ledger.faults import EntryError, LedgerError
    from safepassage.ledger.place import open_store

    place = place_named(ledger, keys)
    try:
        # Not splitlines: words may hold other marks that end a line in print.
        lines = [one for one in file.read_text(encoding="utf-8").split("\n") if one.strip()]
        found = [json.loads(one) for one in lines]
    except ValueError as error:
        raise CommandError(f"{file}: not lines of JSON ({error})") from None
    receipts: list[Receipt] = []
    new = 0
    try:
        if (
            found
            and isinstance(found[0], dict)
            and found[0].get("format") == "safepassage/ledger/1"
        ):
            store = open_store(place, make=True)
            new = import_file(file, store)
            store.close()
        else:
            now = moment(at)
            batches = [read_batch(one, at=now) for one in found]
            opened = opened_ledger(ledger, keys)
            for batch in batches:
                receipts += opened.receive(batch, at=now)
    except EntryError as error:
        lines_ = "\n".join(f"  {one}" for one in error.faults)
        raise CommandError(f"{file}: nothing was taken:\n{lines_}") from None
    except LedgerError as error:
        raise CommandError(str(error)) from None
    refused = [one for one in receipts if one.state == "refused"]
    new += sum(one.state == "stored" for one in receipts)
    if as_json:
        emit(
            {
                "new": new,
                "repeated": sum(one.state == "repeated" for one in receipts),
                "refused": [{"id": one.id, "why": one.why} for one in refused],
            }
        )
    else:
        typer.echo(f"{new} new entries")
        for one in refused:
            typer.echo(f"refused {one.id}: {one.why}", err=True)
    if refused:
        raise typer.Exit(Exit.INVALID)


def anchor(
    ledger: LedgerOption,
    holder: Annotated[str, typer.Option(help="Who will hold it, and on what.")],
    keys: KeysOption = None,
    to: Annotated[Path | None, typer.Option(help="File of the holder to add it to.")] = None,
    qr: Annotated[Path | None, typer.Option(help="QR picture to write (PNG, SVG).")] = None,
    at: AtOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign the end of the log and hand it to someone outside, in a file or on paper."""
    from safepassage.ledger.anchor import add_to_file, anchor_code

    opened = opened_ledger(ledger, keys)
    now = moment(at)
    head = guarded(lambda: opened.sign_head(at=now))
    code = anchor_code(head)
    if to is not None:
        add_to_file(head, to)
    if qr is not None:
        import segno

        segno.make(code, error="m").save(str(qr), scale=6)
    guarded(lambda: opened.note_anchor(head, holder, at=now))
    if as_json:
        emit({"upto": head.seq, "hash": head.hash.hex(), "at": head.at, "code": code})
    else:
        typer.echo(code)


def verify(
    ledger: LedgerOption,
    keys: KeysOption = None,
    anchor: Annotated[
        list[Path] | None, typer.Option(help="File of heads held outside; may be repeated.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Chain, heads and anchors only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the chain, the signatures, the signed heads and the anchors (exit 3: what is wrong)."""
    from safepassage.ledger.anchor import read_file
    from safepassage.ledger.faults import LedgerError
    from safepassage.ledger.keyring import Keyring
    from safepassage.ledger.place import open_store
    from safepassage.ledger.signer import read_signer
    from safepassage.ledger.verify import verify_chain, verify_whole

    place = place_named(ledger, keys)
    try:
        store = open_store(place)
        trusted = {}
        if place.signing_key.is_file():
            signer = read_signer(place.signing_key)
            trusted[signer.device] = signer.key
        heads = [head for path in anchor or () for head in read_file(path)]
        if quick:
            found = verify_chain(store, trusted, heads)
        else:
            found = verify_whole(store, trusted, Keyring(place.data_keys), heads)
    except (LedgerError, OSError) as error:
        if as_json:
            emit({"ok": False, "faults": [str(error)]})
            raise typer.Exit(Exit.INVALID) from None
        raise CommandError(str(error)) from None
    if as_json:
        emit(
            {
                "ok": found.whole,
                "entries": found.entries,
                "hash": found.hash.hex(),
                "heads": found.heads,
                "anchored": found.anchored,
                "signatures": found.signatures,
                "faults": list(found.faults),
            }
        )
    else:
        for fault in found.faults:
            typer.echo(fault)
        typer.echo(
            f"{found.entries} entries, {found.heads} signed heads, {found.signatures} signatures "
            f"checked; anchored outside up to entry {found.anchored}",
            err=True,
        )
        if not anchor:
            typer.echo("without an anchor held outside, a cut tail is not seen", err=True)
    if not found.whole:
        raise typer.Exit(Exit.INVALID)
