"""What a person who types something into the search means by it."""

import re
import unicodedata

from journeys.customers.enums import SearchWay

_PHONE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})", re.ASCII)
_ID_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)
_MASKED_PHONE = re.compile(r"(\d{3})[*•…X]+(\d{4})", re.ASCII | re.IGNORECASE)
_TAIL = re.compile(r"\d{4}", re.ASCII)
_LATIN = re.compile(r"[a-zü ]+")
_CONSONANTS = "bcdfghjklmnpqrstwxyz"
# Letters that no pinyin begins with: a syllable begins with a vowel, or with one consonant (or zh,
# ch, sh, or l or n before the yu of passports) and a vowel. So "wxm" can only be initials.
_INITIALS = re.compile(rf"(?!(?:[zcs]h|[ln]y(?=u)|[{_CONSONANTS}])?(?:[aeiouv]|$))[a-z]{{2,}}")
# Names have two to four signs. "z a" are initials for certain.
_MAY_BE_INITIALS = re.compile(r"[a-z]{2,4}")
_APART = re.compile(r"[a-z](?: [a-z])+")

Way = tuple[SearchWay, str]


def way_of(text: str) -> Way:
    """This will tell by what a customer is looked for first, and the value as it is stored."""
    return ways_of(text)[0]


def ways_of(text: str) -> list[Way]:
    """This will tell by what a customer is looked for, one after the other until one finds
    somebody: what reads like a pinyin may be initials, and whatever else it reads like, a number of
    the bank's own. Signs of full width are those of an input method."""
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return [(SearchWay.NOTHING, "")]
    if "@" in text:
        return [(SearchWay.EMAIL, text.lower())]
    return _by_digits(text) or [*_by_letters(text), (SearchWay.EXACT_NUMBER, text)]


def _by_digits(text: str) -> list[Way]:
    """What holds a digit: a phone in any writing, an ID number, or a customer number."""
    packed = re.sub(r"[\s-]", "", text)
    if found := _PHONE.fullmatch(packed):
        return [(SearchWay.PHONE, found[1])]
    if _ID_NUMBER.fullmatch(packed.upper()):
        return [(SearchWay.ID_NUMBER, packed.upper())]
    if found := _MASKED_PHONE.fullmatch(packed):
        return [(SearchWay.MASKED_PHONE, f"{found[1]}****{found[2]}")]
    if _TAIL.fullmatch(text):
        return [(SearchWay.PHONE_TAIL, text)]
    if not any(sign.isdigit() for sign in text):
        return []
    # Most banks number in capitals, and nobody types those.
    return [(SearchWay.NUMBER, value) for value in dict.fromkeys((text.upper(), text))]


def _by_letters(text: str) -> list[Way]:
    small = text.lower()
    packed = re.sub(r"\s+", "", small)
    if _INITIALS.fullmatch(small) or _APART.fullmatch(small):
        return [(SearchWay.INITIALS, packed)]
    if not _LATIN.fullmatch(small):
        return [(SearchWay.NAME, text)]
    initials = [(SearchWay.INITIALS, small)] if _MAY_BE_INITIALS.fullmatch(small) else []
    return [(SearchWay.PINYIN, packed.replace("ü", "v")), *initials]


def spellings_of(letters: str) -> list[str]:
    """This will return the ways in which the letters of a pinyin are stored: ü is a v there, and
    typed as u, v or yu ("lu", "lv" and "lyu" for 吕)."""
    found = [letters]
    for typed in ("yu", "u"):
        found.append(re.sub(rf"(?<=[ln]){typed}", "v", letters))
    return list(dict.fromkeys(found))
