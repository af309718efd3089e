"""How well does the reader read? Its statements, facts and dates against labelled texts.

Run `python -m benchmarks.reader [FOLDER ...] [--set tuned|"held out"] [--json] [--misses]`. A
folder holds pairs NAME.txt and NAME.json in the label format of the first report. Without folders:
the practice texts of the project, the tuned and the held-out ones apart, and the first report where
the shared data lies beside the checkout.

One unit is one attribution. A content matches when the Jaccard of its code points with the
label's is at least 0.5, one to one; it is exact above 0.97; it is right "with speaker" when the
speaker's span covers at least half of the label's as well. A fact matches when kind and number
agree and the spans share at least half of the shorter one. Intervals are bootstraps over pages
(95 %, seed 7).
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safepassage.reader.opening import open_file
from safepassage.reader.reading import Reading, read

PRACTICE = Path(__file__).parents[1] / "tests" / "reader" / "practice"
FIRST = Path(__file__).parents[2] / "shared" / "data" / "reader"
CORE = frozenset(
    {
        "fleet",
        "people",
        "capacity",
        "distance",
        "duration",
        "origin",
        "destination",
        "time",
        "deadline",
        "casualties",
    }
)


@dataclass
class Score:
    """Counts of one page, which add up over pages."""

    page: str
    said: int = 0
    found: int = 0
    content: int = 0
    speaker: int = 0
    exact: int = 0
    facts: int = 0
    facts_found: int = 0
    facts_right: int = 0
    core: int = 0
    core_right: int = 0
    dates: int = 0
    dates_right: int = 0
    seconds: float = 0.0
    by_kind: dict[str, Counter[str]] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)


def points(spans: list[dict[str, Any]]) -> set[int]:
    """Return the code points of spans."""
    return {i for one in spans for i in range(one["start"], one["end"])}


def jaccard(one: set[int], other: set[int]) -> float:
    """Return shared over all."""
    return len(one & other) / len(one | other) if one or other else 0.0


def matched(scores: list[tuple[float, int, int]]) -> list[tuple[int, int, float]]:
    """Match one to one, the best first."""
    ours: set[int] = set()
    theirs: set[int] = set()
    pairs = []
    for score, i, j in sorted(scores, reverse=True):
        if i not in theirs and j not in ours:
            theirs.add(i)
            ours.add(j)
            pairs.append((i, j, score))
    return pairs


def score_statements(score: Score, gold: list[dict[str, Any]], reading: Reading) -> None:
    """Add the statements of a page."""
    labels = [points(one["contents"]) for one in gold]
    ours = [
        {i for part in one.content for i in range(part.start, part.end)}
        for one in reading.statements
    ]
    pairs = matched(
        [
            (jaccard(labels[i], ours[j]), i, j)
            for i in range(len(labels))
            for j in range(len(ours))
            if jaccard(labels[i], ours[j]) >= 0.5
        ]
    )
    optional = {i for i, one in enumerate(gold) if one.get("optional")}
    spare = {j for i, j, _ in pairs if i in optional}
    score.said += len(gold) - len(optional)
    score.found += len(ours) - len(spare)
    for i, j, value in pairs:
        if i in optional:
            continue
        score.content += 1
        score.exact += value > 0.97
        source, mine = gold[i].get("source"), reading.statements[j].speaker
        if source is None and mine is None:
            right = True
        elif source is None or mine is None:
            right = False
        else:
            label = points([source])
            right = 2 * len(label & set(range(mine.start, mine.end))) >= len(label)
        score.speaker += right
        if not right:
            score.misses.append(
                f"speaker {gold[i]['id']}: {source and source['text']!r} "
                f"read as {mine and mine.text!r}"
            )
        if value <= 0.97:
            score.misses.append(
                f"edges {gold[i]['id']} ({value:.2f}): {texts(gold[i])} read as "
                f"{[c.text for c in reading.statements[j].content]}"
            )
    seen = {i for i, _, _ in pairs}
    used = {j for _, j, _ in pairs}
    score.misses += [
        f"missed {one['id']}: {one['source'] and one['source']['text']!r} "
        f"{one['cue']['text']!r} {texts(one)}"
        for i, one in enumerate(gold)
        if i not in seen and i not in optional
    ]
    score.misses += [
        f"extra {one.class_name}: {one.speaker and one.speaker.text!r} {one.cue.text!r} "
        f"{[c.text for c in one.content]}"
        for j, one in enumerate(reading.statements)
        if j not in used
    ]


def texts(label: dict[str, Any]) -> list[str]:
    """Return the contents of a label as texts."""
    return [one["text"] for one in label["contents"]]


def numbers_agree(label: Any, value: Any) -> bool:
    """Whether a label's number, if it has one, is the value."""
    number = label.get("n") if isinstance(label, dict) else None
    if isinstance(number, int | float):
        return isinstance(value, int | float) and float(value) == float(number)
    return True


