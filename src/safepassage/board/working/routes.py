"""The routes of all working pages."""

from starlette.routing import Route

from safepassage.board.working import (
    changes,
    contacts,
    expiring,
    held,
    keeping,
    log,
    medical,
    radio,
)

ROUTES: list[Route] = [
    *changes.ROUTES,
    *log.ROUTES,
    *radio.ROUTES,
    *held.ROUTES,
    *medical.ROUTES,
    *contacts.ROUTES,
    *expiring.ROUTES,
    *keeping.ROUTES,
]
