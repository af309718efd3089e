"""The pages of documents, by audience: shown, as Markdown, as PDF, and the sheets of a plan."""

import dataclasses
import io
import json
import zipfile
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from safepassage.board.access import Who, page, room_of
from safepassage.board.documents.activity import activity_log
from safepassage.board.documents.after import after_action
from safepassage.board.documents.handover import handover
from safepassage.board.documents.paper import Paper
from safepassage.board.documents.sitrep import sitrep
from safepassage.board.jobs import BusyError, Job
from safepassage.board.pages import WAYS, Way, render, teller
from safepassage.board.planning.routes import asked_now
from safepassage.board.wording import later, words
from safepassage.board.working.log import PERSONAL
from safepassage.ledger.kinds import KINDS

AUDIENCES = ("cell", "crew", "party")
"""Audiences with sheets of their own; the public has none: every sheet names places or times."""
PERIOD = timedelta(hours=12)
PAPERS = {
    "sitrep": "see documents for cell",
    "sitrep-public": "see documents for public",
    "activity": "see documents for cell",
    "handover": "see held",
    "after": "see report after",
}
"""Papers, and the object of the table of roles that opens each."""


async def documents(request: Request) -> Response:
    """Show what can be printed and handed over, for whom."""
    return await _documents(request)


async def _documents(request: Request, fault: object = "") -> Response:
    room = room_of(request)
    who: Who = request.state.who
    picture = await room.picture(age=5.0)
    sheets = [one for one in AUDIENCES if who.may(f"see documents for {one}")]
    return render(
        request,
        "documents/index.html.j2",
        status=422 if fault else 200,
        papers=[one for one, what in PAPERS.items() if who.may(what)],
        sheets=sheets,
        jobs=[
            one
            for one in room.jobs.all()
            if one.kind == "paper" or (one.kind == "sheets" and one.about in sheets)
        ],
        picture=picture,
        people=sorted(room.all_roles()),
        fault=fault,
    )


async def _paper(request: Request, name: str) -> Paper:
    room = room_of(request)
    who: Who = request.state.who
    picture = await room.picture()
    tell = teller(room, words(who.session.language))
    if name == "after":
        return after_action(room.scenario, picture, tell, mode=room.mode)
    if name == "handover":
        return handover(room.scenario, picture, tell, mode=room.mode)
    if name != "activity":
        public = name == "sitrep-public"
        return sitrep(room.scenario, picture, tell, mode=room.mode, public=public)
    person = request.query_params.get("person", "")
    ends = room.now_in_zone()
    begins = ends - PERIOD
    kinds = [one for one in KINDS if one not in PERSONAL]
    entries = await room.read(lambda ledger: list(ledger.entries(0, picture.upto, kinds)))
    mine = [
        one
        for one in entries
        if begins <= one.heard_at <= ends
        and (not person or (one.source is not None and one.source.person == person))
    ]
    return activity_log(
        room.scenario,
        mine,
        tell,
        person=person,
        roles=sorted(room.roles(person)),
        begins=begins,
        ends=ends,
        mode=room.mode,
        upto=picture.upto,
    )


def _paper_routes(name: str, what: str) -> list[Route]:
    async def shown(request: Request) -> Response:
        found = await _paper(request, name)
        query = f"?{request.url.query}" if request.url.query else ""
        return render(request, "documents/paper.html.j2", paper=found, name=name, query=query)

    async def as_markdown(request: Request) -> Response:
        found = await _paper(request, name)
        return _file(found.markdown().encode(), "text/markdown; charset=utf-8", found, f"{name}.md")

    async def as_pdf(request: Request) -> Response:
        room = room_of(request)
        who: Who = request.state.who
        found = await _paper(request, name)
        try:
            job = room.jobs.begin(
                "paper",
                "safepassage.board.making",
                ["paper"],
                about=name,
                by=who.person,
                at=room.clock(),
                upto=found.upto,
                given=json.dumps(found.plain(), ensure_ascii=False).encode(),
            )
        except BusyError as error:
            return await _documents(request, error)
        await job.over.wait()
        if job.state != "done":
            return await _documents(request, job.message)
        return _file(job.read("paper.pdf"), "application/pdf", found, f"{name}.pdf")

    return [
        page(f"/documents/{name}", shown, what),
        page(f"/documents/{name}.md", as_markdown, what),
        page(f"/documents/{name}.pdf", as_pdf, what),
    ]


def _file(content: bytes, media: str, paper: Paper, name: str) -> Response:
    mode = paper.mode.lower()
    return Response(
        content,
        media_type=media,
        headers={"content-disposition": f'attachment; filename="{mode}-{name}"'},
    )