def score_facts(score: Score, gold: list[dict[str, Any]], reading: Reading) -> None:
    """Add the facts of a page."""
    candidates = []
    for i, label in enumerate(gold):
        here = label["span"]
        for j, one in enumerate(reading.facts):
            if one.kind != label["kind"] or not numbers_agree(label["value"], one.value):
                continue
            shared = min(here["end"], one.span.end) - max(here["start"], one.span.start)
            shorter = min(here["end"] - here["start"], one.span.end - one.span.start)
            if shared * 2 >= shorter > 0:
                longer = max(here["end"] - here["start"], one.span.end - one.span.start)
                candidates.append((shared / longer, i, j))
    pairs = matched(candidates)
    right = {i for i, _, _ in pairs}
    used = {j for _, j, _ in pairs}
    score.facts += len(gold)
    score.facts_found += len(reading.facts)
    score.facts_right += len(pairs)
    score.core += sum(one["kind"] in CORE for one in gold)
    score.core_right += sum(gold[i]["kind"] in CORE for i in right)
    for i, label in enumerate(gold):
        score.by_kind.setdefault(label["kind"], Counter())["right" if i in right else "missed"] += 1
        if i not in right:
            score.misses.append(
                f"missed fact {label['kind']} {label['value']} {label['span']['text']!r}"
            )
    for j, one in enumerate(reading.facts):
        if j not in used:
            score.by_kind.setdefault(one.kind, Counter())["extra"] += 1
            score.misses.append(f"extra fact {one.kind} {one.value} {one.unit} {one.span.text!r}")


def score_dates(score: Score, gold: list[dict[str, Any]], reading: Reading) -> None:
    """Add the dates of a page: only labels that state a day."""
    for label in gold:
        iso = label["value"].get("iso") if isinstance(label["value"], dict) else None
        if iso is None:
            continue
        score.dates += 1
        span = label["span"]
        near = [
            one
            for one in reading.times
            if min(span["end"], one.span.end) > max(span["start"], one.span.start)
        ]
        ok = any((one.resolved or "").startswith(str(iso)[:16]) for one in near)
        score.dates_right += ok
        if not ok:
            score.misses.append(
                f"date {span['text']!r} is {iso}, read as {[one.resolved for one in near]}"
            )


def score_page(text: Path, *, plainly: bool = False) -> Score:
    """Return the score of one labelled text."""
    gold = (
        json.loads(text.with_suffix(".json").read_text(encoding="utf-8"))
        if text.with_suffix(".json").exists()
        else json.loads((text.parent / f"gold_{text.stem}.json").read_text(encoding="utf-8"))
    )
    began = time.perf_counter()
    reading = read(open_file(text), plainly=plainly)
    score = Score(text.name, seconds=time.perf_counter() - began)
    score_statements(score, gold["statements"], reading)
    score_facts(score, gold["facts"], reading)
    score_dates(score, gold["facts"], reading)
    return score


def f1(right: int, found: int, said: int) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * right / (found + said) if found + said else 0.0


