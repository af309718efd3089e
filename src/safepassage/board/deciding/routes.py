"""The pages of clearance, holds, the gate and the plan in force."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.deciding import acts
from safepassage.board.deciding.handed import plan_text
from safepassage.board.deciding.second import second_person
from safepassage.board.entering.reading import text
from safepassage.board.pages import WAYS, Way, render
from safepassage.board.picture import Picture, given_to
from safepassage.board.roles import APPROVING
from safepassage.board.room import Room
from safepassage.board.wall.going import going
from safepassage.board.wall.heard import late_departures, minutes_late, over, silent
from safepassage.board.wall.moving import planned_times
from safepassage.board.wall.terms import term_lines
from safepassage.board.wording import later
from safepassage.clearance.adopting import other_convoys
from safepassage.clearance.asking import Answer, ask
from safepassage.clearance.readiness import readiness
from safepassage.clearance.recording import record_answer
from safepassage.clearance.waiting import time_in_no
from safepassage.ledger.decided import GATE_LINES, Uncleared
from safepassage.ledger.entry import Message
from safepassage.ledger.faults import EntryError, LedgerError
from safepassage.ledger.kinds import Body
from safepassage.ledger.log import Ledger
from safepassage.planner.plan_file import plan_from_text
from safepassage.planner.plan_form import PlanError
from safepassage.planner.verified import VerifiedPlan
from safepassage.planner.verify import PlanRefused, verify
from safepassage.scenario.figure import UnknownFigureError

LARGEST_PLAN = 8 * 1024 * 1024


async def clearance(request: Request) -> Response:
    """Show whether one convoy may move, on whose word, and what is missing."""
    room, who = room_of(request), request.state.who
    if who.may("see contacts"):
        room.reads.note(who.person, "clearance", at=room.clock())
    return await _clearance(request)


async def _clearance(request: Request, fault: object = "", lease: Any = None) -> Response:
    room = room_of(request)
    picture = await room.picture(age=1.0)
    convoy = request.path_params.get("convoy") or (picture.left[0] if picture.left else None)
    answer = await _answer(room, picture, convoy)
    found = None
    ready = None
    waited: list[tuple[str, str]] = []
    if answer is not None and picture.plan is not None:
        found = going(room.scenario, answer, request.state.who.session.language)
        ready = readiness(picture.plan, picture.said, answer, at=picture.at)
        for one in time_in_no(picture.said, until=picture.at):
            if one.convoy == answer.clearance.convoy:
                waited = [("", _minutes(one.in_no))]
                waited += [(key, _minutes(lasted)) for key, lasted in one.by_reason.items()]
    return render(
        request,
        "deciding/clearance.html.j2",
        status=422 if fault else 200,
        picture=picture,
        convoy=convoy,
        answer=answer,
        going=found,
        ready=ready,
        waited=waited,
        fault=fault,
        lease=lease,
        gate_lines=GATE_LINES,
        terms=term_lines(
            room.scenario, picture.situation.terms, request.state.who.session.language
        ),
        doubts=_doubts(picture, answer),
        mine=sorted(request.state.who.roles & APPROVING),
    )


def _minutes(lasted: Any) -> str:
    minutes = int(lasted.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _doubts(picture: Picture, answer: Answer | None) -> list[Any]:
    if answer is None:
        return []
    return [one for one in picture.said if one.id in answer.case.doubts]


async def _answer(room: Room, picture: Picture, convoy: str | None) -> Answer | None:
    if convoy is None or picture.plan is None:
        return None
    if picture.next is not None and picture.next.clearance.convoy == convoy:
        return picture.next
    try:
        return await room.clearance(convoy)
    except KeyError:
        return None


async def approve(request: Request) -> Response:
    """Store one person's approval of a convoy."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    convoy = request.path_params["convoy"]
    try:
        answer = await room.clearance(convoy)
    except KeyError:
        return await _clearance(request, f"the plan in force has no convoy {convoy} to approve")
    seen = text(form, "seen")
    return await _act(
        request,
        lambda: acts.approval(
            who,
            answer,
            role=text(form, "role"),
            seen=int(seen) if seen.isdecimal() else 0,
            acknowledges=[str(one) for one in form.getlist("acknowledges")],
        ),
        onward=f"/clearance/{convoy}",
    )


