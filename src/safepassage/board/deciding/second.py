"""A second person at the same keyboard: proves it with call sign and password, for one act."""

from starlette.datastructures import FormData

from safepassage.board.access import Who
from safepassage.board.deciding.acts import RefusedError
from safepassage.board.entering.reading import text
from safepassage.board.roles import APPROVING
from safepassage.board.room import Room


async def second_person(room: Room, form: FormData, who: Who) -> str:
    """Return the call sign of a second person who has typed their own password.

    Raises
    ------
    RefusedError
        If it is the same person, the password is wrong, or they hold no role that counts.
    """
    call_sign = text(form, "second")
    password = form.get("second_password")
    if call_sign == who.person or not call_sign:
        raise RefusedError("second person: want another person than you")
    if not room.tries.allows(call_sign):
        raise RefusedError("second person: too many tries, wait a minute")
    fits = await room.password_fits(call_sign, password if isinstance(password, str) else "")
    if not fits or not room.roles(call_sign) & APPROVING:
        raise RefusedError("second person: call sign and password do not fit, or no role counts")
    return call_sign
