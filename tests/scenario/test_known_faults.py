"""Each kind of fault in a scenario, with the message worked out by hand."""

from pathlib import Path

import pytest

from safepassage.scenario.faults import Fault, ScenarioError
from safepassage.scenario.load import MOST_BYTES, load_scenario, parse
from tests.scenario.given import SMALL, faults_of, small

WITH_ZONE = "a time with its zone, e.g. 2016-12-15T08:00:00+02:00"
MOMENT = "or a time with its zone, e.g. 2016-12-15T14:30:00+02:00"

FAULTS = {
    "a word where a number is wanted": (
        ("slots = { seat = 50 }", 'slots = { seat = "many" }'),
        """vehicle[0].slots.seat (vehicle "buses"): got 'many', want a whole number, e.g. 50""",
    ),
    "a boolean where a number is wanted": (
        ("count = 4", "count = true"),
        'vehicle[0].count (vehicle "buses"): got true, want a whole number, e.g. 20',
    ),
    "a fraction of a person": (
        ("leave = 150", "leave = 150.0"),
        'group[0].leave (group "families"): got 150.0, want a whole number, e.g. 120',
    ),
    "a negative number": (
        ("capacity = 800", "capacity = -1"),
        'place[2].capacity (place "gym"): got -1, want a whole number from 0 to 10,000,000',
    ),
    "a million vehicles": (
        ("count = 4", "count = 1_000_000"),
        'vehicle[0].count (vehicle "buses"): got 1000000, want a whole number from 0 to 10,000',
    ),
    "a number too long for any machine": (
        ("count = 4", f"count = {10**40}"),
        (
            'vehicle[0].count (vehicle "buses"): got a number of more than 30 digits, '
            "want a whole number from 0 to 10,000"
        ),
    ),
    "an intake of nobody": (
        ("people = 250", "people = 0"),
        'place[2].intake.people (place "gym"): got 0, want a whole number from 1 to 10,000,000',
    ),
    "a number for a duration": (
        ('load = "15 min"', "load = 15"),
        (
            'vehicle[0].load (vehicle "buses"): got 15, '
            'want a duration in quotes with its unit, e.g. "15 min"'
        ),
    ),
    "a unit that is none": (
        ('time = "40 min"', 'time = "40 minutez"'),
        (
            "leg[1].time (leg \"on\"): got '40 minutez', want a duration with its unit "
            '(s, min, h, days), e.g. "66 min" or "1 h 30 min"; did you mean "minute"?'
        ),
    ),
    "a negative duration": (
        ('time = "40 min"', 'time = "-40 min"'),
        (
            "leg[1].time (leg \"on\"): got '-40 min', "
            'want a duration that is not negative, e.g. "66 min"'
        ),
    ),
    "a leg that takes no time": (
        ('time = "40 min"', 'time = "0 min"'),
        "leg[1].time (leg \"on\"): got '0 min', want a duration above zero",
    ),
    "a horizon of a year": (
        ('horizon = "12 h"', 'horizon = "365 days"'),
        "horizon: got '365 days', want at most 60 days",
    ),
    "seconds that overflow": (
        ('horizon = "12 h"', 'horizon = "999999999 days"'),
        (
            "horizon: got '999999999 days', want a duration with its unit (s, min, h, days), "
            'e.g. "66 min" or "1 h 30 min"'
        ),
    ),
    "a start without a zone": (
        ("06:00:00+03:00", "06:00:00"),
        f"start: got 2026-06-01 06:00:00, want {WITH_ZONE}",
    ),
    "a start that is no time": (
        ("2026-06-01T06:00:00+03:00", '"tomorrow"'),
        "start: got 'tomorrow', want a date and time with its zone, e.g. 2016-12-15T08:00:00+02:00",
    ),
    "an unknown zone": (
        (
            "start = 2026-06-01T06:00:00+03:00",
            'start = 2026-06-01T06:00:00\nzone = "Asia/Damascos"',
        ),
        (
            "zone: got 'Asia/Damascos', want a zone such as \"Asia/Damascus\"; "
            'did you mean "Asia/Damascus"?'
        ),
    ),
    "a zone that the offset contradicts": (
        ('horizon = "12 h"', 'horizon = "12 h"\nzone = "Europe/London"'),
        (
            "start: got 2026-06-01 06:00:00+03:00, want the offset of Europe/London at that time, "
            "2026-06-01T06:00:00+01:00"
        ),
    ),
    "a year that is none": (
        ("2026-06-01T06:00:00+03:00", "9999-06-01T06:00:00+03:00"),
        "start: got 9999-06-01 06:00:00+03:00, want a year from 1900 to 2200",
    ),
    "a time before the start": (
        ('time = "30 min"', "time = 2026-06-01T05:00:00+03:00"),
        "opening.time: got 2026-06-01 05:00:00+03:00, want a time that is not before the start",
    ),
    "a clock time where no day is known": (
        ('time = "30 min"', 'time = "06:30"'),
        (
            "opening.time: got '06:30', want a duration since the start with its unit "
            f'(s, min, h, days), e.g. "66 min" or "1 h 30 min", {MOMENT}'
        ),
    ),
    "an unknown key": (
        ('load = "15 min"', 'loadd = "15 min"\nload = "15 min"'),
        (
            'vehicle[0].loadd (vehicle "buses"): got an unknown key, want a key of this table; '
            'did you mean "load"?'
        ),
    ),
    "an unknown table": (
        ("[opening]", "[opeening]"),
        'opeening: got an unknown key, want a key of this table; did you mean "opening"?',
    ),
    "an unknown key of the rehearsal": (
        ("[opening]", "[rehearsal]\nhorizn = '3 days'\n[opening]"),
        'rehearsal.horizn: got an unknown key, want a key of this table; did you mean "horizon"?',
    ),
    "a law without support": (
        (
            "[opening]",
            '[rehearsal.truce]\nhalt={mean="9 h",at_least="2 h",at_most="1 h"}\n[opening]',
        ),
        (
            "rehearsal.truce.halt: got at_least above at_most, a law without support, want values "
            "that it can take"
        ),
    ),
    "a law with an infinite mean": (
        (
            "[opening]",
            '[rehearsal.truce]\nhalt = { least = "2 h", tail = 0.9 }\n[opening]',
        ),
        (
            "rehearsal.truce.halt: got a tail of 0.9, whose mean is infinite, want a tail above 1, "
            "or at_most: a rehearsal needs a finite mean"
        ),
    ),
    "a law by half": (
        ("[opening]", '[rehearsal.truce]\nhalt = { median = "2 h" }\n[opening]'),
        (
            "rehearsal.truce.halt: got median, want one of: value; low, likely, high; median, "
            "spread; mean; mean, shape; least, tail, e.g. "
            '{ median = "26 h", spread = 0.8, assumed = "why" }'
        ),
    ),
    "another format": (
        ("scenario/1", "scenario/2"),
        "format: got 'safepassage/scenario/2', want \"safepassage/scenario/1\"",
    ),
    "a table in the wrong brackets": (
        ("[opening]", "[[opening]]"),
        "opening: got a list of 1, want a table under [opening]",
    ),
    "a reference to nothing": (
        ('at = "school"\nclass', 'at = "scool"\nclass'),
        (
            "group[0].at (group \"families\"): got 'scool', want the id of a [[place]]; "
            'did you mean "school"?'
        ),
    ),
    "a source that is not listed": (
        ("capacity = 800", 'capacity = { value = 800, source = "hal" }'),
        (
            "place[2].capacity.source (place \"gym\"): got 'hal', want the id of a [[source]]; "
            'did you mean "hall"?'
        ),
    ),
    "an id that stands twice": (
        ('id = "post"', 'id = "school"'),
        (
            "place[1].id (place \"school\"): got 'school' again, "
            "want an id of its own (place[0] has it)"
        ),
    ),
    "an id with a space": (
        ('id = "day"', 'id = "day light"'),
        (
            "window[0].id (window \"day light\"): got 'day light', want an id of letters, digits, "
            '"-", "_" or ".", at most 64, without spaces, e.g. "depot-2"'
        ),
    ),
    "a window that closes before it opens": (
        ('opens = "06:00"\ncloses = "20:00"\ndaily = true', 'opens = "5 h"\ncloses = "3 h"'),
        "window[0].closes (window \"day\"): got '3 h', want later than it opens ('5 h')",
    ),
    "a daily window with a duration": (
        ('opens = "06:00"', 'opens = "6 h"'),
        'window[0].opens (window "day"): got \'6 h\', want a local time of day, e.g. "06:00"',
    ),
    "a window on nothing": (
        ('where = "all"', 'where = "raod"'),
        (
            "window[0].where (window \"day\"): got 'raod', want the id of a corridor, leg or place, "  # noqa: E501
            'or "all"; did you mean "road"?'
        ),
    ),
    "increments that do not add up": (
        ('["60 min", 50]', '["60 min", 40]'),
        'group[0].ready (group "families"): got 140 people in all, want 150, as many as `leave`',
    ),
    "increments whose times fall": (
        ('[["0 min", 100], ["60 min", 50]]', '[["60 min", 100], ["0 min", 50]]'),
        "group[0].ready[1][0] (group \"families\"): got '0 min', want times that rise",
    ),
    "a range that falls": (
        ("leave = 150", "leave = { low = 150, likely = 10, high = 200 }"),
        'group[0].leave (group "families"): got a range that falls, want low <= likely <= high',
    ),
    "half a range": (
        ("leave = 150", "leave = { low = 150 }"),
        (
            'group[0].leave (group "families"): got only low, '
            "want value, or low and high (and likely), or unknown"
        ),
    ),
    "a value and a range": (
        ("leave = 150", "leave = { value = 150, low = 1, high = 200 }"),
        (
            'group[0].leave (group "families"): got a value and a range, '
            "want either value, or low and high"
        ),
    ),
    "a figure sourced and assumed": (
        ("capacity = 800", 'capacity = { value = 800, source = "hall", assumed = "why" }'),
        (
            'place[2].capacity.assumed (place "gym"): got a source and an assumption, '
            "want one of the two"
        ),
    ),
    "an unknown figure with a value": (
        ("capacity = 800", 'capacity = { value = 800, unknown = "why" }'),
        (
            'place[2].capacity.value (place "gym"): got a figure that is also unknown, '
            "want either a number or unknown"
        ),
    ),
    "a group at a destination": (
        ('at = "school"\nclass', 'at = "gym"\nclass'),
        (
            'group[0].at (group "families"): got "gym", a destination, '
            "want a place that does not count as arrival"
        ),
    ),
    "a wish that is no destination": (
        ("consent =", 'wants = ["post"]\nconsent ='),
        (
            'group[0].wants (group "families"): got "post", which does not count as arrival, '
            "want places that count as arrival"
        ),
    ),
    "more households than people": (
        ("consent =", "households = 151\nconsent ="),
        (
            'group[0].households (group "families"): got 151 households, '
            "want at most 150, one for each who wishes to leave"
        ),
    ),
    "a weight for a side": (
        ("[opening]", "[weights]\nguard = 2\n[opening]"),
        (
            "weights.guard: got a weight for 'guard', which is no class, want a class of medical "
            "need or vulnerability; nobody counts more by side, party, place or anything else"
        ),
    ),
    "a weight for those who can walk": (
        ("[opening]", "[weights]\nwalking = 2\n[opening]"),
        "weights.walking: got 2, want 1: everyone is measured against walking",
    ),
    "a weight without a need": (
        ("[opening]", "[weights]\nown = 2\n[[class]]\nid = 'own'\nuses = {seat=1}\n[opening]"),
        (
            "weights.own: got a weight for 'own', which states no need, want in its [[class]] "
            'medical = "…" or vulnerability = "…": weights go by medical need or vulnerability only'
        ),
    ),
    "a need that is a side": (
        (
            "[opening]",
            (
                '[[class]]\nid = "own"\nuses = { seat = 1 }\nmedical = "of the Guard, wounded"\n'
                "[weights]\nown = 2\n[opening]"
            ),
        ),
        (
            "class[0].medical (class \"own\"): got a need that names the party 'guard', "
            "want a medical need or a vulnerability, whoever has it"
        ),
    ),
    "a weight without end": (
        ("[opening]", "[weights]\nstretcher = inf\n[opening]"),
        "weights.stretcher: got inf, want a finite number, e.g. 2",
    ),
    "a weight of a thousand": (
        ("[opening]", "[weights]\nstretcher = 1000\n[opening]"),
        "weights.stretcher: got 1000, want a number from 0 to 100",
    ),
    "a misspelt slot": (
        ("slots = { seat = 50 }", "slots = { seats = 50 }"),
        (
            "vehicle[0].slots.seats (vehicle \"buses\"): got the slot 'seats', which no class uses, "  # noqa: E501
            'want one of seat, stretcher, wheelchair, oxygen; did you mean "seat"?'
        ),
    ),
    "a need of an unknown kind": (
        ('needed_by = "convoy"', 'needed_by = "vehicle:buz"'),
        (
            'staff[0].needed_by (staff "escorts"): got \'vehicle:buz\', want "convoy", '
            '"vehicle:KIND", "class:CLASS" or "staff:KIND" of this file; did you mean "vehicle:bus"?'  # noqa: E501
        ),
    ),
    "staff that need themselves": (
        ('needed_by = "convoy"', 'needed_by = "staff:escort"'),
        (
            'staff[0].needed_by (staff "escorts"): got a circle: "escort" is needed by itself, '
            "want needs that end"
        ),
    ),
    "duty without rest": (
        ('needed_by = "convoy"', 'duty = "8 h"'),
        'staff[0].rest (staff "escorts"): got nothing, want duty and rest together, or neither',
    ),
    "legs that do not chain": (
        ('legs = ["out", "on"]', 'legs = ["out", "far"]'),
        (
            'corridor[0].legs[1] (corridor "road"): got "far", which does not touch "post", '
            "want legs that chain from end to end, in order"
        ),
    ),
    "a leg to where it starts": (
        ('to = "post"', 'to = "school"'),
        'leg[0].to (leg "out"): got "school", where it starts, want another place',
    ),
    "a checkpoint behind the end of its leg": (
        ('time = "40 min"', 'time = "40 min"\nthrough = [{checkpoint="post", after="41 min"}]'),
        (
            'leg[1].through[0] (leg "on"): got passed after 41 min, '
            "want at most 40 min, the driving time of the leg"
        ),
    ),
    "two corridors on the only way": (
        (
            'legs = ["out", "on"]\nconvoy = { largest = 12, headway = "30 min" }',
            'legs = ["out"]\n[[corridor]]\nid = "second"\nlegs = ["on"]',
        ),
        (
            'group[0].at (group "families"): got a place whose only way out runs through corridors '
            "road, second, want one corridor (with the legs of both), or a staging place between "
            "them: a way uses at most one corridor"
        ),
    ),
    "a leg in two corridors": (
        ("[[group]]", '[[corridor]]\nid = "second"\nlegs = ["on"]\n[[group]]'),
        (
            'corridor[1].legs[0] (corridor "second"): got "on", which is in corridor "road", '
            "want a leg of this corridor only: a way uses at most one corridor"
        ),
    ),
    "a law that rises": (
        (
            'law = "exponential"\nmean = "4 h"',
            'law = "table"\ntable = [["1 h", 0.5], ["2 h", 0.6]]',
        ),
        (
            "ending.table[1][1]: got 0.6 after 0.5, "
            "want chances that do not rise: what has ended does not hold again"
        ),
    ),
    "a law without its mean": (
        ('mean = "4 h"', ""),
        "ending.mean: got nothing, want a mean: the law 'exponential' rests on it",
    ),
    "a law with what it does not use": (
        ('law = "exponential"', 'law = "never"'),
        "ending.mean: got a mean with the law 'never', want none: this law does not use it",
    ),
    "a version by a party of no agreement": (
        (
            "[[place]]",
            (
                '[[party]]\nid = "town"\n[[agreement]]\nid = "a"\nparties = ["guard"]\n'
                'clauses = [{ id = "1", text = "x", state = "open", versions = { town = "y" } }]\n'
                "[[place]]"
            ),
        ),
        (
            "agreement[0].clauses[0].versions.town (agreement \"a\"): got 'town', "
            "which is not in this agreement, want one of its parties"
        ),
    ),
    "a version by an unknown party": (
        (
            "[[place]]",
            (
                '[[agreement]]\nid = "a"\nparties = ["guard"]\n'
                'clauses = [{ id = "1", text = "x", state = "open", versions = { guarx = "y" } }]\n'
                "[[place]]"
            ),
        ),
        (
            "agreement[0].clauses[0].versions.guarx (agreement \"a\"): got 'guarx', "
            'want the id of a [[party]]; did you mean "guard"?'
        ),
    ),
    "a position off the earth": (
        ("capacity = 800", "position = { lat = 91, lon = 0 }"),
        'place[2].position.lat (place "gym"): got 91, want a number from -90 to 90 degrees',
    ),
    "a range in two units": (
        ('load = "15 min"', 'load = "15 min"\nrange = { low = "100 km", high = "8 h" }'),
        'vehicle[0].range (vehicle "buses"): got a range that falls, want low <= likely <= high',
    ),
    "a range in km on legs without km": (
        ('load = "15 min"', 'load = "15 min"\nrange = "300 km"'),
        (
            'leg[0].km (leg "out"): got nothing, want the length, e.g. 6.8: '
            'the range of "bus" is stated in km'
        ),
    ),
    "nothing to carry people with": (
        ("count = 4", "count = 0"),
        "vehicle: got 0 vehicles in all, want at least one vehicle",
    ),
    "no place to arrive at": (
        ('kind = "shelter"', 'kind = "staging"'),
        (
            "place: got no place that counts as arrival, "
            "want a shelter or a hospital, or a place with arrived = true"
        ),
    ),
    "text where a table is wanted": (
        ('intake = { people = 250, per = "30 min" }', 'intake = "250 per 30 min"'),
        (
            "place[2].intake (place \"gym\"): got '250 per 30 min', "
            'want a table, e.g. { people = 300, per = "30 min" }'
        ),
    ),
    "yes for true": (
        ("daily = true", 'daily = "yes"'),
        "window[0].daily (window \"day\"): got 'yes', want true or false, without quotes",
    ),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_this_fault_is_named_with_its_path_what_was_found_and_what_is_wanted(kind):
    change, message = FAULTS[kind]
    text = small(change)
    if '"far"' in text:
        text += '\n[[place]]\nid = "depot"\nkind = "depot"\n'
        text += '[[leg]]\nid = "far"\nfrom = "depot"\nto = "gym"\ntime = "2 h"\n'
    assert message in faults_of(text)


def test_the_scenario_that_the_faults_are_put_into_has_none():
    assert faults_of(SMALL) == []


def test_all_faults_are_named_at_once():
    text = small(
        ("slots = { seat = 50 }", 'slots = { seat = "many" }'),
        ("06:00:00+03:00", "06:00:00"),
        ('at = "school"\nclass', 'at = "scool"\nclass'),
        ('id = "post"', 'id = "school"'),
    )
    found = faults_of(text)
    assert [one.split(":")[0].split(" (")[0] for one in found] == [
        "place[1].id",
        "start",
        # Both legs still name "post", which is gone.
        "leg[0].to",
        "leg[1].from",
        "group[0].at",
        "vehicle[0].slots.seat",
    ]


def test_a_missing_key_is_named_and_unknown_is_offered():
    found = faults_of(small(("count = 4\n", "")))
    assert found == [
        (
            'vehicle[0].count (vehicle "buses"): got nothing, want a number, e.g. 20; '
            'where nobody knows, { unknown = "why" }'
        )
    ]


def test_an_empty_file_names_what_every_scenario_needs():
    paths = {one.split(":")[0] for one in faults_of("")}
    assert paths == {"format", "name", "start", "horizon", "vehicle", "group", "place"}


def test_an_empty_fleet_is_a_fault():
    fleet = SMALL[SMALL.index("[[vehicle]]") : SMALL.index("[[staff]]")]
    found = faults_of(SMALL.replace(fleet, "").replace("bays = { bus = 3 }", ""))
    assert found == ["vehicle: got no vehicle, want at least one [[vehicle]]"]


def test_staff_of_one_kind_share_their_needs_and_their_duty():
    more = '\n[[staff]]\nid = "more"\nkind = "escort"\ncount = 1\nat = "school"\n'
    assert faults_of(SMALL + more) == [
        (
            'staff[1].needed_by (staff "more"): got another value than in staff "escorts" of the '
            "same kind, want the same: what needs a kind, and its duty, belong to the kind"
        )
    ]


def test_two_corridors_with_a_staging_place_between_them_are_no_fault():
    text = small(
        ('id = "post"\nkind = "checkpoint"', 'id = "post"\nkind = "staging"'),
        (
            'legs = ["out", "on"]\nconvoy = { largest = 12, headway = "30 min" }',
            'legs = ["out"]\n[[corridor]]\nid = "second"\nlegs = ["on"]',
        ),
    )
    assert faults_of(text) == []


def test_a_corridor_against_its_one_way_legs_is_a_fault():
    text = small(
        ('time = "20 min"', 'time = "20 min"\none_way = true'),
        ('from = "post"\nto = "gym"', 'from = "gym"\nto = "post"\none_way = true'),
    )
    assert (
        'corridor[0].legs[1] (corridor "road"): got "on", one way against another leg that is '
        "one way, want legs that chain from end to end, in order"
    ) in faults_of(text)


def test_a_hostile_id_cannot_colour_or_turn_what_a_terminal_shows():
    text = small(('id = "school"', 'id = "sch\\u001b[31m\\u202eool"'))
    found = "\n".join(faults_of(text))
    assert "\x1b" not in found
    assert "\u202e" not in found
    assert "sch\\x1b[31m\\u202eool" in found


def test_text_that_is_not_toml_is_named_with_line_and_column():
    text = SMALL.replace('horizon = "12 h"', 'horizon = "12 h')
    with pytest.raises(ScenarioError) as caught:
        parse(text.encode(), "small.toml")
    # The quote opened in line 5 is still open where the line ends, after 15 characters.
    assert caught.value.faults[0].path == "small.toml, line 5, column 16"
    assert caught.value.faults[0].wanted == "TOML"


def test_text_that_stops_in_the_middle_is_named_with_its_end():
    with pytest.raises(ScenarioError) as caught:
        parse(b'name = "x"\nplace = [', "small.toml")
    assert caught.value.faults[0].path == "small.toml, line 2, column 10"


def test_bytes_that_are_not_utf8_are_named_with_their_line():
    with pytest.raises(ScenarioError) as caught:
        parse('name = "é"\nsummary = "é"'.encode("latin-1"), "small.toml")
    assert caught.value.faults == (
        Fault("small.toml", "a byte that is not UTF-8 in line 1", "a text file saved as UTF-8"),
    )


def test_a_mark_of_byte_order_at_the_front_is_no_fault():
    assert parse(b"\xef\xbb\xbf" + SMALL.encode(), "small.toml")["name"] == "Small"


def test_lists_without_end_are_a_fault_and_not_a_crash():
    with pytest.raises(ScenarioError):
        parse(b"a = " + b"[" * 5000, "small.toml")


def test_a_number_of_thousands_of_digits_is_a_fault_and_not_a_crash():
    with pytest.raises(ScenarioError):
        parse(b"a = " + b"9" * 5000, "small.toml")


def test_a_missing_file_says_what_is_wanted(tmp_path: Path):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "nothing")
    assert str(caught.value) == (
        f"{tmp_path / 'nothing'}: got no such file, want a folder with scenario.toml, or that file"
    )


