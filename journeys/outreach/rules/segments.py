"""How many SMS a text is: by the letters that it needs, each part of a long one shorter than a
single one, because a header says how they join (3GPP TS 23.038 and 23.040)."""

import enum
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each is two signs on the air: an escape and itself.
_EXTENDED = frozenset("^{}\\[~]|€\f")


class Alphabet(enum.StrEnum):
    """What a text goes over the air in."""

    GSM = "gsm"  # 7 bits a sign
    UCS2 = "ucs2"  # 16 bits a sign: Chinese, and whatever else GSM lacks


_SINGLE = {Alphabet.GSM: 160, Alphabet.UCS2: 70}
_JOINED = {Alphabet.GSM: 153, Alphabet.UCS2: 67}


@dataclass(frozen=True, slots=True)
class Segments:
    """How many SMS a text is, its `units` in the `alphabet` that it needs, and how many more fit
    before there is one SMS more."""

    alphabet: Alphabet
    units: int
    count: int
    left: int


def segments_of(text: str, alphabet: Alphabet | None = None) -> Segments:
    """This will count the SMS of a text, in the alphabet that it needs or, where the gateway is
    told to send everything in one, in that (a text with other signs needs UCS-2 whatever is said).

    A sign of two units is never torn apart between two parts; an emoji is two in UCS-2.
    """
    needed = Alphabet.GSM if set(text) <= _BASIC | _EXTENDED else Alphabet.UCS2
    used = Alphabet.UCS2 if Alphabet.UCS2 in (needed, alphabet) else Alphabet.GSM
    sizes = [_units(sign, used) for sign in text]
    units = sum(sizes)
    if units <= _SINGLE[used]:
        return Segments(used, units, 1 if units else 0, _SINGLE[used] - units)
    count, filled = 1, 0
    for size in sizes:
        if filled + size > _JOINED[used]:
            count, filled = count + 1, 0
        filled += size
    return Segments(used, units, count, _JOINED[used] - filled)


def _units(sign: str, alphabet: Alphabet) -> int:
    if alphabet == Alphabet.GSM:
        return 2 if sign in _EXTENDED else 1
    return 2 if ord(sign) > 0xFFFF else 1
