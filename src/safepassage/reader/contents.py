"""What was said: the spans of the content of a cue."""

import re

from safepassage.reader.cues import Cue, is_cue_lemma, shares_speaker
from safepassage.reader.parsing import Tree, Word
from safepassage.reader.quotes import Quote
from safepassage.reader.speakers import Speaker
from safepassage.reader.tables import words
from safepassage.reader.text import Span, Stored
from safepassage.reader.trailing import trailing_attribution

FARTHEST = 160
"""Characters between a quote and its cue: beyond, they do not belong together."""

_SENTENCE_END = re.compile(r"[.!?][”\"’)]?\s+(?=[A-Z“\"0-9])")
_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|St|Gen|Gov|Lt|Col|Sgt|Rev|Sen|Rep|Capt|Maj|No|a\.m|p\.m|U\.S|U\.N|[A-Z])\.$"
)


def content_of(
    stored: Stored,
    tree: Tree,
    cue: Cue,
    speaker: Speaker | None,
    quotes: list[Quote],
    taken: list[Quote],
) -> tuple[Span, ...]:
    """Return the spans of what was said; none where the cue says nothing."""
    if cue.form == "according":
        return _around(stored, tree, cue)
    if cue.form == "passed on":
        return _before(stored, tree, cue)
    if cue.form == "figure":
        thing = tree.kids(cue.word, "dobj")[0]
        last = cue.prep.right if cue.prep is not None else thing.right
        return _span(stored, tree, thing.left, max(last, thing.right))
    if cue.form in {"given", "taken", "handed", "doubts remain"}:
        return _of_noun(stored, tree, cue)
    quoted = _quote_near(stored, cue, speaker, quotes, taken)
    if quoted:
        lead = stored.text[cue.end : quoted[0].start]
        if "to" in cue.frames and len(lead.split()) >= 4 and lead.rstrip().endswith(":"):
            # 'urged residents not to wait: "..."': both are what was said.
            return (trimmed_content(stored, cue.end, quoted[0].start), *quoted)
        return quoted
    if cue.quote_only:
        return ()
    trailing = _trailing(stored, tree, cue, speaker) or _within(stored, tree, cue, speaker)
    if trailing:
        return trailing
    if "naming" in cue.frames:
        return _naming(stored, tree, cue)
    if cue.form == "with" and cue.prep is not None:
        return _with(stored, tree, cue, cue.prep)
    return _by_frames(stored, tree, cue, speaker)


def _trailing(stored: Stored, tree: Tree, cue: Cue, speaker: Speaker | None) -> tuple[Span, ...]:
    """Return the sentence before ', X said' at its end, where the tree shows no clause.

    The tree often takes "..., witnesses and officials said" for one long list.
    """
    before = any(one.i < cue.word.i for one in tree.kids(cue.word, "ccomp"))
    if "clause" not in cue.frames or before or speaker is None:
        return ()
    first, end = tree.sentence(cue.word)
    found = trailing_attribution(tree, first, end)
    if found is None or found[1] != cue.word.i:
        return ()
    return _span(stored, tree, first, found[0] - 1)


def _within(stored: Stored, tree: Tree, cue: Cue, speaker: Speaker | None) -> tuple[Span, ...]:
    """Return both parts of "Firefighters, he added, would come at dawn"."""
    first, end = tree.sentence(cue.word)
    after = cue.word.i + 1
    if "clause" not in cue.frames or speaker is None or after >= end - 2:
        return ()
    if tree.words[after].text != ",":
        return ()
    comma = next((i for i in range(cue.word.i - 1, first, -1) if tree.words[i].text == ","), None)
    if comma is None or not 1 <= cue.word.i - comma - 1 <= 9:
        return ()
    inside, before = tree.words[comma + 1 : cue.word.i], tree.words[first:comma]
    rest = tree.words[after + 1 : end]
    finite = {"VBD", "VBZ", "VBP", "MD"}
    if any(one.verb for one in inside) or any(one.tag in finite for one in before):
        return ()
    if not any(one.tag in finite for one in rest) or speaker.head.i < comma:
        return ()
    return (*_span(stored, tree, first, comma - 1), *_span(stored, tree, after + 1, end - 1))