def test_a_folder_without_a_scenario_names_the_file_that_is_missing(tmp_path: Path):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path)
    assert caught.value.faults[0].path == str(tmp_path / "scenario.toml")


def test_a_folder_in_the_place_of_the_file_is_a_fault(tmp_path: Path):
    (tmp_path / "scenario.toml").mkdir()
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path)
    assert caught.value.faults[0].found == "is a directory"


def test_a_file_far_too_long_is_refused_before_it_is_read(tmp_path: Path):
    file = tmp_path / "scenario.toml"
    with file.open("wb") as opened:
        opened.truncate(MOST_BYTES + 1)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert caught.value.faults[0].found == "more than 8 MiB"


@pytest.mark.parametrize("name", ['"my\\u0007town"', f'"{"a" * 30_000}"', '"  "', "7", "[]"])
def test_a_faulty_name_is_one_fault_and_not_two(name):
    assert len(faults_of(small(('name = "Small"', f"name = {name}")))) == 1


def test_a_name_that_is_a_number_may_be_a_text_or_names_by_language():
    (one,) = faults_of(small(('name = "Small"', "name = 7")))
    assert one.startswith("name: got 7, want a text in quotes, or names by language")


def test_a_table_written_once_and_then_as_rows_is_told_how_rows_begin():
    text = small(("[[place]]", "[place]")).replace("[[place]]", "[place]", 1)
    with pytest.raises(ScenarioError) as caught:
        parse(text.encode(), "scenario.toml")
    assert "got something that is there already" in str(caught.value)
    assert "want each key and each [table] once; rows of a table all begin with [[…]]" in str(
        caught.value
    )


