"""What a promotion must publish before it begins and no other part of the plan says.

Interim Provisions on Regulating Promotional Activities (2020): kinds, conditions, manner, time,
value, number or odds, how and when to redeem, when forfeited. Kinds, conditions, time, value and
number stand in the plan already and are not written a second time.
"""

from dataclasses import dataclass
from typing import Any

from campaigns.planning.rules.reading import Reading
from portal.kit import languages

_MOST = 500
_FIELDS = (
    "organiser", "organiser_en", "redeem", "redeem_en", "redeem_days", "forfeit", "forfeit_en",
)  # fmt: skip


@dataclass(frozen=True)
class Disclosure:
    """`organiser` names who holds the promotion; `redeem` says how a reward is had, within
    `redeem_days` days of being granted; `forfeit` when it is lost. Empty where not written yet."""

    organiser: str = ""
    organiser_en: str = ""
    redeem: str = ""
    redeem_en: str = ""
    redeem_days: int | None = None
    forfeit: str = ""
    forfeit_en: str = ""

    @property
    def how(self) -> str:
        """How a reward is redeemed, in the active language."""
        return self.redeem_en if languages.reads_english() else self.redeem

    def as_data(self) -> dict[str, Any]:
        """This will write the disclosure as plain JSON values."""
        return {name: getattr(self, name) for name in _FIELDS}


def read_disclosure(reading: Reading | None) -> Disclosure:
    """This will read the part `disclosure` of a plan; what is wrong is noted in `reading`."""
    if reading is None:
        return Disclosure()
    reading.only(*_FIELDS)
    words = {
        name: reading.words(name, _MOST, is_needed=False)
        for name in _FIELDS
        if name != "redeem_days"
    }
    return Disclosure(**words, redeem_days=reading.whole("redeem_days", 1, 3650, is_needed=False))
