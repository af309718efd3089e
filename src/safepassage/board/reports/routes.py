"""The pages on which a report is read, card by card."""

from datetime import date

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.entering.reading import text
from safepassage.board.jobs import BusyError
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.reports.deciding import NotDecidedError, decision_of
from safepassage.board.reports.desk import Desk, Report
from safepassage.board.reports.marking import pieces
from safepassage.board.wording import later
from safepassage.ledger.entry import read_message
from safepassage.ledger.faults import EntryError, LedgerError
from safepassage.reader.draft import Decision
from safepassage.reader.into import enter_figures, statement_messages
from safepassage.reader.opening import LARGEST_FILE
from safepassage.scenario.faults import ScenarioError

KIND = "read"
CHILD = "safepassage.board.reports.child"


def desk_of(request: Request) -> Desk:
    """Return the desk of this board."""
    found = getattr(request.app.state, "reports", None)
    if not isinstance(found, Desk):
        found = request.app.state.reports = Desk()
    return found


async def index(request: Request, *, fault: object = None) -> Response:
    """Show the reports on the desk, and where a new one is laid."""
    room, desk = room_of(request), desk_of(request)
    jobs = [one for one in room.jobs.all() if one.kind == KIND]
    for job in jobs:
        if job.state == "done":
            desk.lay(job, room.scenario)
    return render(
        request,
        "reports/index.html.j2",
        status=422 if fault else 200,
        fault=fault,
        jobs=[one for one in jobs if one.state != "done"],
        reports=list(desk.reports.values())[::-1],
    )


async def lay(request: Request) -> Response:
    """Take a text or a file and have it read in a process of its own."""
    room = room_of(request)
    who: Who = request.state.who
    async with request.form(max_files=1, max_part_size=LARGEST_FILE + 1) as form:
        file = form.get("file")
        content, name = text(form, "text").encode(), "pasted text"
        if isinstance(file, UploadFile) and file.filename:
            content, name = await file.read(LARGEST_FILE + 1), _plain_name(file.filename)
        day = text(form, "day")
    if not content:
        return await index(request, fault="A report is needed: paste its text or choose a file.")
    try:
        given = [name, *([date.fromisoformat(day).isoformat()] if day else [])]
    except ValueError:
        return await index(request, fault=f"The day it was written: got {day}, want 2016-12-15.")
    try:
        job = room.jobs.begin(
            KIND, CHILD, given, about=name, by=who.person, at=room.clock(), upto=room.last,
            given=content,
        )  # fmt: skip
    except BusyError as error:
        return await index(request, fault=error)
    await job.over.wait()
    if job.state != "done":
        return await index(request, fault=job.message or "It could not be read.")
    desk_of(request).lay(job, room.scenario)
    return RedirectResponse(f"/reports/{job.id}", 303)


async def cards(request: Request, *, fault: object = None) -> Response:
    """Show one report: its text with the quotes marked, and a card for each proposal."""
    report = desk_of(request).find(request.path_params["report"])
    if report is None:
        return RedirectResponse("/reports", 303)
    left = [one.id for one in report.cards if one.id not in report.decisions]
    return render(
        request,
        "reports/cards.html.j2",
        status=422 if fault else 200,
        fault=fault,
        report=report,
        pieces=list(pieces(report)),
        left=left,
        at=request.query_params.get("at") or (left[0] if left else ""),
        entered=request.query_params.get("entered", ""),
    )


async def decide(request: Request) -> Response:
    """Take one decision; an accepted statement enters the ledger at once."""
    room = room_of(request)
    who: Who = request.state.who
    report = desk_of(request).find(request.path_params["report"])
    form = await request.form()
    card = None if report is None else report.card(text(form, "card"))
    if report is None or card is None:
        return RedirectResponse("/reports", 303)
    if card.id in report.decisions and report.decisions[card.id].answer == "accepted":
        return await cards(request, fault="It is accepted already: correct it in the log.")
    if card.statement is None and not who.may("do enter figures"):
        return await cards(request, fault="Figures are confirmed by the head or movement.")
    try:
        decision = decision_of(card, form, by=who.person)
        if card.statement is not None and decision.answer == "accepted":
            now = room.clock()
            raw = statement_messages(report.reading, [decision], now)
            await room.append([read_message(one, at=now) for one in raw])
    except (NotDecidedError, EntryError, LedgerError) as error:
        return await cards(request, fault=error)
    report.decisions[card.id] = decision
    return RedirectResponse(f"/reports/{report.id}?at={_next(report, card.id)}#work", 303)


async def enter(request: Request) -> Response:
    """Write the accepted figures into the scenario; every plan made before is then stale."""
    room = room_of(request)
    report = desk_of(request).find(request.path_params["report"])
    if report is None:
        return RedirectResponse("/reports", 303)
    waiting: tuple[Decision, ...] = report.waiting_figures
    try:
        entered = enter_figures(room.scenario_path, report.reading, waiting, room.clock())
        report.figures_entered |= {one.card.id for one in waiting}
        await room.take_scenario()
    except (ScenarioError, OSError) as error:
        return await cards(request, fault=error)
    return RedirectResponse(f"/reports/{report.id}?entered={len(entered.figures)}", 303)


def _next(report: Report, after: str) -> str:
    """Return the next card without a decision, from the one just decided on, then from the top."""
    order = [one.id for one in report.cards]
    place = order.index(after)
    rest = [one for one in order[place + 1 :] + order[:place] if one not in report.decisions]
    return rest[0] if rest else after


def _plain_name(name: str) -> str:
    kept = "".join(one for one in name.rpartition("/")[2] if one.isprintable())
    # A name that begins with a dash would be taken for an option.
    return kept.lstrip("-.")[:100] or "a file"


WAYS.append(Way("/reports", later("Reports"), "see reports", "q"))
ROUTES: list[Route] = [
    page("/reports", index, "see reports"),
    page("/reports/new", lay, "do read reports", methods=("POST",)),
    page("/reports/{report}", cards, "see reports"),
    page("/reports/{report}/card", decide, "do read reports", methods=("POST",)),
    page("/reports/{report}/figures", enter, "do enter figures", methods=("POST",)),
]
