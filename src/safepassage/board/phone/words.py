"""The words of the phone's page: English here, other languages as the board has them.

They travel inside the page, because a phone without network cannot ask for them. Digits are Latin.
"""

from collections.abc import Mapping
from typing import Final

from safepassage.board.wording import LANGUAGES, later, words

WORDS: Final[Mapping[str, str]] = {
    "title": later("Post"),
    "live": later("LIVE"),
    "drill": later("DRILL"),
    "not_enrolled": later("This phone is not enrolled"),
    "scan_the_code": later(
        "Scan the code that the operations room shows you, or type it here. It works once, for ten "
        "minutes."
    ),
    "code_of_the_room": later("Code of the room"),
    "enrol": later("Enrol this phone"),
    "enrol_failed": later("Not enrolled: {why}"),
    "no_code": later("a code has twelve letters and digits"),
    "online": later("In contact with the room"),
    "offline": later("No contact. Go on counting: nothing is lost"),
    "trying": later("Looking for the room"),
    "unknown_here": later("This room does not know this phone"),
    "not_sent": later("{n} not sent"),
    "told": later("{n} told, not sent"),
    "all_sent": later("all sent"),
    "on_screen": later("{n} on this screen, not reported yet: press what they did"),
    "refused": later("Refused by the room: {n}. {why}"),
    "not_kept": later(
        "This phone could not keep the last report. Write it down and tell it by voice."
    ),
    "convoy": later("Convoy"),
    "no_convoy": later("convoy not known"),
    "vehicle": later("Vehicle"),
    "whole_convoy": later("whole convoy"),
    "people": later("people"),
    "vehicles": later("vehicles"),
    "so_far": later("{what} so far {convoy}: {people} people, {vehicles} vehicles"),
    "departed": later("Departed"),
    "arrived": later("Arrived"),
    "through": later("Through"),
    "held": later("Held"),
    "turned_back": later("Turned back"),
    "incident": later("Incident"),
    "what_happened": later("What happened?"),
    "incident_fire": later("Shots or shelling heard"),
    "incident_hurt": later("People hurt"),
    "incident_medical": later("Medical emergency in a vehicle"),
    "incident_breakdown": later("Vehicle broken down"),
    "incident_blocked": later("Road blocked"),
    "incident_search": later("People or vehicles searched"),
    "incident_crowd": later("Crowd at the post"),
    "incident_other": later("Something else: tell it by voice"),
    "needs": later("Held: what they need"),
    "needs_of": later("Held here. What do those on board need?"),
    "water_lasts": later("The water on board lasts"),
    "water": later("water:"),
    "water_0": later("none left"),
    "water_2": later("2 hours"),
    "water_6": later("6 hours"),
    "water_12": later("12 hours and more"),
    "may_leave": later("Who may leave the bus?"),
    "leave": later("may leave:"),
    "leave_nobody": later("nobody"),
    "leave_patients": later("patients"),
    "leave_women": later("women and children"),
    "leave_everybody": later("everybody"),
    "counted_aboard": later("Counted on board"),
    "count_first": later("Count them with +1 on the screen before, then come back here."),
    "infants": later("infants"),
    "patients": later("patients"),
    "undo": later("Undo"),
    "taken_back": later("taken back:"),
    "stop": later("STOP: hold the next convoys"),
    "slip": later("Slip"),
    "slip_hint": later("The number on the slip or wristband, with its check digit. No names."),
    "slip_wrong": later("That is not a whole slip number: read it again."),
    "boarded": later("Boarded"),
    "got_off": later("Got off"),
    "read_out": later("Read out"),
    "read_hint": later(
        "Read a line to the room (times are UTC). The room reads back the four letters."
    ),
    "room_read_back": later("The room read it back"),
    "show_codes": later("Show codes"),
    "show_to_room": later("{n} reports. Show each code to the room's camera."),
    "nothing_to_show": later("Everything is sent."),
    "receipt_of_the_room": later("Four letters of the room"),
    "room_has_it": later("The room has them"),
    "receipt_wrong": later("Not the letters for these codes: nothing was marked."),
    "go_until": later("Go for convoy {convoy}: confirmed by the room until {at}."),
    "go_ended": later("The go for convoy {convoy} ended at {at}."),
    "nearest_halt": later("Nearest agreed halt: {halt}."),
    "leader_decides": later("The convoy leader decides."),
    "not_known": later("not known"),
    "hold_stands": later("A hold stands since {at}."),
    "clock_off": later("This phone's clock is {n} s off; times are corrected."),
    "more": later("More"),
    "language": later("Language"),
    "unreviewed": later("No native reader has reviewed this translation."),
    "about": later("Counter {sign}, phone {word}, page {page}"),
    "about_data": later(
        "This phone keeps counts, slip numbers and its own key. No names, no positions."
    ),
    "wipe": later("Wipe this phone"),
    "wipe_sure": later("Wipe now. {n} reports that the room does not have will be lost"),
    "back": later("Back"),
    "other_tab": later("This page is open in another tab. Go on there."),
}
"""Each word by its key; `{n}` and the like are filled in on the phone."""


def tables() -> dict[str, dict[str, object]]:
    """Return the words by language, with each language's name and direction."""
    found: dict[str, dict[str, object]] = {}
    for key, name in LANGUAGES.items():
        said = words(key)
        table: dict[str, object] = {one: said(text) for one, text in WORDS.items()}
        found[key] = table | {"own_name": name, "direction": said.direction}
        if said.unreviewed:
            found[key]["not_reviewed"] = True
    return found
