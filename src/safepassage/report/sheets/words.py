"""The words that the sheets print, in English and in Arabic.

The Arabic has not been reviewed by a native reader; every sheet that uses it says so.
Digits are Latin in both.
"""

from typing import NamedTuple


class Words(NamedTuple):
    """One label in English and in Arabic."""

    en: str
    ar: str


WORDS: dict[str, Words] = {
    # The band and the foot of every sheet.
    "plan_band": Words("PLAN, NOT A CLEARANCE", "خطة، وليست إذناً بالتحرك"),
    "drill_band": Words("DRILL, NOT REAL", "تمرين، ليس حقيقياً"),
    "valid_until": Words("Valid until", "صالحة حتى"),
    "or_replaced": Words("or until replaced", "أو إلى أن تُستبدل"),
    "expiry_is_no_order": Words(
        "Its end never orders a moving convoy to stop.",
        "انتهاء الصلاحية لا يأمر قافلة متحركة بالتوقف.",
    ),
    "plan_code": Words("Plan", "الخطة"),
    "sheet_code": Words("Sheet", "الورقة"),
    "printed": Words("Printed", "طُبعت"),
    "local_times": Words("All times are local", "جميع الأوقات محلية"),
    "for_whom": Words("For", "إلى"),
    "translation": Words(
        "Arabic not reviewed by a native reader.",
        "النص العربي لم يراجعه ناطق أصلي بالعربية.",
    ),
    "no_consent": Words(
        "No consent recorded: moving people against their will is forced displacement.",
        "لا توجد موافقة مسجلة: نقل الناس رغماً عنهم تهجير قسري.",
    ),
    # The names of the sheets.
    "driver": Words("Driver sheet", "ورقة السائق"),
    "leader": Words("Convoy leader's card", "بطاقة قائد القافلة"),
    "manifest": Words("Manifest by counts", "بيان الركاب بالأعداد"),
    "tally": Words("Checkpoint tally", "ورقة العدّ عند الحاجز"),
    "call_forward": Words("Call-forward list", "قائمة النداء"),
    "go_no_go": Words("Go / no-go form", "استمارة التحرك / عدم التحرك"),
    "notification": Words("Movement notification", "إشعار بالتحرك"),
    "terms": Words("Terms, to be read aloud", "الشروط، تُقرأ بصوت عالٍ"),
    "slips": Words("Slips", "القسائم"),
    # Trips.
    "trip": Words("Trip", "الرحلة"),
    "convoy": Words("Convoy", "القافلة"),
    "vehicle": Words("Vehicle", "المركبة"),
    "from": Words("From", "من"),
    "to": Words("To", "إلى"),
    "loading": Words("Loading", "التحميل"),
    "depart": Words("Depart", "المغادرة"),
    "arrive": Words("Arrive", "الوصول"),
    "people": Words("People", "الأشخاص"),
    "next_day": Words("arrives on the next day", "الوصول في اليوم التالي"),
    "empty": Words("empty", "فارغة"),
    "order_only": Words(
        "Move only on the word of your leader. Nobody rides against their will.",
        "لا تتحرك إلا بأمر مسؤولك. لا يُنقل أحد رغماً عنه.",
    ),
    # Release and signatures.
    "released": Words("Released by, at", "الإذن من، في"),
    "release_rule": Words(
        "A trip without two names of two roles and a time is not released.",
        "الرحلة بلا اسمين بصفتين مختلفتين وبلا وقت غير مأذون بها.",
    ),
    "release_until": Words("until", "حتى"),
    "name": Words("Name", "الاسم"),
    "role": Words("Role", "الصفة"),
    "time": Words("Time", "الوقت"),
    "signature": Words("Signature", "التوقيع"),
    "clearance_ends": Words("Clearance ends at", "ينتهي الإذن عند"),
    # Classes of people and slots.
    "class_walking": Words("walking", "يمشون"),
    "class_seated": Words("seated", "جالسون"),
    "class_stretcher": Words("stretcher", "على نقالة"),
    "class_wheelchair": Words("wheelchair", "كرسي متحرك"),
    "class_oxygen": Words("oxygen", "أكسجين"),
    "class_companion": Words("companion", "مرافق"),
    "slot_seat": Words("seats", "مقاعد"),
    "slot_stretcher": Words("stretchers", "نقالات"),
    "slot_wheelchair": Words("wheelchairs", "كراسٍ متحركة"),
    "slot_oxygen": Words("oxygen", "أكسجين"),
    # Terms read to evacuees.
    "you_choose": Words(
        "Going is your choice. Nobody has to leave.", "الذهاب قراركم. لا أحد مجبر على المغادرة."
    ),
    "you_may_stay": Words(
        "You may stay. Whoever stays keeps the protection that the law gives to civilians.",
        "يمكنكم البقاء. من يبقى يحتفظ بالحماية التي يمنحها القانون للمدنيين.",
    ),
    "not_safe": Words(
        "The road is dangerous. Promises have been asked for; nobody can make them kept.",
        "الطريق خطر. طُلبت تعهدات، ولا يستطيع أحد أن يفرض الوفاء بها.",
    ),
    "families": Words(
        "Families stay together. A patient's companion rides in the same vehicle.",
        "تبقى العائلات معاً. يركب مرافق المريض في المركبة نفسها.",
    ),
    "free": Words(
        "It is free of charge. Whoever asks for money is a fraud: tell us.",
        "النقل مجاني. من يطلب مالاً فهو محتال: أخبرونا.",
    ),
    "change_mind": Words(
        "You may change your mind until the doors close.",
        "يمكنكم تغيير رأيكم حتى إغلاق الأبواب.",
    ),
    "destination": Words("Where to", "الوجهة"),
    "counts_as_arrival": Words("the journey planned here ends there", "تنتهي الرحلة المخططة هناك"),
    "onward": Words("a stop on the way", "محطة على الطريق"),
    "agreed": Words("Agreed between the parties", "متفق عليه بين الأطراف"),
    "open": Words("NOT agreed", "غير متفق عليه"),
    "versions_differ": Words("The parties do not say the same:", "الأطراف لا تقول الشيء نفسه:"),
    "no_terms": Words("No terms are on record.", "لا توجد شروط مسجلة."),
    "may_return": Words("May you come back later?", "هل يمكنكم العودة لاحقاً؟"),
    "luggage": Words("What may you bring?", "ماذا يمكنكم أن تحملوا معكم؟"),
    "screening": Words(
        "Will anybody be checked, where, by whom?", "هل سيُفتَّش أحد؟ أين؟ ومن قِبل من؟"
    ),
    "to_fill": Words(
        "Fill in before reading. Nothing agreed: say so.",
        "تُملأ قبل القراءة. إذا لم يُتفق على شيء فقولوا ذلك.",
    ),
    "read_by": Words("Read aloud by", "قرأها بصوت عالٍ"),
    "language": Words("Language", "اللغة"),
    "place": Words("Place", "المكان"),
    "says": Words("says", "يقول"),
    # Convoy leader's card.
    "posts": Words("Posts on the way", "الحواجز على الطريق"),
    "whose": Words("Whose post", "لمن الحاجز"),
    "not_stated": Words("not stated: ask before departure", "غير مذكور: اسأل قبل المغادرة"),
    "by_stretch": Words("(holds the road there)", "(يمسك الطريق هناك)"),
    "if_held": Words("Held 30 minutes", "توقيف 30 دقيقة"),
    "if_refused": Words("Refused", "رفض المرور"),
    "if_shot": Words("Shot at", "إطلاق نار"),
    "call_whom": Words("call:", "اتصل بـ:"),
    "turn_to": Words("Turn to", "الرجوع إلى"),
    "behind": Words("behind", "خلفاً"),
    "ahead": Words("ahead", "أماماً"),
    "none_known": Words("no place known", "لا مكان معروف"),
    "halt_agreed": Words("agreed as halt? with whom:", "متفق عليه للتوقف؟ مع من:"),
    "leader_orders": Words(
        "You give the orders on the road. No clock and no sheet does.",
        "أنت من يعطي الأوامر على الطريق، لا الساعة ولا الورقة.",
    ),
    "vehicles": Words("Vehicles", "المركبات"),
    "staff": Words("Staff", "المرافقون"),
    "log": Words("Log", "السجل"),
    "what_happened": Words("What happened, where", "ماذا حدث وأين"),
    "told": Words("Told whom", "من أُبلغ"),
    # Manifest and tally.
    "total": Words("Total", "المجموع"),
    "counted": Words("Counted", "المعدود"),
    "households": Words("Households", "العائلات"),
    "no_names": Words("Counts, no names.", "أعداد بلا أسماء."),
    "number": Words("No.", "رقم"),
    "expected": Words("Expect", "المتوقع"),
    "vehicles_counted": Words("Vehicles", "المركبات"),
    "people_counted": Words("People", "الأشخاص"),
    "came": Words("Came", "الوصول"),
    "left": Words("Left", "المغادرة"),
    "remarks": Words("Held, by whom, why; remarks", "التوقيف: مَن ولماذا؛ ملاحظات"),
    "counter": Words("Counted by", "عدّها"),
    "tally_how": Words(
        "Count what you see, not what is expected. Strokes in fives. A crossed-out number stays"
        " readable.",
        "عُدّ ما تراه لا ما هو متوقع. خطوط بالخمسات. الرقم المشطوب يبقى مقروءاً.",
    ),
    "unplanned": Words("not in the plan", "خارج الخطة"),
    # Call-forward list.
    "slips_called": Words("Slips", "القسائم"),
    "call_from": Words("Call", "النداء"),
    "boards": Words("Board", "الصعود"),
    "seats_planned": Words("Seats planned", "المقاعد المخططة"),
    "seats_present": Words("Seats confirmed present", "المقاعد المؤكد وجودها"),
    "call_rule": Words(
        "Sign for the seats first. Never call more people than seats confirmed present.",
        "وقّع على عدد المقاعد قبل النداء. لا تنادِ أبداً أشخاصاً أكثر من المقاعد المؤكدة.",
    ),
    "seats_here": Words("Planned, present", "المخطط والموجود"),
    "with_each": Words("companions with each person", "عدد المرافقين مع كل شخص"),
    # Go / no-go.
    "any_line": Words("Any line not confirmed = NO-GO.", "أي سطر غير مؤكد = لا تحرك."),
    "records_only": Words(
        "The system records and checks promises; it cannot make a party keep one.",
        "النظام يسجل التعهدات ويتحقق منها، ولا يستطيع إلزام أي طرف بالوفاء بها.",
    ),
    "promises": Words("Promises", "التعهدات"),
    "party": Words("Party", "الطرف"),
    "confirmed_by": Words("Confirmed by", "أكّدها"),
    "until": Words("Until", "حتى"),
    "heard": Words("How heard", "كيف سُمع"),
    "gate": Words("Gate of participation", "شروط المشاركة"),
    "ready": Words("Ready to move", "الجاهزية"),
    "line": Words("Line", "البند"),
    "decision": Words("Decision: two people of two roles", "القرار: شخصان بصفتين مختلفتين"),
    "go": Words("GO", "تحرك"),
    "no_go": Words("NO-GO", "لا تحرك"),
    "no": Words("NO", "لا"),
    "as_of": Words("as of", "حتى"),
    "entry": Words("ledger entry", "قيد السجل"),
    "lapses": Words("lapses by itself at", "ينتهي من تلقاء نفسه عند"),
    "doubts": Words("doubts to be read by both", "شكوك يقرؤها الاثنان"),
    "holds_until": Words("Every promise must hold until", "يجب أن يسري كل تعهد حتى"),
    "party_signs": Words("For the party", "عن الطرف"),
    "not_stated_no": Words("not stated = NO-GO", "غير مذكور = لا تحرك"),
    "nobody_holds": Words(
        "The scenario names no party on this way. Unknown is a no: name who holds it, or who"
        " confirmed that nobody does.",
        "لا يذكر السيناريو أي طرف على هذا الطريق. المجهول يعني لا تحرك.",
    ),
    "nobody": Words("nobody", "لا أحد"),
    "no_end": Words("no end stated", "لم تُذكر نهاية"),
    "not_met": Words("not met", "غير مستوفى"),
    # Slips.
    "slip_is": Words("No promise of a seat. Free.", "ليست وعداً بمقعد. مجانية."),
    "slip_back": Words("May be handed back at any time.", "يمكن إعادتها في أي وقت."),
    "persons": Words("persons", "أشخاص"),
    "planned": Words("planned", "المخطط"),
    # Notification.
    "notification_is": Words(
        "A notification is not a guarantee, and its receipt is not an approval.",
        "الإشعار ليس ضمانة، واستلامه ليس موافقة.",
    ),
    "own_only": Words(
        "Holds only the posts and roads of the party named above.",
        "يحتوي فقط على حواجز وطرق الطرف المذكور أعلاه.",
    ),
    "f_place": Words("Place", "المكان"),
    "f_time": Words("Time", "الوقت"),
    "f_route": Words("Route", "الطريق"),
    "f_identity": Words("Identity", "التعريف"),
    "f_window": Words("Window", "الفترة"),
    "f_contact": Words("Contact", "جهة الاتصال"),
    "f_expiry": Words("Expiry", "انتهاء الإشعار"),
    "by_hand": Words("to fill by hand", "تُملأ يدوياً"),
}
"""Every label by its key; the templates ask for them by `en(key)` and `ar(key)`."""
