"""The audio script: what somebody reads out, over a loudspeaker or a radio, slowly and twice."""

from safepassage.report.public.telling import Telling
from safepassage.report.public.words import word


def audio_script(telling: Telling) -> str:
    """Return the script in one language: a line a breath, pauses marked, everything said twice."""
    language = telling.language

    def say(key: str) -> str:
        return word(key, language)

    body: list[str] = []
    if telling.mode == "DRILL":
        body.append(say("exercise_spoken"))
    if telling.by is not None:
        body.append(f"{say('this_is')} {telling.by}.")
    body.append(f"{say('updated')}: {telling.updated}. {say('can_change')}")
    for section in telling.sections:
        body += [say("pause"), f"{section.heading}."]
        body += list(section.sentences)
    if telling.mode == "DRILL":
        body += [say("pause"), say("exercise_spoken")]
    script = [*body, "", say("pause"), say("again"), "", *body]
    return "\n".join(script) + "\n"
