"""What stands on the pages, and what they take in."""

from tests.board.conftest import Login


def test_the_wall_says_no_go_and_names_who_has_not_confirmed(login: Login) -> None:
    page = login("Head-1").get("/").text
    assert "NO-GO" in page
    assert "Allied militias on the road" in page
    assert "DRILL, NOT REAL" in page


def test_a_guarantee_is_entered_with_a_bare_hour(login: Login) -> None:
    client = login("Radio-1")
    form = {"party": "russia", "covers": "all", "until": "1930", "source.channel": "radio"}
    answer = client.post("/enter/guarantee", data=form)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["location"]).text
    assert "is in the record" in page
    assert "until 15.12. 19:30" in page


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_entered(login: Login) -> None:
    client = login("Radio-1")
    answer = client.post("/enter/guarantee", data={"party": "russia", "until": "when they like"})
    assert answer.status_code == 422
    assert "want a time of the room's clock: 14:30" in answer.text.replace("&#39;", "'")
    assert "when they like" in answer.text