def _quote_near(
    stored: Stored,
    cue: Cue,
    speaker: Speaker | None,
    quotes: list[Quote],
    taken: list[Quote],
) -> tuple[Span, ...]:
    """Return the quoted sentence next to the cue."""
    if "clause" not in cue.frames and not cue.quote_only and cue.class_name != "order":
        return ()
    first = min(cue.start, speaker.span.start if speaker is not None else cue.start)
    last = max(cue.end, speaker.span.end if speaker is not None else cue.end)
    for quote in quotes:
        if not quote.whole or quote in taken:
            continue
        if quote.end <= first and first - quote.end <= FARTHEST:
            between = stored.text[quote.end : first]
            if _breaks(between) or re.search(r"[.;]\s*$", between):
                continue
            ended = re.search(r"[.!?]$", stored.text[quote.start : quote.end - 1].rstrip('”"'))
            # "Go!" she said: an attribution is short; what is longer is a sentence of its own.
            if ended and first - quote.end > 60:
                continue
            taken.append(quote)
            return (stored.span(quote.start, quote.end),)
        if quote.start >= last and quote.start - last <= FARTHEST:
            between = stored.text[last : quote.start]
            if _breaks(between) or not re.search(r"[:,]\s*$|\bthat\s*$|^\s*$", between):
                continue
            taken.append(quote)
            return (stored.span(quote.start, quote.end),)
    return ()


def _breaks(between: str) -> bool:
    """Whether a sentence ends in the text between."""
    return any(
        not _ABBREVIATION.search(between[: found.start() + 1])
        for found in _SENTENCE_END.finditer(between)
    )


def extended_by_quotes(
    stored: Stored,
    cue: Cue,
    content: tuple[Span, ...],
    quotes: list[Quote],
    taken: list[Quote],
) -> tuple[Span, ...]:
    """Add the quoted sentences that follow in the same paragraph without a cue of their own."""
    if not any(quote.start <= content[0].start and content[0].end <= quote.end for quote in taken):
        return content
    at = max(cue.end, content[-1].end)
    spans = list(content)
    for quote in quotes:
        if not quote.whole or quote in taken or quote.start < at:
            continue
        between = stored.text[at : quote.start]
        # Up to the end of the attribution, and no other sentence between.
        if len(between) > 2 * FARTHEST or len(_SENTENCE_END.findall(between)) > 1:
            break
        attributed = stored.text[quote.end : quote.end + 40]
        if re.match(
            r",?[ ]+(?:[\w.’'-]+[ ]+){0,3}(?:said|says|added|told)\b", attributed
        ) and not re.match(r",?[ ]+(?:he|she|they)[ ]+(?:said|says|added)\b", attributed):
            break
        if (
            re.search(r"\b(?:said|says|told|added|warned|asked)\b[^.]*[:,]\s*$", between)
            and cue.end < at
        ):
            break
        spans.append(stored.span(quote.start, quote.end))
        taken.append(quote)
        at = quote.end
    return tuple(sorted(spans))


def _span(stored: Stored, tree: Tree, left: int, right: int) -> tuple[Span, ...]:
    """Return the span of the words from left to right, without the end mark of the sentence."""
    if right < left:
        return ()
    start, end = tree.words[left].start, tree.words[right].end
    span = trimmed_content(stored, start, end)
    return (span,) if len(span.text) >= 3 else ()


_LEAD = re.compile(
    r"(?:(?:late |early )?(?:on )?(?:late |early )?(?:(?:last |"
    r"this )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: morning|"
    r" afternoon| evening| night)?"
    r"|yesterday|today|tonight)|in an? (?:\w+ )?(?:statement|"
    r"interview|post|tweet|message|briefing|report)(?: (?:on|"
    r"to) [A-Z]\w+(?: \w+day)?)?"
    r"|by (?:telephone|phone|radio|email)|at a (?:news|press) (?:conference|briefing))"
    r"(?:,)? (?:that )?(?=[a-z“\"A-Z0-9])"
)


