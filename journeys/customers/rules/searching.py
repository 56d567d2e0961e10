"""What a person who types something into the search means by it."""

import itertools
import re
import string
import unicodedata

from journeys.customers.enums import SearchWay

_PHONE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})", re.ASCII)
_ID_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)
_MASKED_PHONE = re.compile(r"(\d{3})[*•…X]+(\d{4})", re.ASCII | re.IGNORECASE)
_TAIL = re.compile(r"\d{4}", re.ASCII)
_LATIN = re.compile(r"[a-zü ']+")
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_APOSTROPHES = str.maketrans("’‘`ʼ", "'" * 4)
_CONSONANTS = "bcdfghjklmnpqrstwxyz"
# Letters that no pinyin begins with: a syllable begins with a vowel, or with one consonant (or zh,
# ch, sh, or l or n before the yu of passports) and a vowel. So "wxm" can only be initials.
_INITIALS = re.compile(rf"(?!(?:[zcs]h|[ln]y(?=u)|[{_CONSONANTS}])?(?:[aeiouv]|$))[a-z]{{2,}}")
# Names have two to four signs. "z a" are initials for certain.
_MAY_BE_INITIALS = re.compile(r"[a-z]{2,4}")
_APART = re.compile(r"[a-z](?: [a-z])+")

# Names of more places at which a ü may stand are too many spellings to look for.
_MOST_PLACES = 4

Way = tuple[SearchWay, str]


def way_of(text: str) -> Way:
    """This will tell by what a customer is looked for first, and the value as it is stored."""
    return ways_of(text)[0]


def ways_of(text: str) -> list[Way]:
    """This will tell by what a customer is looked for, one after the other until one finds
    somebody: what reads like a pinyin may be initials, and whatever else it reads like, a number of
    the bank's own. Signs of full width are those of an input method, unless a number is written
    with them."""
    typed = text.strip()
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return [(SearchWay.NOTHING, "")]
    if "@" in text:
        return [(SearchWay.EMAIL, text.lower())]
    if found := _as_personal(text):
        return [found]
    as_written = [(SearchWay.EXACT_NUMBER, typed)]
    if any(sign.isdigit() for sign in text):
        return [*as_written * (typed != text), *_by_number(text)]
    return [*_by_letters(text), *as_written]


def name_as_typed(name: str) -> str:
    """This will return a name as it is compared: without blanks, signs of full width as those of
    ASCII, and its Latin letters small. The index `customer_name_typed` has it so."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))
    return plain.translate(_SMALL)


def _as_personal(text: str) -> Way | None:
    """A phone in any writing, an ID number, or what masks leave of a phone."""
    packed = re.sub(r"[\s-]", "", text)
    if found := _PHONE.fullmatch(packed):
        return SearchWay.PHONE, found[1]
    if _ID_NUMBER.fullmatch(packed.upper()):
        return SearchWay.ID_NUMBER, packed.upper()
    if found := _MASKED_PHONE.fullmatch(packed):
        return SearchWay.MASKED_PHONE, f"{found[1]}****{found[2]}"
    return (SearchWay.PHONE_TAIL, text) if _TAIL.fullmatch(text) else None


def _by_number(text: str) -> list[Way]:
    """What holds a digit is a number, or a name: 58同城, 3M."""
    # Most banks number in capitals, and nobody types those.
    numbers = dict.fromkeys((text.upper(), text))
    return [*((SearchWay.NUMBER, each) for each in numbers), (SearchWay.NAME, name_as_typed(text))]


def _by_letters(text: str) -> list[Way]:
    small = text.lower().translate(_APOSTROPHES)
    packed = re.sub(r"[\s']+", "", small)
    named = (SearchWay.NAME, name_as_typed(text))
    if _INITIALS.fullmatch(small) or _APART.fullmatch(small):
        return [(SearchWay.INITIALS, packed)]
    if not packed or not _LATIN.fullmatch(small):
        return [named]
    initials = [(SearchWay.INITIALS, small)] if _MAY_BE_INITIALS.fullmatch(small) else []
    # An apostrophe parts the syllables of a pinyin, and belongs to names that are none: O'Neil.
    return [(SearchWay.PINYIN, packed.replace("ü", "v")), *initials, *[named] * ("'" in small)]


def spellings_of(letters: str) -> list[str]:
    """This will return the ways in which the letters of a pinyin are stored: each ü is a v there,
    and typed as u, v or yu ("lu", "lv" and "lyu" for 吕); each u that is typed may be a u as well.
    """
    *parts, rest = re.split(r"(?<=[ln])(yu|u)", letters, maxsplit=_MOST_PLACES)
    each = zip(parts[::2], parts[1::2], strict=True)
    choices = [(before + typed, before + "v") for before, typed in each]
    return ["".join([*chosen, rest]) for chosen in itertools.product(*choices)]
