"""The pages of plans from now and of rehearsals."""

import dataclasses
import json
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.asked import Asked
from safepassage.board.deciding.acts import adoption, message
from safepassage.board.deciding.routes import adoptable
from safepassage.board.entering.reading import text
from safepassage.board.jobs import BusyError, Job
from safepassage.board.pages import WAYS, Times, Way, render
from safepassage.board.picture import given_to
from safepassage.board.room import Room
from safepassage.board.wording import later
from safepassage.clearance.from_now import MARK
from safepassage.ledger.faults import EntryError
from safepassage.ledger.log import Ledger
from safepassage.ledger.situation import PlanInForce
from safepassage.planner.people_numbers import other_than_likely
from safepassage.planner.plan_file import plan_from_text
from safepassage.planner.plan_form import PlanError
from safepassage.planner.verify import PlanRefused
from safepassage.scenario.figure import UnknownFigureError

LIMITS = ("10s", "30s", "60s", "2 min")
PEOPLE = ("likely", "low", "high")
NEW, NONE = "new", "none"
REST = later("rest of the day")
KINDS = ("plan", "rehearsal", REST)
RUNS = 4096
SEED = 7


async def jobs(request: Request) -> Response:
    """Show what was planned and rehearsed, and begin more."""
    return await _jobs(request)


async def _jobs(request: Request, fault: object = "") -> Response:
    room = room_of(request)
    picture = await room.picture(age=2.0)
    return render(
        request,
        "planning/jobs.html.j2",
        status=422 if fault else 200,
        jobs=[one for one in room.jobs.all() if one.kind in KINDS],
        plans=[one for one in room.jobs.all() if one.kind == "plan" and one.state == "done"],
        in_force=picture.situation.plan is not None,
        limits=LIMITS,
        people=PEOPLE,
        picture=picture,
        fault=fault,
    )


async def plan_from_now(request: Request) -> Response:
    """Begin to plan what is left, as of now."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    limit = next((one for one in LIMITS if one == text(form, "limit")), LIMITS[1])
    people = next((one for one in PEOPLE if one == text(form, "people")), PEOPLE[0])
    now = room.clock()
    arguments = [
        "plan",
        str(room.scenario_path.absolute()),
        "--from",
        ledger_named(room),
        "--keys",
        str(room.place.signing_key.parent.absolute()),
        "--at",
        now.isoformat(timespec="seconds"),
        "--limit",
        limit,
        "--seed",
        "1",
        "--people",
        people,
        "-o",
        "plan.json",
        "--json",
    ]
    try:
        job = room.jobs.begin(
            "plan",
            "safepassage",
            arguments,
            about=f"{limit}, {people}",
            by=who.person,
            at=now,
            upto=room.last,
        )
    except BusyError as error:
        return await _jobs(request, error)
    return RedirectResponse(f"/plan/jobs/{job.id}", 303)


async def rehearse(request: Request) -> Response:
    """Begin to rehearse the plan in force, or one that was made here."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    made = room.jobs.find(text(form, "job"))
    if made is not None:
        written, about = made.read("plan.json").decode(), f"plan of {made.by}"
    else:
        picture = await room.picture()
        force = picture.situation.plan
        written, about = ("", "") if force is None else (force.text, "plan in force")
    if not written:
        return await _jobs(request, "there is no plan to rehearse")
    now = room.clock()
    asked = dataclasses.replace(asked_now(room, written), runs=RUNS, seed=SEED)
    try:
        job = room.jobs.begin(
            "rehearsal",
            "safepassage.board.making",
            ["rehearsal"],
            about=about,
            by=who.person,
            at=now,
            upto=room.last,
            given=json.dumps(dataclasses.asdict(asked)).encode(),
        )
    except BusyError as error:
        return await _jobs(request, error)
    return RedirectResponse(f"/plan/jobs/{job.id}", 303)


async def rest(request: Request) -> Response:
    """Begin to play what is left of the plan in force, from now, beside a plan from now."""
    room = room_of(request)
    who: Who = request.state.who
    form = await request.form()
    beside = text(form, "beside") or NEW
    picture = await room.picture()
    force = picture.situation.plan
    made = room.jobs.find(beside)
    other = "" if made is None else made.read("plan.json").decode()
    if made is not None and not other:
        # It is running yet, or it is no plan.
        return await _jobs(request, "there is no such finished plan")
    if force is None and not other and beside == NONE:
        return await _jobs(request, "there is no plan to rehearse")
    asked = dataclasses.replace(
        asked_now(room, "" if force is None else force.text),
        at=room.now_in_zone().replace(microsecond=0).isoformat(),
        runs=RUNS,
        seed=SEED,
        other=other,
        limit="" if other or beside == NONE else LIMITS[0],
        upto=picture.upto,
    )
    try:
        job = room.jobs.begin(
            REST,
            "safepassage.board.making",
            ["rest"],
            about="",
            by=who.person,
            at=room.clock(),
            upto=picture.upto,
            given=json.dumps(dataclasses.asdict(asked)).encode(),
        )
    except BusyError as error:
        return await _jobs(request, str(error))
    return RedirectResponse(f"/plan/jobs/{job.id}", 303)


def _counted(force: PlanInForce | None) -> str | None:
    """Return for which number of people the plan in force was made."""
    if force is None:
        return None
    try:
        return plan_from_text(force.text).people
    except PlanError:
        return None