_BORROWED = re.compile(r" ?(?P<quote>[“\"][^“”\"\n]{2,80}[”\"])(?=[.]?(?:\s*$|\s+[A-Z“]|\n))")


def trimmed_content(stored: Stored, start: int, end: int) -> Span:
    """Return a content span: no space, comma or stop at its ends, quote marks kept in pairs.

    When and where it was said ("on Sunday", "in a statement") is no part of what was said.
    """
    lead = _LEAD.match(stored.text, start, end)
    if (
        lead is not None
        and end - lead.end() > 10
        and re.match(
            r"(?:to|it|he|she|they|we|the|a|an|its|that|[A-Z“\"]\w*|\d)", stored.text[lead.end() :]
        )
    ):
        start = lead.end()
    span = stored.trimmed(start, end, ",;:.—–-")
    text = stored.text
    borrowed = _BORROWED.match(text, span.end)
    if borrowed is not None and borrowed.start("quote") - span.end <= 1:
        # 'to rebuild the dam “come what may”': borrowed words at the end of the sentence.
        span = stored.span(span.start, borrowed.end("quote"))
    if re.search(r"\b[ap]\.m$|\bU\.[SN]$", span.text) and text[span.end : span.end + 1] == ".":
        span = stored.span(span.start, span.end + 1)
    # A quote mark that the tree left outside belongs to the words that it closes.
    while span.end < len(text) and text[span.end] in ',.”"':
        inside = text[span.start : span.end]
        mark = re.match(r"[,.]?([”\"])", text[span.end : span.end + 2])
        if mark is None:
            break
        opened = (
            inside.count("“") > inside.count("”") if mark[1] == "”" else inside.count('"') % 2 == 1
        )
        if not opened:
            break
        span = stored.span(span.start, span.end + len(mark[0]))
    if span.start > 0 and text[span.start - 1] in '“"':
        inside = span.text
        closing = "”" if text[span.start - 1] == "“" else '"'
        if (
            inside.count(closing) > inside.count("“")
            if closing == "”"
            else inside.count('"') % 2 == 1
        ):
            span = stored.span(span.start - 1, span.end)
    return span


def _before(stored: Stored, tree: Tree, cue: Cue) -> tuple[Span, ...]:
    """Return the sentence up to the cue: what a wrapper passes on."""
    first, _ = _sentence(tree, cue.word)
    return _span(stored, tree, first, cue.word.i - 1)


def _sentence(tree: Tree, word: Word) -> tuple[int, int]:
    """Return the sentence of a word, quotes that end in a comma joined to what follows."""
    first, end = tree.sentence(word)
    while first > 0 and tree.words[first - 1].text not in {".", "!", "?", '."'}:
        before = tree.words[first - 1]
        if before.text == '"' and first > 1 and tree.words[first - 2].text in {".", "!", "?"}:
            break
        if before.text in {".", "!", "?"}:
            break
        first = tree.sentence(before)[0]
    return first, end