def test_a_key_that_stands_twice_is_told_that_once_is_enough():
    text = small(("[opening]", '[opening]\ntime = "9 min"'))
    with pytest.raises(ScenarioError) as caught:
        parse(text.encode(), "scenario.toml")
    assert "got something that is there already" in str(caught.value)


def test_a_zone_that_is_none_is_offered_the_nearest_names_by_their_city():
    zone = 'name = "Small"\nzone = '
    found = faults_of(small(('name = "Small"', f'{zone}"Asia/Damaskus"')))
    assert found[0].endswith('did you mean "Asia/Damascus"?')
    # No zone is called after Aleppo, and the shared "Asia/" makes none of them near.
    (one,) = faults_of(small(('name = "Small"', f'{zone}"Asia/Allepo"')))
    assert one == (
        "zone: got 'Asia/Allepo', want a zone such as \"Asia/Damascus\"; zones are named after one "
        "large city of a country"
    )
    found = faults_of(small(('name = "Small"', f'{zone}"Asia/bagdad"')))
    assert found[0].endswith('did you mean "Asia/Baghdad"?')


def test_a_missing_mark_in_the_file_is_said_as_what_is_wanted():
    with pytest.raises(ScenarioError) as caught:
        parse(b"format\n", "scenario.toml")
    assert "got something else, want '=' after a key" in str(caught.value)
