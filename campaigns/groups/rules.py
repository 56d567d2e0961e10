"""An exclusive group as plain values, and what it says of a customer."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kit import languages

MOST_DAYS = 3_650


@dataclass(frozen=True)
class Group:
    """Campaigns of which a customer is given something by one alone: for `days` from the day of
    the grant, that day included, or for good where they are None."""

    pk: int
    code: str
    name: str
    name_en: str
    days: int | None

    @property
    def label(self) -> str:
        return self.name_en if languages.reads_english() else self.name

    @property
    def term(self) -> str:
        """For how long the others are ruled out, in the active language."""
        if self.days is None:
            return _("for good")
        return ngettext("for {days} day", "for {days} days", self.days).format(days=self.days)

    def held_to(self, granted: dt.date) -> dt.date | None:
        """This will return the first day on which another campaign may give again; None where
        there is none."""
        return None if self.days is None else granted + dt.timedelta(days=self.days)


@dataclass(frozen=True)
class Held:
    """By which campaign of the group a customer was given something, and from which day on another
    may give; None where none ever may."""

    campaign_id: int
    until: dt.date | None