def _sheet_routes(audience: str) -> list[Route]:
    what = f"see documents for {audience}"

    async def make(request: Request) -> Response:
        room = room_of(request)
        who: Who = request.state.who
        picture = await room.picture()
        force = picture.situation.plan
        if force is None or picture.plan is None:
            return await _documents(request, "no plan is in force: there is nothing to print")
        asked = dataclasses.replace(asked_now(room, force.text), audience=audience)
        try:
            room.jobs.begin(
                "sheets",
                "safepassage.board.making",
                ["sheets"],
                about=audience,
                by=who.person,
                at=room.clock(),
                upto=picture.upto,
                given=json.dumps(dataclasses.asdict(asked)).encode(),
            )
        except BusyError as error:
            return await _documents(request, error)
        return RedirectResponse("/documents", 303)

    async def get(request: Request) -> Response:
        room = room_of(request)
        job = room.jobs.find(request.path_params["job"])
        if job is None or job.kind != "sheets" or job.about != audience or job.state != "done":
            return await _documents(request, "those sheets are not kept any more")
        mode = room.mode.lower()
        name = f"{mode}-sheets-{audience}-{job.upto}.zip"
        return Response(
            _zipped(job),
            media_type="application/zip",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )

    return [
        page(f"/documents/sheets/{audience}", make, what, methods=("POST",)),
        page(f"/documents/sheets/{audience}/{{job}}.zip", get, what),
    ]


def _zipped(job: Job) -> bytes:
    out = io.BytesIO()
    root = job.folder / "sheets"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(root.rglob("*")):
            if path.is_file():
                file.write(path, str(path.relative_to(root)))
    return out.getvalue()


async def form(request: Request) -> Response:
    """Return the go/no-go form of a convoy as PDF, filled from the ledger: it bears no contact."""
    room = room_of(request)
    who: Who = request.state.who
    convoy = request.path_params["convoy"]
    picture = await room.picture()
    force = picture.situation.plan
    if force is None or convoy not in picture.left:
        return await _documents(request, "the plan in force has no such convoy to ask for")
    asked = dataclasses.replace(
        asked_now(room, force.text), convoy=convoy, language=who.session.language
    )
    try:
        job = room.jobs.begin(
            "form",
            "safepassage.board.making",
            ["form"],
            about=convoy,
            by=who.person,
            at=room.clock(),
            upto=picture.upto,
            given=json.dumps(dataclasses.asdict(asked)).encode(),
        )
    except BusyError as error:
        return await _documents(request, error)
    await job.over.wait()
    if job.state != "done":
        return await _documents(request, job.message)
    name = f"{room.mode.lower()}-go-no-go-{picture.upto}.pdf"
    return Response(
        job.read("paper.pdf"),
        media_type="application/pdf",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


async def calls(request: Request) -> Response:
    """Show which slips are called to which vehicle, from the plan in force."""
    room = room_of(request)
    who: Who = request.state.who
    picture = await room.picture(age=5.0)
    force = picture.situation.plan
    job = None
    if force is not None and picture.plan is not None:
        mark = picture.plan.plan_hash
        job = next((j for j in room.jobs.all() if j.kind == "calls" and j.about == mark), None)
        if job is None:
            try:
                job = room.jobs.begin(
                    "calls",
                    "safepassage.board.making",
                    ["calls"],
                    about=mark,
                    by=who.person,
                    at=room.clock(),
                    upto=picture.upto,
                    given=json.dumps(dataclasses.asdict(asked_now(room, force.text))).encode(),
                )
            except BusyError:
                job = None
    waves = []
    if job is not None and job.state == "done":
        gone = set(picture.situation.convoys)
        start = room.scenario.start
        for wave in json.loads(job.read("out")):
            if wave["convoy"] in gone:
                continue
            for one in wave["calls"]:
                for key in ("called", "boards", "departs"):
                    one[key] = start + timedelta(seconds=one[key])
            wave["place"] = room.scenario.place[wave["place"]].name(who.session.language)
            waves.append(wave)
        waves.sort(key=lambda one: min(c["departs"] for c in one["calls"]))
    waits = job is not None and job.state == "running"
    return render(
        request,
        "documents/calls.html.j2",
        headers={"refresh": "2"} if waits else None,
        job=job,
        waves=waves[:12],
        picture=picture,
    )


WAYS += [
    Way("/call-forward", later("Call forward"), "see call forward", "y"),
    Way("/documents", later("Documents"), "see log", "d"),
]
ROUTES: list[Route] = [
    page("/documents", documents, "see log"),
    *(route for name, what in PAPERS.items() for route in _paper_routes(name, what)),
    *(route for audience in AUDIENCES for route in _sheet_routes(audience)),
    page("/documents/go-no-go/{convoy}.pdf", form, "see clearance"),
    page("/call-forward", calls, "see call forward"),
]
