"""Conditions on what went before: a card that rests, and campaigns that gave something already."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import Entry, Group, Source
from campaigns.conditions.rules import base, names, readers
from journeys.customers.rules import numbers_of


def _months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of that month where there is no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, kw_only=True)
class _Rest(base.Condition):
    """The card rests since its last purchase or, without one, since its issue. Refunds are no
    doing of the customer's, and a purchase that was refunded was one."""

    months: int

    group: ClassVar[Group] = Group.HISTORY
    fields: ClassVar = {
        "months": base.Field(
            gettext_lazy("Months without a purchase"), base.whole_number(1, 120), Entry.WHOLE,
            initial=18, help=gettext_lazy("A long-sleeping card: 18 months."),
        ),
    }  # fmt: skip
    is_expensive: ClassVar[bool] = True
    by_spending: ClassVar[int | None] = -1

    def value_sql(self, mark: str) -> str:
        return """GREATEST(subject.issued_date, (
            SELECT max(posted.posted_date) FROM journeys_transaction posted
            WHERE posted.card_id = subject.card_id AND posted.posted_date <= %(on)s
              AND posted.amount > 0))"""

    def asleep_sql(self, mark: str, value: str) -> str:
        """This will return the first day on which the card is asleep."""
        return f"({value} + make_interval(months => {base.parameter(mark, 'months')}))::date"

    def asleep_from(self, value: str) -> tuple[dt.date, dt.date]:
        """This will return since when the card rests, and the first day on which it is asleep."""
        since = dt.date.fromisoformat(value)
        return since, _months_later(since, self.months)


@dataclass(frozen=True, kw_only=True)
class Asleep(_Rest):
    """No purchase with the card for `months` months, by the end of the day."""

    kind: ClassVar[str] = "asleep"
    title: ClassVar[Any] = gettext_lazy("Card asleep")

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"{self.asleep_sql(mark, value)} <= %(on)s"

    def gap_sql(self, mark: str, value: str) -> str:
        asleep = self.asleep_sql(mark, value)
        return f"(CASE WHEN {asleep} > %(on)s THEN {asleep} - %(on)s::date END)::numeric"

    def turns_sql(self, mark: str, value: str) -> str:
        asleep = self.asleep_sql(mark, value)
        return f"CASE WHEN {asleep} > %(on)s THEN {asleep} END"

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        since, asleep = self.asleep_from(value)
        missing = None if is_met else (asleep - subject.on).days
        return base.Explanation(
            have=_("Resting since {day}").format(day=since),
            need=_("{months} months without a purchase").format(months=self.months),
            gap="" if is_met else _("Days until then: {days}").format(days=missing),
            missing=missing,
        )

    def short_name(self) -> str:
        return _("Card asleep")

    def sentence(self) -> str:
        return _("No purchase was made with the card for {months} months.").format(
            months=self.months
        )


@dataclass(frozen=True, kw_only=True)
class FallingAsleep(_Rest):
    """The card is not asleep yet, and will be within `within_days` days unless it is used."""

    within_days: int

    kind: ClassVar[str] = "falling_asleep"
    by_spending: ClassVar[int | None] = None
    title: ClassVar[Any] = gettext_lazy("Card about to fall asleep")
    fields: ClassVar = _Rest.fields | {
        "within_days": base.Field(
            gettext_lazy("Within days"), base.whole_number(1, 366), Entry.WHOLE, initial=30
        ),
    }

    def verdict_sql(self, mark: str, value: str) -> str:
        asleep = self.asleep_sql(mark, value)
        return (
            f"{asleep} > %(on)s AND {asleep} <= %(on)s::date"
            f" + {base.parameter(mark, 'within_days')}"
        )

    def gap_sql(self, mark: str, value: str) -> str:
        days = f"{self.asleep_sql(mark, value)} - %(on)s::date"
        within = base.parameter(mark, "within_days")
        return f"(CASE WHEN {days} > {within} THEN {days} - {within} END)::numeric"

    def turns_sql(self, mark: str, value: str) -> str:
        asleep = self.asleep_sql(mark, value)
        begins = f"{asleep} - {base.parameter(mark, 'within_days')}"
        return f"CASE WHEN {begins} > %(on)s THEN {begins} WHEN {asleep} > %(on)s THEN {asleep} END"

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        since, asleep = self.asleep_from(value)
        left = (asleep - subject.on).days
        missing = left - self.within_days if left > self.within_days else None
        gap = _("Asleep already") if left <= 0 else ""
        if missing is not None:
            gap = _("Days until then: {days}").format(days=missing)
        return base.Explanation(
            have=_("Resting since {since}, asleep from {day}").format(since=since, day=asleep),
            need=_("Asleep within {days} days").format(days=self.within_days),
            gap=gap,
            missing=missing,
        )

    def short_name(self) -> str:
        return _("About to fall asleep")

    def sentence(self) -> str:
        return _(
            "Unless it is used, the card will within {days} days have been without a purchase for "
            "{months} months."
        ).format(days=self.within_days, months=self.months)


@dataclass(frozen=True, kw_only=True)
class NotInCampaign(base.Condition):
    """None of these campaigns gave the customer anything by the end of the day, nor the same person
    under another number. What counts is a grant, taken back since or not: who qualified and was
    given nothing, because stock or budget had run out, had nothing. What is given after it was
    decided counts as well: the rewards ask once more before they grant
    (`rewards.rules.still_reached`)."""

    campaigns: tuple[str, ...]

    kind: ClassVar[str] = "not_in_campaign"
    title: ClassVar[Any] = gettext_lazy("Nothing given by other campaigns")
    group: ClassVar[Group] = Group.HISTORY
    fields: ClassVar = {
        "campaigns": base.Field(
            gettext_lazy("Campaigns"), readers.read_codes, Entry.CODES, source=Source.CAMPAIGNS,
            help=gettext_lazy("Codes of campaigns that must not have given a reward before."),
        ),
    }  # fmt: skip

    def value_sql(self, mark: str) -> str:
        return f"""ARRAY(SELECT DISTINCT campaign.code::text COLLATE "C"
            FROM ({numbers_of("subject.customer_id")}) person(id) CROSS JOIN LATERAL (
                SELECT had.campaign_id FROM campaigns_grant had
                WHERE had.customer_id = person.id AND had.granted_date <= %(on)s OFFSET 0
            ) given JOIN campaigns_campaign campaign ON campaign.id = given.campaign_id
            WHERE campaign.code = ANY({base.parameter(mark, "campaigns")}) ORDER BY 1)"""

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"cardinality({value}) = 0"

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        had = names.called(Source.CAMPAIGNS, value)
        return base.Explanation(
            have=_("Rewarded before by: {list}").format(list=had) if value else _("None"),
            need=_("No reward by: {list}").format(
                list=names.called(Source.CAMPAIGNS, self.campaigns)
            ),
            gap="" if is_met else _("Cannot be made up for"),
        )

    def short_name(self) -> str:
        return _("No earlier reward")

    def sentence(self) -> str:
        return _("The customer was not given a reward before by any of: {list}.").format(
            list=names.called(Source.CAMPAIGNS, self.campaigns)
        )