async def sign_gate(request: Request) -> Response:
    """Store one signature under one line of the gate of participation."""
    who: Who = request.state.who
    form = await request.form()
    return await _act(
        request,
        lambda: acts.gate_line(
            who,
            line=text(form, "line"),
            met=text(form, "met") == "yes",
            role=text(form, "role"),
            note=text(form, "note"),
        ),
        onward=text(form, "onward") or "/clearance",
    )


async def ask_for_go(request: Request) -> Response:
    """Ask the rule, keep what it said, and give a go as a lease with its words."""
    room = room_of(request)
    picture = await room.picture()
    convoy = request.path_params["convoy"]
    plan = picture.plan
    if plan is None:
        return await _clearance(request, "no plan is in force")
    now = room.clock()
    kept = functools.partial(_ask_and_keep, room=room, plan=plan, convoy=convoy, now=now)
    try:
        lease = await room.write(kept)
    except KeyError:
        return await _clearance(request, "the plan in force has no such convoy to ask for")
    except LedgerError as error:
        return await _clearance(request, error)
    return await _clearance(request, lease=lease or {})


def _ask_and_keep(
    ledger: Ledger, *, room: Room, plan: VerifiedPlan, convoy: str, now: datetime
) -> dict[str, str] | None:
    answer = ask(
        plan,
        ledger,
        convoy,
        at=now,
        contact_at=now,
        keys={room.signer.device: room.signer.key},
        device=room.signer.device,
    )
    return record_answer(answer, ledger, room.signer, verified=plan, at=now)


async def uncleared(request: Request) -> Response:
    """Record that two named people move a convoy without clearance. It stays red."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    convoy = request.path_params["convoy"]
    try:
        second = await second_person(room, form, who)
    except acts.RefusedError as error:
        return await _clearance(request, error)
    body = Uncleared(convoy=convoy, first=who.person, second=second, why=text(form, "why"))
    return await _act(request, lambda: body, onward=f"/clearance/{convoy}")


async def press_hold(request: Request) -> Response:
    """Store a hold at once: one press, nothing to confirm."""
    who: Who = request.state.who
    form = await request.form()
    body = acts.hold(who, why=text(form, "why"), convoy=text(form, "convoy"))
    return await _act(request, lambda: body, onward="/holds")


async def holds(request: Request) -> Response:
    """Show the holds, and who has lifted what."""
    return await _holds(request)


async def _holds(request: Request, fault: object = "") -> Response:
    picture = await room_of(request).picture()
    return render(
        request,
        "deciding/holds.html.j2",
        status=422 if fault else 200,
        picture=picture,
        fault=fault,
        mine=sorted(request.state.who.roles & APPROVING),
    )


async def lift(request: Request) -> Response:
    """Store one of the two signatures that end a hold."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    picture = await room.picture()
    held = next((one for one in picture.situation.holds if one.id == text(form, "hold")), None)
    return await _act(
        request,
        lambda: acts.lift(who, held, role=text(form, "role"), why=text(form, "why")),
        onward="/holds",
        shown=_holds,
    )


async def _act(
    request: Request,
    make: Callable[[], Body],
    *,
    onward: str,
    shown: Callable[[Request, object], Awaitable[Response]] = _clearance,
) -> Response:
    """Store an act, or say on its page why it is refused."""
    room = room_of(request)
    who: Who = request.state.who
    try:
        entry: Message = acts.message(make(), who, at=room.clock())
        await room.append([entry])
    except acts.RefusedError as error:
        return await shown(request, str(error))
    except EntryError as error:
        return await shown(request, error)
    return RedirectResponse(onward if onward.startswith("/") else "/clearance", 303)


async def plan(request: Request) -> Response:
    """Show the plan in force."""
    return await _plan(request)


async def _plan(request: Request, fault: object = "") -> Response:
    picture = await room_of(request).picture(age=2.0)
    return render(
        request,
        "deciding/plan.html.j2",
        status=422 if fault else 200,
        picture=picture,
        convoys=_planned_convoys(picture),
        adopted=[one for one in reversed(picture.said) if one.kind == "plan"],
        fault=fault,
    )