def summary(scores: list[Score]) -> dict[str, float]:
    """Return the measures over pages."""
    total = {
        name: sum(getattr(one, name) for one in scores)
        for name in (
            "said",
            "found",
            "content",
            "speaker",
            "exact",
            "facts",
            "facts_found",
            "facts_right",
            "core",
            "core_right",
            "dates",
            "dates_right",
        )
    }
    return {
        "content_f1": f1(total["content"], total["found"], total["said"]),
        "content_precision": total["content"] / max(1, total["found"]),
        "content_recall": total["content"] / max(1, total["said"]),
        "speaker_f1": f1(total["speaker"], total["found"], total["said"]),
        "exact_f1": f1(total["exact"], total["found"], total["said"]),
        "fact_recall": total["facts_right"] / max(1, total["facts"]),
        "fact_precision": total["facts_right"] / max(1, total["facts_found"]),
        "core_fact_recall": total["core_right"] / max(1, total["core"]),
        "dates_right": total["dates_right"] / max(1, total["dates"]),
        "pages": len(scores),
        "statements": total["said"],
        "facts": total["facts"],
        "dates": total["dates"],
        "median_seconds": sorted(one.seconds for one in scores)[len(scores) // 2],
    }


def intervals(scores: list[Score], runs: int = 1000) -> dict[str, tuple[float, float]]:
    """Return 95 % intervals of the measures by drawing pages with replacement."""
    rng = random.Random(7)
    drawn = [summary(rng.choices(scores, k=len(scores))) for _ in range(runs)]
    return {
        name: (
            sorted(one[name] for one in drawn)[int(0.025 * runs)],
            sorted(one[name] for one in drawn)[int(0.975 * runs)],
        )
        for name in ("content_f1", "speaker_f1", "exact_f1", "fact_recall", "fact_precision")
    }


def labelled(folder: Path, wanted: str | None) -> list[Path]:
    """Return the labelled texts of a folder, of one set if wanted."""
    found = []
    for text in sorted(folder.glob("*.txt")):
        label = text.with_suffix(".json")
        if not label.exists():
            label = folder / f"gold_{text.stem}.json"
        if not label.exists():
            continue
        if wanted is None or json.loads(label.read_text(encoding="utf-8")).get("set") == wanted:
            found.append(text)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--set", dest="wanted", choices=["tuned", "held out"])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--plainly", action="store_true")
    asked = parser.parse_args(arguments)
    groups: dict[str, list[Path]] = {}
    if asked.folders:
        for folder in asked.folders:
            groups[folder.name] = labelled(folder, asked.wanted)
    else:
        for name in [asked.wanted] if asked.wanted else ["tuned", "held out"]:
            groups[name] = labelled(PRACTICE, name)
        if FIRST.is_dir() and not asked.wanted:
            groups["first report"] = labelled(FIRST, None)
    answer: dict[str, Any] = {"format": "safepassage/benchmark/reader/1"}
    for name, texts in groups.items():
        if not texts:
            continue
        scores = [score_page(text, plainly=asked.plainly) for text in texts]
        answer[name] = summary(scores) | {"interval": intervals(scores)}
        if not asked.json:
            show(name, scores, misses=asked.misses)
    if asked.json:
        json.dump(answer, sys.stdout, indent=1)
        print()
    return 0


def show(name: str, scores: list[Score], *, misses: bool) -> None:
    """Print the measures of one group of pages."""
    measures, spread = summary(scores), intervals(scores)
    print(
        f"\n{name}: {measures['pages']} pages, {measures['statements']} statements, "
        f"{measures['facts']} facts"
    )
    for key, value in measures.items():
        if key in {"pages", "statements", "facts", "dates"}:
            continue
        if key == "dates_right" and not measures["dates"]:
            continue
        low, high = spread.get(key, (None, None))
        print(
            f"  {key:20} {value:6.3f}" + (f"  ({low:.3f} to {high:.3f})" if low is not None else "")
        )
    kinds: dict[str, Counter[str]] = {}
    for one in scores:
        for kind, counts in one.by_kind.items():
            kinds.setdefault(kind, Counter()).update(counts)
    print(
        "  "
        + "; ".join(
            f"{kind} {c['right']}/{c['right'] + c['missed']}+{c['extra']}"
            for kind, c in sorted(kinds.items())
        )
    )
    if misses:
        for one in scores:
            print(f"  -- {one.page}")
            for miss in one.misses:
                print(f"     {miss}")


if __name__ == "__main__":
    sys.exit(main())
