"""The words of our own on public texts, in English and in Arabic.

The Arabic has not been reviewed by a native reader; every page that uses it says so.
Digits are Latin in both.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Words(NamedTuple):
    """The same words in each language."""

    en: str
    ar: str


LANGUAGES = Words._fields
RIGHT_TO_LEFT = frozenset({"ar"})

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "title": Words("Information on the evacuation", "معلومات عن الإجلاء"),
        "drill": Words("EXERCISE, NOT REAL", "تمرين، ليس حقيقياً"),
        "updated": Words("Last updated", "آخر تحديث"),
        "by": Words("Said by", "الجهة المعلِنة"),
        "can_change": Words("This can change.", "قد يتغير هذا."),
        "nothing": Words(
            "Nothing has been released at this time. Please wait for word; nobody has to leave.",
            "لم يُعلن شيء حتى الآن. يرجى انتظار الإعلان؛ لا أحد مجبر على المغادرة.",
        ),
        "being_checked": Words(
            "This is being checked again. It may no longer hold.",
            "يجري التحقق من هذا مجدداً. قد لا يكون صحيحاً بعد الآن.",
        ),
        "warning": Words("Warning", "تحذير"),
        "agreed": Words("What is agreed", "ما تم الاتفاق عليه"),
        "not_agreed": Words("What is NOT agreed", "ما لم يتم الاتفاق عليه"),
        "may_go": Words("Who may go", "من يمكنه الذهاب"),
        "may_stay": Words("Who may stay", "من يمكنه البقاء"),
        "destination": Words("Where to", "إلى أين"),
        "bring": Words("What to bring", "ماذا تحملون معكم"),
        "free": Words("It costs nothing", "النقل مجاني"),
        "next": Words("What comes next", "ما الخطوة التالية"),
        "you_said": Words("You said, we did", "قلتم، وفعلنا"),
        "stops": Words("Stops and times", "المواقف والمواعيد"),
        "stop": Words("Stop", "الموقف"),
        "to": Words("To", "إلى"),
        "departures": Words("Departures", "مواعيد المغادرة"),
        "last": Words("Last bus", "آخر حافلة"),
        "ask": Words("Ask us or tell us", "اسألونا أو أخبرونا"),
        "other_language": Words("عربي", "English"),
        "not_reviewed": Words("", "النص العربي لم يراجعه ناطق أصلي بالعربية."),
        "again": Words("We repeat.", "نكرر."),
        "pause": Words("[pause]", "[وقفة]"),
        "this_is": Words("This is", "هنا"),
        "exercise_spoken": Words(
            "This is an exercise. This is an exercise.", "هذا تمرين. هذا تمرين."
        ),
    }
)


def word(key: str, language: str) -> str:
    """Return our words for `key` in a language."""
    return str(getattr(WORDS[key], language))