def _planned_convoys(picture: Picture) -> list[dict[str, Any]]:
    if picture.plan is None:
        return []
    vehicles: dict[str, set[str]] = {}
    for trip in picture.plan.plan.trips:
        if trip.convoy is not None and trip.vehicle is not None:
            vehicles.setdefault(trip.convoy, set()).add(trip.vehicle)
    now = picture.situation.convoys
    late = {one.convoy: one.minutes for one in late_departures(picture)}
    rows = [
        {
            "convoy": convoy,
            "departs": departs,
            "arrives": arrives,
            "people": people,
            "vehicles": len(vehicles.get(convoy, ())),
            "state": now[convoy].state if convoy in now else "",
            "reported_at": now[convoy].reported_at if convoy in now else None,
            "silent": convoy in now and silent(now[convoy], picture),
            "late": _late(convoy, arrives, picture) if convoy in now else late.get(convoy, 0),
        }
        for convoy, (departs, arrives, people) in planned_times(picture.plan).items()
    ]
    return sorted(rows, key=lambda one: one["departs"])


def _late(convoy: str, arrives: datetime, picture: Picture) -> int:
    """Return how many minutes a convoy on the road is behind its planned arrival."""
    now = picture.situation.convoys[convoy]
    return 0 if over(now, picture) else minutes_late(arrives, picture.at)


async def adopt(request: Request) -> Response:
    """Put a plan in force: the verifier judges it first, whoever made it."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form(max_part_size=LARGEST_PLAN, max_files=1)
    upload = form.get("plan")
    content = b"" if upload is None or isinstance(upload, str) else await upload.read()
    await form.close()
    if not content or len(content) > LARGEST_PLAN:
        return await _plan(request, "plan: got no file, want a plan.json")
    try:
        written = await asyncio.to_thread(plan_text, content)
        verified = await room.read(lambda ledger: adoptable(room, written, ledger))
        await room.append(
            [acts.message(acts.adoption(who, verified, written), who, at=room.clock())]
        )
    except EntryError as error:
        return await _plan(request, error)
    except (PlanError, PlanRefused, UnknownFigureError, ValueError) as error:
        return await _plan(request, error)
    return RedirectResponse("/plan", 303)


def judged(room: Room, written: str, ledger: Ledger) -> VerifiedPlan:
    """Return a plan as the verifier accepts it, for this scenario or what was left of it.

    Raises
    ------
    ValueError
        If it is no plan, or not one of this scenario that keeps every rule.
    """
    proposed = plan_from_text(written)
    return verify(given_to(proposed, room.scenario, ledger), proposed)


def adoptable(room: Room, written: str, ledger: Ledger) -> VerifiedPlan:
    """Return a plan that may be put in force: accepted, and no name of it stands for two convoys.

    Raises
    ------
    ValueError
        As `judged` does, or if a name stands for another convoy in a plan adopted before.
    """
    verified = judged(room, written, ledger)
    twice = other_convoys(verified.plan, ledger)
    if twice:
        raise ValueError(
            f"convoys {', '.join(twice)} are other convoys in a plan that was in force: make a "
            "plan from now, it gives new names"
        )
    return verified


WAYS += [
    Way("/clearance", later("Go or no-go"), "see clearance", "c"),
    Way("/holds", later("Holds"), "see clearance", "o"),
    Way("/plan", later("Plan"), "see plan", "a"),
]
ROUTES: list[Route] = [
    page("/clearance", clearance, "see clearance"),
    page("/clearance/{convoy}", clearance, "see clearance"),
    page("/clearance/{convoy}/approve", approve, "do approve", methods=("POST",)),
    page("/clearance/{convoy}/ask", ask_for_go, "do ask for a go", methods=("POST",)),
    page("/clearance/{convoy}/uncleared", uncleared, "do move uncleared", methods=("POST",)),
    page("/gate", sign_gate, "do sign gate", methods=("POST",)),
    page("/hold", press_hold, "do hold", methods=("POST",)),
    page("/holds", holds, "see clearance"),
    page("/lift", lift, "do lift", methods=("POST",)),
    page("/plan", plan, "see plan"),
    page("/plan/adopt", adopt, "do adopt a plan", methods=("POST",)),
]