def _around(stored: Stored, tree: Tree, cue: Cue) -> tuple[Span, ...]:
    """Return the clause that 'according to' hangs on, without the phrase itself."""
    first, end = _sentence(tree, cue.word)
    to = cue.prep
    last = to.right if to is not None else cue.word.i
    if cue.word.i <= first + 1:
        # At the head of its sentence: everything after the comma.
        at = last + 1
        for i in range(cue.word.i, min(end, last + 1)):
            if tree.words[i].text == "," and any(one.verb for one in tree.words[i + 1 : end]):
                at = i + 1
                break
        return _span(stored, tree, at, end - 1)
    head = tree.head(cue.word)
    left = first
    verb = head if head.verb else next((one for one in tree.ancestors(head) if one.verb), head)
    if (
        verb.dep == "conj"
        and verb.verb
        and tree.kids(verb, "nsubj", "nsubjpass")
        and verb.left > first
    ):
        left = verb.left
        while left < cue.word.i and tree.words[left].dep in {"cc", "punct"}:
            left += 1
    elif verb.dep in {"advcl", "relcl"} and verb.left < cue.word.i and verb.i < cue.word.i:
        left = (
            verb.left
            if verb.dep == "advcl" and tree.words[verb.left].dep == "mark" and verb.left > first
            else first
        )
    stop = cue.word.i - 1
    while stop > left and tree.words[stop].text in {",", "-", "—", "–"}:
        stop -= 1
    if (
        tree.words[left].dep == "mark"
        and left > first
        and tree.words[left].low in {"while", "although", "though", "but"}
    ):
        left += 1
    return _span(stored, tree, left, stop)


def _of_noun(stored: Stored, tree: Tree, cue: Cue) -> tuple[Span, ...]:
    """Return the content of a noun cue: its clause, or else the noun phrase."""
    noun = cue.word
    if cue.form == "doubts remain":
        verb = tree.head(noun)
        for prep in tree.kids(verb, "prep") + tree.kids(noun, "prep"):
            if prep.low in {"over", "about", "on", "as"} and prep.right > prep.i:
                return _span(stored, tree, prep.i + 1, prep.right)
        return ()
    if cue.class_name == "doubt":
        for prep in tree.kids(noun, "prep") + tree.kids(tree.head(noun), "prep"):
            if prep.low in {"over", "about", "on"} and prep.i > noun.i and prep.right > prep.i:
                return _span(stored, tree, prep.i + 1, prep.right)
    clauses = [one for one in tree.kids(noun, "acl", "ccomp", "relcl") if one.i > noun.i]
    if cue.form == "handed":
        given = [one for one in clauses if one.dep == "acl" and one.tag == "VBN"]
        clauses = [inner for one in given for inner in tree.kids(one, "ccomp")] + [
            one for one in clauses if one not in given
        ]
    clauses += [one for one in tree.kids(tree.head(noun), "ccomp", "xcomp") if one.i > noun.i]
    for clause in clauses:
        left = clause.left
        while (
            tree.words[left].low == "that"
            and tree.words[left].dep in {"mark", "nsubj"}
            and left < clause.i
        ):
            left += 1
        if clause.dep == "relcl" and left == clause.left:
            continue
        return _span(stored, tree, left, clause.right)
    right = noun.right
    for prep in tree.kids(tree.head(noun), "prep", "dative"):
        if (
            prep.i == right + 1
            and prep is not cue.prep
            and prep.low in {"for", "to", "of", "about", "over", "on"}
        ):
            right = prep.right
    if cue.form == "taken" and cue.prep is not None and cue.prep.i > noun.i:
        after = [one for one in tree.kids(noun, "prep") if one.i > cue.prep.right]
        return (
            _span(stored, tree, after[0].i + 1, after[0].right)
            if after
            else _span(stored, tree, noun.left, cue.prep.i - 1)
        )
    following = tree.words[right + 1 : right + 2]
    if any(one.tag in {"VBG", "TO"} or one.text in {"at", "for"} for one in following):
        # "signed an order at noon commandeering all buses"
        right = _farther(tree, tree.head(noun), right)
    return _span(stored, tree, noun.left, right)


def _naming(stored: Stored, tree: Tree, cue: Cue) -> tuple[Span, ...]:
    """Return what a quote says of a thing: 'called the report “exaggerated.”'."""
    _, end = tree.sentence(cue.word)
    rest = stored.text[cue.end : tree.words[end - 1].end]
    found = re.match(
        r"\s+(?:the|a|an|it|this|that|his|her|their)\b[^“\"\n.;]{0,60}[“\"][^”\"\n]{2,80}[”\"]",
        rest,
    )
    if found is None:
        return ()
    return (stored.trimmed(cue.end, cue.end + found.end()),)


