"""What a person who types something into the search means by it."""

import re

from journeys.customers.enums import SearchWay

_PHONE = re.compile(r"(?:\+?86|0086)?(\d{11})", re.ASCII)
_ID_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)
_MASKED_PHONE = re.compile(r"(\d{3})[*＊•…X]+(\d{4})", re.ASCII | re.IGNORECASE)
_TAIL = re.compile(r"\d{4}", re.ASCII)
_LATIN = re.compile(r"[a-z ]+")
_CONSONANTS = "bcdfghjklmnpqrstwxyz"
# Letters that no pinyin begins with: a syllable begins with a vowel, or with one consonant (or zh,
# ch, sh) and a vowel. So "wxm" can only be initials, and "wa" or "zh" only the start of a pinyin.
_INITIALS = re.compile(rf"(?!(?:[zcs]h|[{_CONSONANTS}])?(?:[aeiouv]|$))[a-z]{{2,}}")


def way_of(text: str) -> tuple[SearchWay, str]:
    """This will tell by what a customer is looked for, and the value as it is stored."""
    text = text.strip()
    if not text:
        return SearchWay.NOTHING, ""
    if "@" in text:
        return SearchWay.EMAIL, text.lower()
    return _by_digits(text) or _by_letters(text)


def _by_digits(text: str) -> tuple[SearchWay, str] | None:
    """What holds a digit: a phone in any writing, an ID number, or a customer number."""
    packed = re.sub(r"[\s-]", "", text)
    if found := _PHONE.fullmatch(packed):
        return SearchWay.PHONE, found[1]
    if _ID_NUMBER.fullmatch(packed.upper()):
        return SearchWay.ID_NUMBER, packed.upper()
    if found := _MASKED_PHONE.fullmatch(packed):
        return SearchWay.MASKED_PHONE, f"{found[1]}****{found[2]}"
    if _TAIL.fullmatch(text):
        return SearchWay.PHONE_TAIL, text
    has_digit = any(sign.isdigit() for sign in text)
    return (SearchWay.NUMBER, text.upper()) if has_digit else None


def _by_letters(text: str) -> tuple[SearchWay, str]:
    small = text.lower()
    if _INITIALS.fullmatch(small):
        return SearchWay.INITIALS, small
    if _LATIN.fullmatch(small):
        return SearchWay.PINYIN, small
    return SearchWay.NAME, text
