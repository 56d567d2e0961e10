"""How often, and until when, a member benefit can be used."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaigns.planning.rules.reading import Reading

MOST_USES = 365
MOST_DAYS = 3650


@dataclass(frozen=True)
class Terms:
    """`uses` are those of one grant; they end with day `days` after the grant, or with the day
    `until`, both inside. Where neither is known, they do not end."""

    uses: int
    days: int | None = None
    until: dt.date | None = None

    def end_for(self, granted: dt.date) -> dt.date | None:
        """This will return the first day on which what was granted on a day is used no more."""
        if self.until is not None:
            return self.until + dt.timedelta(days=1)
        return None if self.days is None else granted + dt.timedelta(days=self.days + 1)

    def is_over(self, day: dt.date) -> bool:
        """This will tell whether what would be granted on a day could not be used any more."""
        return self.until is not None and self.until < day

    def said(self, name: str) -> str:
        """This will say how often and until when what is called `name` is used, and what becomes
        of the rest, in the active language."""
        text = (
            _(
                "{reward}: uses in all: {count}; to be used until {last}, that day included. What "
                "was not used by then is forfeited."
            )
            if self.until
            else _(
                "{reward}: uses in all: {count}; to be used no later than day {days} after it was "
                "granted. What was not used by then is forfeited."
            )
        )
        return text.format(reward=name, count=self.uses, last=self.until, days=self.days)

    @property
    def brief(self) -> str:
        """The same in a few words."""
        text = _("uses: {count}, until {last}") if self.until else _("uses: {count}, days: {days}")
        return text.format(count=self.uses, last=self.until, days=self.days)

    def as_data(self) -> dict[str, Any]:
        """This will write them as the field of a tier."""
        ends = {"days": self.days} if self.until is None else {"until": self.until.isoformat()}
        return {"benefit": {"uses": self.uses, **ends}}


def read_terms(part: Reading) -> Terms | None:
    """This will read the field of a tier; what is wrong is noted."""
    inner = part.part("benefit", is_needed=False)
    if inner is None:
        return None
    inner.only("uses", "days", "until")
    uses = inner.whole("uses", 1, MOST_USES)
    days = inner.whole("days", 1, MOST_DAYS, is_needed=False)
    until = inner.day("until", is_needed=False)
    if inner.has("days") == inner.has("until"):
        part.wrong(
            "benefit", _("ends after so many days (days), or with a day (until): give one of them")
        )
    return None if uses is None else Terms(uses, days, until)
