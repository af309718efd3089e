"""What an advertisement must have to work: a way to reach the advertiser, or a price.

A text without any is never held back, whatever its words look like: "pls help casino street 4
families" once was, by a filter that looked at words alone (users note, section 6).
"""

import re

_CALL_TO_ACTION = re.compile(
    r"https?://|www\.|\b[\w-]{2,}\.(?:com|net|org|ru|info|xyz|top|shop|site|online|club|io|biz|link"
    r"|ly|me|cc|store|live|pro|vip|win|bet|click)\b"
    r"|(?<!\w)@[\w.]{3,}|[\w.+-]+@[\w-]+\.\w+"
    r"|\b(?:t\.me|wa\.me|whats ?app|telegram|viber|instagram|onlyfans|snapchat)\b"
    r"|واتس ?اب|واتساب|تلغرام|تليجرام|انستغرام"
    r"|[$€£₿]\s?\d|\d\s?[$€£%]|\b(?:usd|eur|btc|usdt|bitcoin|crypto)\b|دولار|بالمئه|بيتكوين",
    re.IGNORECASE,
)


def has_call_to_action(folded: str) -> bool:
    """Tell whether a folded text names a site, an account, a price: what an advertiser needs."""
    return _CALL_TO_ACTION.search(folded) is not None