def _with(stored: Stored, tree: Tree, cue: Cue, prep: Word) -> tuple[Span, ...]:
    """Return what follows 'for', 'of', 'on' after a cue."""
    right = prep.right
    for more in tree.kids(cue.word, "xcomp", "advcl"):
        if more.i > prep.i and any(one.low == "to" for one in tree.kids(more, "aux")):
            right = max(right, more.right)
    start = prep.i if prep.low in {"to", "against"} else prep.i + 1
    thing = next((one for one in tree.kids(cue.word, "dobj") if cue.word.i < one.i < prep.i), None)
    if thing is not None:
        start = thing.left
    return _span(stored, tree, start, _shared_out(tree, cue, start, right))


def _by_frames(stored: Stored, tree: Tree, cue: Cue, speaker: Speaker | None) -> tuple[Span, ...]:
    """Return the content that a verb's frames allow, the likeliest first."""
    verb = cue.word
    clause = _clause(tree, cue)
    if clause is not None and ("clause" in cue.frames or _infinitive(tree, clause)):
        return _of_clause(stored, tree, cue, clause, speaker)
    things = [
        one for one in tree.kids(verb, "dobj", "attr", "oprd") if one.i > verb.i or cue.passive
    ]
    if "to" in cue.frames:
        infinitive = next(
            (
                one
                for one in tree.kids(verb, "xcomp", "advcl")
                if _infinitive(tree, one) and one.i > verb.i
            ),
            None,
        )
        if infinitive is None and things:
            infinitive = next(
                (one for one in tree.kids(things[0], "acl", "relcl") if _infinitive(tree, one)),
                None,
            )
        if infinitive is not None:
            if cue.passive:
                return _span(stored, tree, infinitive.left, infinitive.right)
            left = min([infinitive.left] + [one.left for one in things if one.i > verb.i])
            right = _without_background(
                tree,
                infinitive,
                _shared_out(tree, cue, left, _farther(tree, verb, infinitive.right)),
            )
            return _span(stored, tree, left, right)
    if "of" in cue.frames:
        target = things[0] if things else next(iter(tree.kids(verb, "nsubjpass")), None)
        preps = [one for one in tree.kids(verb, "prep") if one.low in {"of", "for", "on"}]
        if target is not None:
            preps += [one for one in tree.kids(target, "prep") if one.low in {"of", "for"}]
        if target is not None and preps:
            left = preps[0].i if cue.passive else target.left
            right = max(preps[-1].right, target.right if not cue.passive else 0)
            right = _before_as(tree, left, _shared_out(tree, cue, left, right))
            return _span(stored, tree, left, right)
        if target is None or "thing" not in cue.frames:
            return ()
    if "thing" in cue.frames and not cue.needs_clause:
        if cue.passive and speaker is not None:
            moved = next(iter(tree.kids(verb, "nsubjpass")), None)
            return _span(stored, tree, moved.left, moved.right) if moved is not None else ()
        if things and things[0].low not in words("frames", "speaker", "addressees"):
            thing = things[0]
            right = _shared_out(tree, cue, thing.left, _farther(tree, verb, thing.right))
            right = _without_background(tree, thing, right)
            return _span(stored, tree, thing.left, right)
        gerund = next(
            (
                one
                for one in tree.kids(verb, "xcomp", "pcomp", "advcl")
                if one.tag == "VBG" and one.i > verb.i and one.i - verb.i < 4
            ),
            None,
        )
        if gerund is not None:
            return _span(stored, tree, gerund.left, gerund.right)
    if "clause" in cue.frames:
        return _by_place(stored, tree, cue, speaker)
    return ()


def _infinitive(tree: Tree, word: Word) -> bool:
    return any(one.low == "to" for one in tree.kids(word, "aux"))


