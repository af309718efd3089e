"""Each party's version of a term: typed in the form, side by side, and what a difference does."""

import pytest

from safepassage.board.wall.terms import term_lines
from safepassage.ledger.folding import situation
from safepassage.ledger.place import Place, open_ledger
from safepassage.ledger.said import Term
from safepassage.report.sheets.clauses import clauses_now
from safepassage.report.sheets.frame import Printing
from safepassage.report.sheets.terms import TermsBody, terms_sheet
from tests.board import mission
from tests.board.conftest import Login
from tests.ledger.writing import clock

HERE, THERE = "Searches at the loading place only.", "Searches at each post."


def parties() -> tuple[str, str]:
    """Return the parties of the agreement of the case."""
    found = mission.aleppo().agreements[0].parties
    return found[0], found[1]


def sent(**more: str) -> dict[str, str]:
    first, second = parties()
    agreement = mission.aleppo().agreements[0].id
    return {
        "term": "searches",
        "agreement": agreement,
        "text": "Where people are searched.",
        "state": "agreed",
        f"versions.{first}": HERE,
        f"versions.{second}": THERE,
    } | more


def text_of(login: Login, who: str, path: str) -> str:
    answer = login(who).get(path)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_form_has_a_field_for_each_partys_version_and_the_record_has_both(
    place: Place, login: Login
) -> None:
    head = login("Head-1")
    form = head.get("/enter/term").text
    for party in mission.aleppo().parties:
        assert f'name="versions.{party.id}"' in form
    assert head.post("/enter/term", data=sent()).status_code == 303
    ledger = open_ledger(place)
    entry = [one for one in ledger.entries() if one.kind == "term"][-1]
    ledger.close()
    assert isinstance(entry.body, Term)
    first, second = parties()
    assert entry.body.versions == {first: HERE, second: THERE}


def test_an_agreed_term_that_is_told_in_two_ways_is_a_reason_for_no(login: Login) -> None:
    head = login("Head-1")
    before = text_of(login, "Head-1", "/clearance")
    assert (
        "versions differ"
        not in before.partition("Gate of participation")[0].partition("Where people are searched")[
            2
        ]
    )
    head.post("/enter/term", data=sent())
    page = text_of(login, "Head-1", "/clearance")
    why = page.partition("Why not")[2].partition("Approve")[0]
    assert "versions differ" in why
    assert HERE in page
    assert THERE in page
    # Both say the same now: spaces and capitals are no difference.
    first, second = parties()
    same = {f"versions.{first}": HERE, f"versions.{second}": f"  {HERE.upper()} "}
    head.post("/enter/term", data=sent(**same))
    after = text_of(login, "Head-1", "/clearance")
    assert "versions differ" not in after.partition("Why not")[2].partition("Approve")[0]


def test_officers_see_that_versions_differ_and_the_words_only_where_both_may_know_them(
    login: Login,
) -> None:
    head = login("Head-1")
    head.post("/enter/term", data=sent())
    view = text_of(login, "Watch-1", "/liaison")
    assert "versions differ" in view
    assert HERE not in view
    assert THERE not in view
    head.post("/enter/term", data=sent(shared="yes"))
    view = text_of(login, "Watch-1", "/liaison")
    assert HERE in view
    assert THERE in view
    # A later word on the state alone takes nothing of that back; "no" does.
    head.post("/enter/term", data=sent(shared="no"))
    assert HERE not in text_of(login, "Watch-1", "/liaison")


def test_nobody_is_read_a_term_as_agreed_that_the_parties_tell_differently(place: Place) -> None:
    ledger = open_ledger(place)
    first, second = parties()
    body = Term(
        "searches", mission.aleppo().agreements[0].id, "Where people are searched.", "agreed",
        {first: HERE, second: THERE},
    )  # fmt: skip
    mission.write(ledger, body, at=clock(15, 5))
    told = situation(ledger, at=mission.NOW).terms
    ledger.close()
    verified = mission.plan_of_the_day()
    clauses = clauses_now(verified.scenario, told)
    sheet = terms_sheet(verified, "amiriyah", Printing(mission.NOW), clauses).body
    assert isinstance(sheet, TermsBody)
    assert "Where people are searched." not in [one.text for one in sheet.agreed]
    found = next(one for one in sheet.open if one.text == "Where people are searched.")
    assert found.differ
    assert {one.text for one in found.versions} == {HERE, THERE}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_party_that_nobody_has_heard_stands_beside_the_others(language: str) -> None:
    scenario = mission.aleppo()
    lines = {one.term: one for one in term_lines(scenario, {}, language)}
    for agreement in scenario.agreements:
        for clause in agreement.clauses:
            line = lines[clause.id]
            assert {one.party for one in line.versions} >= set(agreement.parties)
            unheard = [one for one in line.versions if one.words is None]
            assert len(unheard) == len(line.versions) - len(clause.versions)


def test_the_situation_report_marks_a_term_that_is_told_in_two_ways(login: Login) -> None:
    login("Head-1").post("/enter/term", data=sent())
    text = login("Head-1").get("/documents/sitrep.md").text
    row = next(one for one in text.splitlines() if "Where people are searched" in one)
    assert "agreed, VERSIONS DIFFER" in row
    assert "Searches at each post" in row