async def prices(request: Request) -> Response:
    """Begin to say what one more of each thing would bring: for the head, on request, noted."""
    room = room_of(request)
    who: Who = request.state.who
    picture = await room.picture()
    force = picture.situation.plan
    if force is None or picture.plan is None:
        return await _jobs(request, "no plan is in force")
    room.reads.note(who.person, "prices", at=room.clock())
    arguments = ["explain", str(room.scenario_path.absolute()), "/dev/stdin", "--json"]
    if any(one.startswith(MARK) for one in picture.plan.plan.inputs):
        arguments += ["--from", ledger_named(room)]
        arguments += ["--keys", str(room.place.signing_key.parent.absolute())]
    try:
        job = room.jobs.begin(
            "prices",
            "safepassage",
            arguments,
            about="plan in force",
            by=who.person,
            at=room.clock(),
            upto=picture.upto,
            given=force.text.encode(),
        )
    except BusyError as error:
        return await _jobs(request, error)
    return RedirectResponse(f"/plan/prices/{job.id}", 303)


async def prices_page(request: Request) -> Response:
    """Show them."""
    room = room_of(request)
    job = room.jobs.find(request.path_params["job"])
    if job is None or job.kind != "prices":
        return await _jobs(request, "that job is not kept any more")
    headers = {"refresh": "2"} if job.state == "running" else None
    return render(
        request, "planning/prices.html.j2", headers=headers, job=job, made=_result(job) or {}
    )


async def job_page(request: Request) -> Response:
    """Show one job: while it runs the page asks again by itself."""
    return await _job(request)


async def _job(request: Request, fault: object = "") -> Response:
    room = room_of(request)
    job = room.jobs.find(request.path_params["job"])
    if job is None or job.kind not in KINDS:
        return await _jobs(request, "that job is not kept any more")
    picture = await room.picture(age=2.0)
    headers = {"refresh": "2"} if job.state == "running" else None
    return render(
        request,
        "planning/job.html.j2",
        status=422 if fault else 200,
        headers=headers,
        job=job,
        made=_result(job),
        fault=fault,
        people_warning=await _people_warning(room, job),
        in_force=picture.plan,
        counted=_counted(picture.situation.plan),
        has_plan=job.state == "done" and bool(job.read("plan.json")),
        newer=room.last - job.upto,
        hour_of=lambda hour: Times(picture.at, room.scenario.start.tzinfo).hm(
            room.scenario.start + timedelta(hours=hour)
        ),
    )


async def _people_warning(room: Room, job: Job) -> str | None:
    """Return what to say where a plan that was made here is for another number than the likely."""
    written = job.read("plan.json") if job.state == "done" else b""
    if not written:
        return None

    def warning(ledger: Ledger) -> str | None:
        made = plan_from_text(written.decode())
        if made.people == "likely":
            return None
        return other_than_likely(given_to(made, room.scenario, ledger), made)

    try:
        return await room.read(warning)
    except (PlanError, UnknownFigureError, ValueError):
        return None


def _result(job: Job) -> dict[str, Any] | None:
    if job.state != "done":
        return None
    found: dict[str, Any] = json.loads(job.read("out") or b"null") or {}
    return found


async def adopt_job(request: Request) -> Response:
    """Put a plan that was made here in force; the verifier judges it first, as any other."""
    room = room_of(request)
    who: Who = request.state.who
    job = room.jobs.find(request.path_params["job"])
    if job is None or job.state != "done" or not job.read("plan.json"):
        return await _jobs(request, "there is no such finished plan")
    written = job.read("plan.json").decode()
    try:
        verified = await room.read(lambda ledger: adoptable(room, written, ledger))
        await room.append([message(adoption(who, verified, written), who, at=room.clock())])
    except EntryError as error:
        return await _job(request, error)
    except (PlanError, PlanRefused, UnknownFigureError, ValueError) as error:
        return await _job(request, error)
    return RedirectResponse("/plan", 303)


def ledger_named(room: Room) -> str:
    """Return the ledger as a command line names it."""
    place = room.place
    return place.address or str(place.file.absolute() if place.file is not None else "")


def asked_now(room: Room, written: str) -> Asked:
    """Return what a child process is handed for a plan, now."""
    return Asked(
        scenario=str(room.scenario_path.absolute()),
        ledger=ledger_named(room),
        keys=str(room.place.signing_key.parent.absolute()),
        plan=written,
        at=room.now_in_zone().isoformat(timespec="seconds"),
        mode=room.mode,
    )


WAYS.append(Way("/plan/jobs", later("Plan from now"), "see rehearsal", "f"))
ROUTES: list[Route] = [
    page("/plan/jobs", jobs, "see rehearsal"),
    page("/plan/jobs/plan", plan_from_now, "do plan", methods=("POST",)),
    page("/plan/jobs/rehearse", rehearse, "do rehearse", methods=("POST",)),
    page("/plan/jobs/rest", rest, "do rehearse", methods=("POST",)),
    page("/plan/prices", prices, "see prices", methods=("POST",)),
    page("/plan/prices/{job}", prices_page, "see prices"),
    page("/plan/jobs/{job}", job_page, "see rehearsal"),
    page("/plan/jobs/{job}/adopt", adopt_job, "do adopt a plan", methods=("POST",)),
]
