"""People by slip: asked first, together, counted at both ends, looked for when they are missing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from safepassage.board.groups.reckoning import Reckoning, reckon
from safepassage.board.groups.sheet import SheetError, papers, token_in, token_of
from safepassage.board.groups.slips import KINDS
from safepassage.board.phone.report import token_fits
from safepassage.board.room import Room
from safepassage.ledger.carried import HandOver, Household, Passage, Referral, Sweep
from safepassage.ledger.decided import Correction
from safepassage.ledger.folding import situation
from safepassage.ledger.kinds import Body
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.promises import Corrections
from safepassage.ledger.seen import Consent, Movement
from tests.board.conftest import Login
from tests.board.mission import NOW, aleppo, convoys, plan_of_the_day
from tests.ledger.writing import enter, new_ledger

A, B, C = token_of(2047), token_of(2048), token_of(2049)


def reckoned(*bodies: Body, later: timedelta = timedelta(0)) -> Reckoning:
    """Return the reckoning of entries that were made at NOW, seen `later`."""
    ledger, _ = new_ledger(at=NOW)
    for number, body in enumerate(bodies):
        enter(ledger, body, at=NOW + timedelta(seconds=number))
    entries = list(ledger.entries(0, None, KINDS))
    corrections = Corrections(ledger.entries(0, None, ("correction", "confirmation")))
    scenario = aleppo()
    now = situation(ledger, at=NOW + later, scenario=scenario)
    return reckon(entries, corrections, now, scenario, plan_of_the_day().plan)


def boarded(token: str, vehicle: str = "bus-01", **more: Any) -> Passage:
    given = {"convoy": "c1", "place": "amiriyah", "at": NOW} | more
    return Passage(token=token, what="boarded", vehicle=vehicle, **given)


def got_off(token: str, minutes: int = 70, **more: Any) -> Passage:
    at = NOW + timedelta(minutes=minutes)
    given = {"convoy": "c1", "place": "rashidin4", "at": at} | more
    return Passage(token=token, what="got off", **given)


def yes(token: str, people: int = 5, **more: Any) -> Consent:
    return Consent(group="others", wish="yes", people=people, token=token, **more)


def test_who_boards_without_a_recorded_yes_is_shown_and_silence_is_no_yes() -> None:
    found = reckoned(
        yes(A),
        boarded(A),
        boarded(B),
        yes(C),
        Consent(group="others", wish="withdrawn", people=2, token=C),
        boarded(C),
    )
    assert [one.token for one in found.without_yes] == [B, C]


def test_a_household_on_two_buses_is_seen_and_one_on_the_same_bus_is_not() -> None:
    family = [
        Household(token=A, group="others", people=5, together=(B,)),
        Household(token=B, group="others", people=1, together=(A, C)),
        Household(token=C, group="others", people=2),
    ]
    one = reckoned(*family, boarded(A), boarded(B), boarded(C))
    assert one.split == ()
    two = reckoned(*family, boarded(A), boarded(B, "ambulance-01"), boarded(C, "ambulance-01"))
    assert [{a.token, b.token} for a, b in two.split] == [{A, B}]
    assert reckoned(*family, boarded(A)).split == ()


def test_a_slip_is_missing_only_when_its_convoy_has_been_there_for_an_hour() -> None:
    arrived = [
        Movement(what="departed", convoy="c1", place="amiriyah", vehicle="bus-01", to="rashidin4"),
        yes(A),
        yes(B),
        boarded(A),
        boarded(B),
        Movement(what="arrived", convoy="c1", place="rashidin4", vehicle="bus-01"),
        got_off(A, 1),
        got_off(C, 2),
    ]
    (soon,) = reckoned(*arrived, later=timedelta(minutes=59)).convoys
    assert ([x.token for x in soon.waiting], soon.missing) == ([B], ())
    late = reckoned(*arrived, later=timedelta(minutes=62))
    assert [one.token for one in late.missing] == [B]
    assert [one.token for one in late.convoys[0].unexpected] == [C]
    assert [one.token for one in late.convoys[0].got_off] == [A]
    referred = Referral(tokens=(B,), people=5, to="family links", person="Head-1")
    after = reckoned(*arrived, referred, later=timedelta(minutes=62))
    assert after.slips[B].referred_to == "family links"
    assert [one.token for one in after.missing] == [B]


def test_reports_that_come_late_are_put_in_order_by_their_own_times() -> None:
    found = reckoned(got_off(A, 70), boarded(A), got_off(A, 10, place="ramouseh"))
    assert found.slips[A].got_off is not None
    assert found.slips[A].got_off.place == "rashidin4"
    # A change of vehicle: it boards again, and where it got off before is over.
    again = reckoned(
        boarded(A), got_off(A, 30), boarded(A, "bus-09", at=NOW + timedelta(minutes=40))
    )
    assert again.slips[A].on_the_way


def test_an_entry_that_was_corrected_counts_no_longer() -> None:
    first = reckoned(boarded(A))
    assert first.slips[A].boarded is not None
    assert A not in reckoned(boarded(A), Correction(about="passage-2", why="another slip")).slips


def test_who_arrives_elsewhere_than_they_wanted_is_shown() -> None:
    way = (boarded(A), got_off(A))
    assert reckoned(yes(A, wants="rashidin4"), *way).elsewhere == ()
    assert reckoned(yes(A), *way).elsewhere == ()
    assert [one.token for one in reckoned(yes(A, wants="amiriyah"), *way).elsewhere] == [A]


def test_children_are_a_count_of_their_own_with_a_named_carer_and_two_signatures() -> None:
    child = Household(
        token=A, group="others", people=2, unaccompanied=2, separated=0, carer="a children's desk"
    )
    nobodys = Household(token=B, group="others", people=4, separated=1)
    none = Household(token=C, group="others", people=4, unaccompanied=0, separated=0)
    gives = HandOver("h1", "gives", "children", 2, "Move-1", "the cell", tokens=(A,))
    receives = HandOver("h1", "receives", "children", 1, "Med-1", "a children's desk", tokens=(A,))
    found = reckoned(child, nobodys, none, boarded(A), got_off(A))
    assert (found.children.unaccompanied, found.children.separated) == (2, 1)
    assert dict(found.children.by_carer) == {"a children's desk": 2}
    assert [one.token for one in found.children.without_carer] == [B]
    assert [one.token for one in found.children.unsigned] == [A]
    half = reckoned(child, boarded(A), got_off(A), gives)
    assert [one.token for one in half.children.unsigned] == [A]
    assert half.handed[0].difference is None
    whole = reckoned(child, boarded(A), got_off(A), gives, receives)
    assert whole.children.unsigned == ()
    assert whole.handed[0].difference == 1


def test_a_place_is_to_be_looked_through_again_when_people_left_after_the_last_look() -> None:
    look = Sweep(place="amiriyah", found=0, person="Move-1", at=NOW + timedelta(minutes=5))
    assert [one.departed_after for one in reckoned(look).swept] == [False]
    (before,) = reckoned(boarded(A), look).swept
    assert not before.departed_after
    (after,) = reckoned(look, boarded(A, at=NOW + timedelta(minutes=9))).swept
    assert after.departed_after
    (never,) = reckoned(boarded(A)).swept
    assert never.last is None


def test_vehicles_are_back_where_they_began_or_they_are_away() -> None:
    found = reckoned(
        Movement(what="departed", vehicle="bus-01", place="amiriyah", to="rashidin4"),
        Movement(what="departed", vehicle="bus-02", place="amiriyah", to="rashidin4"),
        Movement(what="arrived", vehicle="bus-02", place="rashidin4"),
        Movement(what="departed", vehicle="bus-03", place="amiriyah", to="rashidin4"),
        Movement(what="turned back", vehicle="bus-03", place="ramouseh"),
        Movement(what="arrived", vehicle="bus-03", place="amiriyah"),
    )
    assert [(one.kind, one.all, one.back, one.away) for one in found.vehicles] == [
        ("bus", 20, 18, 2),
        ("ambulance", 10, 10, 0),
    ]


def test_crews_that_went_along_with_a_convoy_are_away_until_they_come_back() -> None:
    convoys = plan_of_the_day().plan.convoys
    there, home = next(
        (one, other)
        for one in convoys
        for other in convoys
        if one.staff and other.end == one.start and dict(other.staff) == dict(one.staff)
    )
    staff = dict(there.staff)
    went = reckoned(Movement(what="departed", convoy=there.id, place=there.start))
    away = {one.kind: one.away for one in went.crews}
    assert away == {one.kind: staff.get(one.kind, 0) for one in aleppo().staff}
    round_trip = [
        Movement(what=what, convoy=convoy.id, place=place)
        for convoy in (there, home)
        for what, place in (("departed", convoy.start), ("arrived", convoy.end))
    ]
    assert {one.away for one in reckoned(*round_trip).crews} == {0}


def test_a_sheet_of_slips_holds_numbers_with_their_check_digit_and_nothing_else() -> None:
    made = papers(2047, 24, mode="DRILL", mission="Eastern Aleppo")
    assert [one.token for one in made[:2]] == ["2047-9", token_of(2048)]
    assert all(token_fits(one.token) for one in made)
    assert all("Aleppo" not in one.qr and "<svg" in one.qr for one in made)
    for first, number in ((0, 5), (1, 0), (1, 241), (999_999_999, 5)):
        with pytest.raises(SheetError):
            papers(first, number, mode="LIVE", mission="x")
    assert token_in("SP1 DRILL 0123456789abcdef slip 2047-9") == "2047-9"
    assert token_in(" 2047-9 ") == "2047-9"


# --- the pages


def post(client: TestClient, kind: str, **fields: object) -> Any:
    return client.post(f"/groups/enter/{kind}", data={k: str(v) for k, v in fields.items()})


def test_a_slip_from_the_question_to_the_arrival_by_the_forms(login: Login, place: Place) -> None:
    move = login("Move-1")
    asked = {"token": A, "group": "others", "people": 5, "wants": "rashidin4", "language": "ar"}
    assert post(move, "consent", wish="asked", **asked).status_code == 303
    assert post(move, "consent", wish="yes", **asked).status_code == 303
    answer = post(move, "household", token=A, group="others", people=5, unaccompanied=1)
    assert answer.status_code == 422
    assert "the organisation that cares for the children: got nobody" in answer.text
    given = {"people": 5, "unaccompanied": 1, "carer": "a children's desk", "together": B}
    assert post(move, "household", token=A, group="others", **given).status_code == 303
    convoy = convoys()[1]
    way = {"token": A, "convoy": convoy, "vehicle": "bus-01"}
    assert post(move, "passage", what="boarded", place="amiriyah", **way).status_code == 303
    page = move.get(f"/groups/slip?token={A}").text
    assert "a children&#39;s desk" in page
    assert "nobody has asked" not in page
    ledger = open_ledger(place)
    kinds = [one.kind for one in ledger.entries() if one.kind in KINDS]
    ledger.close()
    assert kinds == ["consent", "consent", "household", "passage"]
    overview = move.get("/groups").text
    assert A in overview


def test_a_name_in_the_place_of_a_slip_is_refused_and_not_repeated(
    login: Login, place: Place
) -> None:
    move = login("Move-1")
    for kind, fields in (
        ("consent", {"token": "Canary-Nadia", "group": "others", "wish": "yes", "people": 1}),
        ("household", {"token": A, "group": "others", "people": 1, "together": "Canary-Nadia"}),
        ("passage", {"token": "Canary-Nadia", "what": "boarded", "place": "amiriyah"}),
        ("referral", {"tokens": "Canary-Nadia", "people": 1, "to": "x"}),
    ):
        answer = post(move, kind, **fields)
        assert answer.status_code == 422, kind
        assert "Canary-Nadia" not in answer.text.replace(answer.request.content.decode(), "")
    assert "Canary-Nadia" not in move.get("/groups/slip?token=Canary-Nadia").text
    ledger = open_ledger(place)
    assert not [one for one in ledger.entries() if "Canary" in str(one)]
    ledger.close()


def test_nobody_signs_both_ends_of_a_hand_over(login: Login) -> None:
    move, med = login("Move-1"), login("Med-1")
    end = {"handover": "h1", "of": "patients", "people": 10, "organisation": "triage"}
    assert post(move, "handover", end="gives", **end).status_code == 303
    own = post(move, "handover", end="receives", **end)
    assert own.status_code == 422
    assert "another person" in own.text
    assert post(med, "handover", end="receives", **(end | {"people": 9})).status_code == 303
    page = move.get("/groups").text
    assert "h1" in page
    assert "not signed" not in page


def test_who_may_see_and_keep_slips(login: Login, anyone: TestClient) -> None:
    for who, may in (("Head-1", 200), ("Med-1", 200), ("Radio-1", 403), ("Watch-1", 403)):
        client = login(who)
        assert client.get("/groups").status_code == may
        assert client.get(f"/groups/slip?token={A}").status_code == may
        sweep = post(client, "sweep", place="amiriyah", found=0)
        assert sweep.status_code == (303 if may == 200 else 403)
    assert anyone.get("/groups").status_code == 303
    assert post(anyone, "sweep", place="amiriyah", found=0).status_code == 401


def test_a_place_that_the_mission_does_not_have_and_a_wrong_form_are_named(login: Login) -> None:
    move = login("Move-1")
    assert "a place of the mission" in post(move, "sweep", place="nowhere", found=0).text
    assert post(move, "sweep", place="amiriyah", found="many").status_code == 422
    assert post(move, "hold", why="x").status_code == 422
    assert move.get("/groups/sheet?first=2047&number=24").text.count("<svg") == 24
    assert move.get("/groups/sheet?first=x&number=999999").status_code == 422


def test_reading_the_slips_is_noted(login: Login, room: Room, tmp_path: Path) -> None:
    del tmp_path
    login("Head-1").get("/groups")
    assert [one.what for one in room.reads.newest(1)] == ["groups"]
