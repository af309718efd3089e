"""The words of the phone's page, in English and Arabic; digits are Latin in both.

They travel inside the page, because a phone without network cannot ask for them. The Arabic has not
been reviewed by a native reader; the page says so.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Said(NamedTuple):
    """One text in both languages. `{n}` and the like are filled in on the phone."""

    en: str
    ar: str


WORDS: Final[Mapping[str, Said]] = {
    "title": Said("Post", "نقطة"),
    "live": Said("LIVE", "فعلي"),
    "drill": Said("DRILL", "تمرين"),
    "not_enrolled": Said("This phone is not enrolled", "هذا الهاتف غير مسجَّل"),
    "scan_the_code": Said(
        "Scan the code that the operations room shows you, or type it here. It works once, for ten "
        "minutes.",
        "امسح الرمز الذي تعرضه غرفة العمليات أو اكتبه هنا. يعمل مرة واحدة ولمدة عشر دقائق.",
    ),
    "code_of_the_room": Said("Code of the room", "رمز الغرفة"),
    "enrol": Said("Enrol this phone", "سجِّل هذا الهاتف"),
    "enrol_failed": Said("Not enrolled: {why}", "لم يُسجَّل: {why}"),
    "no_code": Said("a code has twelve letters and digits", "الرمز اثنا عشر حرفًا ورقمًا"),
    "online": Said("In contact with the room", "على اتصال بالغرفة"),
    "offline": Said(
        "No contact. Go on counting: nothing is lost", "لا اتصال. تابع العدّ: لا يضيع شيء"
    ),
    "trying": Said("Looking for the room", "البحث عن الغرفة"),
    "unknown_here": Said("This room does not know this phone", "هذه الغرفة لا تعرف هذا الهاتف"),
    "not_sent": Said("{n} not sent", "{n} لم تُرسل"),
    "told": Said("{n} told, not sent", "{n} أُبلغت ولم تُرسل"),
    "all_sent": Said("all sent", "أُرسل الكل"),
    "refused": Said("Refused by the room: {n}. {why}", "رفضتها الغرفة: {n}. {why}"),
    "not_kept": Said(
        "This phone could not keep the last report. Write it down and tell it by voice.",
        "لم يتمكن الهاتف من حفظ آخر تقرير. اكتبه وأبلغ به صوتيًا.",
    ),
    "convoy": Said("Convoy", "القافلة"),
    "no_convoy": Said("not known", "غير معروفة"),
    "vehicle": Said("Vehicle", "المركبة"),
    "whole_convoy": Said("whole convoy", "القافلة كلها"),
    "people": Said("people", "أشخاص"),
    "vehicles": Said("vehicles", "مركبات"),
    "so_far": Said(
        "{what} so far {convoy}: {people} people, {vehicles} vehicles",
        "{what} حتى الآن {convoy}: {people} أشخاص، {vehicles} مركبات",
    ),
    "departed": Said("Departed", "غادرت"),
    "arrived": Said("Arrived", "وصلت"),
    "through": Said("Through", "عبرت"),
    "held": Said("Held", "أُوقفت"),
    "turned_back": Said("Turned back", "أُعيدت"),
    "incident": Said("Incident", "حادث"),
    "what_happened": Said("What happened?", "ماذا حدث؟"),
    "incident_fire": Said("Shots or shelling heard", "سماع إطلاق نار أو قصف"),
    "incident_hurt": Said("People hurt", "إصابات بين الناس"),
    "incident_medical": Said("Medical emergency in a vehicle", "حالة طبية طارئة في مركبة"),
    "incident_breakdown": Said("Vehicle broken down", "تعطلت مركبة"),
    "incident_blocked": Said("Road blocked", "الطريق مغلق"),
    "incident_search": Said("People or vehicles searched", "تفتيش أشخاص أو مركبات"),
    "incident_crowd": Said("Crowd at the post", "حشد عند النقطة"),
    "incident_other": Said("Something else: tell it by voice", "شيء آخر: أبلغ به صوتيًا"),
    "undo": Said("Undo", "تراجع"),
    "taken_back": Said("taken back:", "تراجع عن:"),
    "stop": Said("STOP: hold the next convoys", "قف: أوقفوا القوافل التالية"),
    "slip": Said("Slip", "قسيمة"),
    "slip_hint": Said(
        "The number on the slip or wristband, with its check digit. No names.",
        "الرقم على القسيمة أو السوار مع رقم التحقق. بلا أسماء.",
    ),
    "slip_wrong": Said(
        "That is not a whole slip number: read it again.", "رقم القسيمة غير صحيح: اقرأه ثانية."
    ),
    "boarded": Said("Boarded", "صعد"),
    "got_off": Said("Got off", "نزل"),
    "read_out": Said("Read out", "قراءة صوتية"),
    "read_hint": Said(
        "Read a line to the room (times are UTC). The room reads back the four letters.",
        "اقرأ السطر للغرفة (الأوقات بتوقيت UTC). تعيد الغرفة قراءة الأحرف الأربعة.",
    ),
    "room_read_back": Said("The room read it back", "أعادت الغرفة قراءته"),
    "show_codes": Said("Show codes", "عرض الرموز"),
    "show_to_room": Said(
        "{n} reports. Show each code to the room's camera.",
        "{n} تقارير. اعرض كل رمز أمام كاميرا الغرفة.",
    ),
    "nothing_to_show": Said("Everything is sent.", "أُرسل كل شيء."),
    "receipt_of_the_room": Said("Four letters of the room", "أحرف الغرفة الأربعة"),
    "room_has_it": Said("The room has them", "استلمتها الغرفة"),
    "receipt_wrong": Said(
        "Not the letters for these codes: nothing was marked.",
        "ليست أحرف هذه الرموز: لم يتغير شيء.",
    ),
    "go_until": Said(
        "Go for convoy {convoy}: confirmed by the room until {at}.",
        "إذن القافلة {convoy}: مؤكد من الغرفة حتى {at}.",
    ),
    "go_ended": Said(
        "The go for convoy {convoy} ended at {at}.", "انتهى إذن القافلة {convoy} عند {at}."
    ),
    "nearest_halt": Said("Nearest agreed halt: {halt}.", "أقرب موقف متفق عليه: {halt}."),
    "leader_decides": Said("The convoy leader decides.", "القرار لقائد القافلة."),
    "not_known": Said("not known", "غير معروف"),
    "hold_stands": Said("A hold stands since {at}.", "إيقاف قائم منذ {at}."),
    "clock_off": Said(
        "This phone's clock is {n} s off; times are corrected.",
        "ساعة الهاتف منحرفة {n} ث؛ تُصحَّح الأوقات.",
    ),
    "more": Said("More", "المزيد"),
    "language": Said("Language", "اللغة"),
    "unreviewed": Said(
        "No native reader has reviewed this translation.", "لم يراجع هذه الترجمة قارئ أصلي."
    ),
    "about": Said(
        "Counter {sign}, phone {word}, page {page}", "العدّاد {sign}، الهاتف {word}، الصفحة {page}"
    ),
    "about_data": Said(
        "This phone keeps counts, slip numbers and its own key. No names, no positions.",
        "يحفظ هذا الهاتف أعدادًا وأرقام قسائم ومفتاحه. بلا أسماء وبلا مواقع.",
    ),
    "wipe": Said("Wipe this phone", "امسح هذا الهاتف"),
    "wipe_sure": Said(
        "Wipe now. {n} reports that the room does not have will be lost",
        "امسح الآن. ستضيع {n} تقارير ليست لدى الغرفة",
    ),
    "back": Said("Back", "رجوع"),
    "other_tab": Said(
        "This page is open in another tab. Go on there.",
        "هذه الصفحة مفتوحة في تبويب آخر. تابع هناك.",
    ),
}


def tables() -> dict[str, dict[str, object]]:
    """Return the words by language, with each language's name and direction."""
    english: dict[str, object] = {key: said.en for key, said in WORDS.items()}
    arabic: dict[str, object] = {key: said.ar for key, said in WORDS.items()}
    return {
        "en": english | {"own_name": "English", "direction": "ltr"},
        "ar": arabic | {"own_name": "العربية", "direction": "rtl", "not_reviewed": True},
    }