def _clause(tree: Tree, cue: Cue) -> Word | None:
    """Return the clause that is said: a complement of the cue, the nearest that can be one."""
    found = tree.kids(cue.word, "ccomp")
    if not found and cue.word.lemma in {"claim", "say", "report", "admit", "deny"}:
        found = [one for one in tree.kids(cue.word, "xcomp") if _infinitive(tree, one)]
    found = [one for one in found if one.right - one.left >= 1]
    return found[-1] if found else None


def _of_clause(
    stored: Stored, tree: Tree, cue: Cue, clause: Word, speaker: Speaker | None
) -> tuple[Span, ...]:
    """Return the span of a clause before or after its cue."""
    verb = cue.word
    if clause.i < verb.i and cue.negated:
        # "...; they had not replied": what stands before is not what they said.
        return ()
    if clause.i < verb.i:
        return _preposed(stored, tree, cue, speaker, clause.left)
    left, right = clause.left, clause.right
    left = max(left, verb.i + 1)
    while left < right and (
        (tree.words[left].low == "that" and tree.words[left].dep == "mark")
        or (tree.words[left].dep == "punct" and tree.words[left].text != '"')
    ):
        left += 1
    for other in tree.kids(verb, "conj", "advcl", "dep"):
        # "claimed X had tried but had been driven back": the second half has no subject of its own.
        helpers = tree.kids(other, "aux", "auxpass")
        own = tree.kids(other, "nsubj", "nsubjpass")
        if (
            other.dep == "conj"
            and other.i > clause.i
            and helpers
            and not own
            and not tree.kids(verb, "aux")
        ):
            right = max(right, other.right)
    right = _shared_out(tree, cue, left, _farther(tree, verb, right))
    attribution = trailing_attribution(tree, *tree.sentence(verb))
    if attribution is not None and verb.i < attribution[0] < right and attribution[1] != verb.i:
        right = attribution[0] - 1
    right = _before_as(tree, left, right)
    if cue.class_name in {"order", "demand"} or _infinitive(tree, clause):
        right = _without_background(tree, clause, right)
    return _span(stored, tree, left, right)


def _before_as(tree: Tree, left: int, right: int) -> int:
    """Leave out ", as the truce frayed" at the end: agencies set their own background so."""
    for word in tree.words[left + 3 : right]:
        after = tree.words[word.i + 1]
        own = tree.words[word.left]
        spoken = word.dep == "advcl" and own.low == "as" and is_cue_lemma(word)
        if (
            spoken
            and word.tag in {"VBD", "VBZ"}
            and word.left > left + 2
            and word.right >= right - 1
        ):
            # "said it could take days as the minister warned ...": another one speaks.
            return word.left - 1
        if word.text == "," and after.low in {"something", "charges", "allegations"}:
            # "..., something the rebels deny"
            return word.i - 1
        opens = after.low == "as" or (
            after.low == "even" and tree.words[min(right, word.i + 2)].low == "as"
        )
        if (
            word.text == ","
            and opens
            and any(
                one.dep == "mark" and one.low == "as" for one in tree.words[word.i + 1 : word.i + 3]
            )
        ):
            return word.i - 1
    return right


def _without_background(tree: Tree, infinitive: Word, right: int) -> int:
    """Leave out "as the storm gathered": the writer's background, not part of the order."""
    for word in tree.words[infinitive.i + 1 : right + 1]:
        if (
            word.dep == "advcl"
            and word.i <= right
            and tree.words[word.left].low in {"as", "after", "while", "because", "when"}
            and word.left > infinitive.i
            and word.right >= right - 1
        ):
            return word.left - 1
    for word in tree.words[infinitive.i + 1 : right + 1]:
        # "pleaded with people to leave and minced no words": the second verb is not to be done.
        finite = word.dep == "conj" and word.tag in {"VBD", "VBZ"}
        if finite and tree.head(word).tag == "VB" and tree.words[word.i - 1].dep == "cc":
            return word.i - 2
    return right


