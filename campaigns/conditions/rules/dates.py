"""Conditions on the days of a card: issue, activation, first use."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import Entry, Group
from campaigns.conditions.rules import base


@dataclass(frozen=True, kw_only=True)
class IssuedWithin(base.Condition):
    """The card was issued no later than `days` days after its application; a card without an
    application does not meet it."""

    days: int

    kind: ClassVar[str] = "issued_within"
    title: ClassVar[Any] = gettext_lazy("Days from application to issue")
    group: ClassVar[Group] = Group.CARD
    fields: ClassVar = {
        "days": base.Field(
            gettext_lazy("Days at most"), base.whole_number(0, 3650), Entry.WHOLE, initial=20
        )
    }

    def value_sql(self, mark: str) -> str:
        return "subject.issued_date - subject.filed_date"

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"COALESCE({value} <= {base.parameter(mark, 'days')}, FALSE)"

    def gap_sql(self, mark: str, value: str) -> str:
        days = base.parameter(mark, "days")
        return f"(CASE WHEN {value} > {days} THEN {value} - {days} END)::numeric"

    def deadline_sql(self, mark: str) -> str:
        return f"(subject.filed_date + {base.parameter(mark, 'days')})::date"

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        need = _("At most day {days}").format(days=self.days)
        if value is None:
            return base.Explanation(
                have=_("No application on record"), need=need, gap=_("An application")
            )
        return base.Explanation(
            have=_("Day {days}").format(days=value),
            need=need,
            gap="" if is_met else _("Days too late: {days}").format(days=value - self.days),
            deadline=subject.filed_date and subject.filed_date + dt.timedelta(days=self.days),
            missing=None if is_met else value - self.days,
        )

    def short_name(self) -> str:
        return _("Issued in time")

    def sentence(self) -> str:
        return _("The card is issued no later than day {days} after the application.").format(
            days=self.days
        )


@dataclass(frozen=True, kw_only=True)
class Activated(base.Condition):
    """The card is activated by the end of the day."""

    kind: ClassVar[str] = "activated"
    title: ClassVar[Any] = gettext_lazy("Card activated")
    group: ClassVar[Group] = Group.CARD

    def value_sql(self, mark: str) -> str:
        return "CASE WHEN subject.activated_date <= %(on)s THEN subject.activated_date END"

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"{value} IS NOT NULL"

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        found = base.Explanation(
            have=_("Activated on {day}").format(day=value) if value else _("Not activated"),
            need=_("Activated"),
            gap="" if value else _("Activation of the card"),
        )
        return base.on_any_day(found, subject)

    def short_name(self) -> str:
        return _("Card activated")

    def sentence(self) -> str:
        return _("The card is activated.")


@dataclass(frozen=True, kw_only=True)
class FirstUsed(base.Condition):
    """The card was used for a first purchase by the end of the day."""

    kind: ClassVar[str] = "first_used"
    by_spending: ClassVar[int | None] = 1
    title: ClassVar[Any] = gettext_lazy("Card used")
    group: ClassVar[Group] = Group.CARD

    def value_sql(self, mark: str) -> str:
        return "CASE WHEN subject.first_used_date <= %(on)s THEN subject.first_used_date END"

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"{value} IS NOT NULL"

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        found = base.Explanation(
            have=_("First used on {day}").format(day=value) if value else _("Not used"),
            need=_("Used once"),
            gap="" if value else _("A first purchase"),
        )
        return base.on_any_day(found, subject)

    def short_name(self) -> str:
        return _("Card used")

    def sentence(self) -> str:
        return _("The card is used for a first purchase.")