def _shared_out(tree: Tree, cue: Cue, left: int, right: int) -> int:
    """End the content where the next act of saying begins: "said A but warned B"."""
    for word in tree.words[left + 1 : right + 1]:
        if shares_speaker(tree, word) or _says_next(tree, cue, word):
            first = word.left if tree.kids(word, "nsubj") else word.i
            at = first - 1
            while at > left and tree.words[at].dep in {"cc", "punct", "aux", "advmod", "neg"}:
                at -= 1
            return at
    return right


def _says_next(tree: Tree, cue: Cue, word: Word) -> bool:
    """Whether the tree put a sentence with its own speaker and cue under this content."""
    if word.dep != "conj" or not is_cue_lemma(word) or word.tag != cue.word.tag:
        return False
    subject = next(iter(tree.kids(word, "nsubj")), None)
    if subject is None or subject.left == 0:
        return False
    before = tree.words[max(0, subject.left - 2) : subject.left]
    return any(one.text in {",", ";"} for one in before) and any(one.dep == "cc" for one in before)


def _farther(tree: Tree, verb: Word, right: int) -> int:
    """Let the content run on over what the tree hung on the cue itself, up to a comma."""
    _, end = tree.sentence(verb)
    last = right
    for kid in tree.kids(
        verb, "prep", "prt", "npadvmod", "advmod", "advcl", "xcomp", "dobj", "dative", "oprd"
    ):
        if kid.left == last + 1 and kid.i > last and tree.words[kid.left].text != ",":
            if kid.dep == "advcl" and tree.words[kid.left].low in {
                "while",
                "although",
                "though",
                "whereas",
            }:
                break
            last = max(last, kid.right)
    return min(last, end - 1)


def _preposed(
    stored: Stored, tree: Tree, cue: Cue, speaker: Speaker | None, left: int
) -> tuple[Span, ...]:
    """Return the clause that stands before its attribution, up to the comma."""
    stop = cue.word.i - 1
    if speaker is not None and speaker.span.start < cue.start:
        stop = max((one.i for one in tree.words if one.end <= speaker.span.start), default=stop)
    for helper in tree.kids(cue.word, "aux"):
        stop = min(stop, helper.i - 1)
    first, _ = tree.sentence(cue.word)
    left = max(first, left)
    if any(is_cue_lemma(one) for one in tree.words[first:left]):
        # "X said A, Reuters reported": what is passed on begins with X.
        left = first
    if left - first <= 1:
        left = first if tree.words[first].dep != "cc" else left
    while stop > left and tree.words[stop].text in {",", "-", "—", "–"}:
        stop -= 1
    return _span(stored, tree, left, stop)


_SAYING = frozenset(
    {
        "say",
        "claim",
        "state",
        "insist",
        "add",
        "warn",
        "tell",
        "inform",
        "assure",
        "announce",
        "remind",
    }
)


def _by_place(stored: Stored, tree: Tree, cue: Cue, speaker: Speaker | None) -> tuple[Span, ...]:
    """Where the tree shows no clause: the sentence before ', X said', or what follows 'X said'."""
    if cue.needs_clause:
        return ()
    first, end = tree.sentence(cue.word)
    verb = cue.word
    spoken = speaker.head.i if speaker is not None else verb.i
    lead = min(
        verb.i, speaker.head.left if speaker is not None and speaker.head.i < verb.i else verb.i
    )
    before = tree.words[first:lead]
    after = tree.words[max(verb.i, spoken) + 1 : end]
    if (
        before
        and before[-1].text in {",", '"'}
        and any(one.verb for one in before)
        and len(before) >= 4
    ):
        return _span(stored, tree, first, lead - 1)
    rest = [one for one in after if one.dep != "punct"]
    finite = [one for one in rest if one.tag in {"VBD", "VBZ", "VBP", "MD"}]
    if finite and len(rest) >= 3 and verb.lemma in _SAYING:
        left = after[0].i
        for one in after:
            if one.low == "that":
                left = one.i + 1
                break
            if one.i >= finite[0].i:
                break
        return _span(stored, tree, left, end - 1)
    return ()
