"""Turnover that came as a file, and what turnover showed of each merchant, Monday by Monday."""

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from merchants.evidence.enums import ReachPart, TurnoverReason, TurnoverState

_CHANGED = [TurnoverState.DECLINING, TurnoverState.RISING]
_OF_A_CHANGE = ("since", "since_from", "since_to", "change", "low", "high", "yearly", "usual",
                "score", "by_chance")  # fmt: skip


class MerchantTurnover(models.Model):
    """A merchant's day as a file tells it: `amount` (CNY) is net of refunds. Where the portal has
    transactions of that day too, the file counts."""

    # The source's key; `merchant` follows from it when the row comes in.
    number = models.CharField(_("merchant number"), max_length=40, db_column="merchant")
    merchant = models.ForeignKey(
        "merchants.Merchant", models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField(_("day"))
    amount = models.DecimalField(_("amount (CNY)"), max_digits=14, decimal_places=2)
    purchases = models.BigIntegerField(_("purchases"), default=0)
    as_of = models.DateTimeField(_("as of"), null=True)
    heard_at = models.DateTimeField(_("received without an instant"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="turnover_day_once", fields=["number", "day"]),
            models.CheckConstraint(name="turnover_purchases", condition=Q(purchases__gte=0)),
        ]
        indexes = [models.Index(name="turnover_merchant_day", fields=["merchant", "day"])]

    def __str__(self) -> str:
        return f"{self.number} {self.day}: {self.amount}"


class EvidenceOfTurnover(models.Model):
    """What a merchant's turnover showed as of a Monday: facts of before it, in whole weeks.

    Levels (CNY) are of an ordinary week: `level` of now, `usual` before the change. `trend` and
    `change` (with 95 % from `low` to `high`) are shares, `trend` of a year; `yearly` is what the
    change makes in a year (CNY, below zero is a loss); `by_chance` how often a merchant without
    any change would show as much, in a year. `reasons` are codes with their numbers.
    """

    merchant = models.ForeignKey(
        "merchants.Merchant", models.PROTECT, related_name="+", db_index=False
    )
    on = models.DateField(_("as of"))
    state = models.CharField(_("state"), max_length=12, choices=TurnoverState.choices)
    weeks = models.PositiveSmallIntegerField(_("weeks known"))
    level = models.DecimalField(_("level"), max_digits=16, decimal_places=2)
    trend = models.FloatField(_("trend"))
    since = models.DateField(_("since"), null=True)
    since_from = models.DateField(_("since, at the earliest"), null=True)
    since_to = models.DateField(_("since, at the latest"), null=True)
    usual = models.DecimalField(_("level before"), max_digits=16, decimal_places=2, null=True)
    change = models.FloatField(_("change"), null=True)
    low = models.FloatField(_("change, at the lowest"), null=True)
    high = models.FloatField(_("change, at the highest"), null=True)
    yearly = models.DecimalField(_("a year"), max_digits=18, decimal_places=2, null=True)
    score = models.FloatField(_("score"), null=True)
    by_chance = models.FloatField(_("false alarms a year"), null=True)
    reasons = models.JSONField(_("reasons"), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="evidence_once", fields=["merchant", "on"]),
            models.CheckConstraint(
                name="evidence_of_whole_weeks", condition=Q(on__iso_week_day=1)
            ),
            models.CheckConstraint(
                name="evidence_says_what_changed",
                condition=Q(state__in=_CHANGED, **{f"{name}__isnull": False for name in
                                                   _OF_A_CHANGE})
                | Q(**{f"{name}__isnull": True for name in _OF_A_CHANGE})
                & ~Q(state__in=_CHANGED),
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="evidence_on", fields=["on", "state"])]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.on}: {self.state}"

    @property
    def told_until(self) -> dt.date:
        """The day before which its source had told of turnover: some weeks before the Monday where
        that was late."""
        late = [one["day"] for one in self.reasons if one["code"] == TurnoverReason.LATE]
        return dt.date.fromisoformat(late[0]) if late else self.on


class WeeksOfTurnover(models.Model):
    """A merchant's weeks up to the Monday `on` without season and holidays, as its page draws them:
    lists of whole CNY in the order of the weeks, the first one beginning on `first`; None where
    the merchant was closed. `group` is what its group lets expect of an ordinary week of its own,
    `taken` what was taken really."""

    merchant = models.OneToOneField(
        "merchants.Merchant", models.PROTECT, related_name="+", primary_key=True
    )
    on = models.DateField(_("as of"))
    first = models.DateField(_("first week"))
    even = ArrayField(models.BigIntegerField(null=True))
    group = ArrayField(models.BigIntegerField())
    taken = ArrayField(models.BigIntegerField())
    postings = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.on}"


class MerchantReach(models.Model):
    """How many customers paid at a merchant in a whole month, or in a part of it: counted by the
    clock from what the portal knows of persons, with what was merged into the merchant. What was
    given back is not deducted: whoever paid was there."""

    merchant = models.ForeignKey(
        "merchants.Merchant", models.PROTECT, related_name="+", db_index=False
    )
    month = models.DateField(_("month"))
    part = models.CharField(max_length=8, choices=ReachPart.choices)
    customers = models.PositiveIntegerField(_("customers"))
    purchases = models.PositiveIntegerField(_("purchases"))
    amount = models.DecimalField(_("amount (CNY)"), max_digits=18, decimal_places=2)
    # What one customer paid at most: a sum that is mostly one person's tells of that person.
    largest = models.DecimalField(_("most of one customer"), max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reach_largest_within",
                condition=Q(largest__gt=0, largest__lte=models.F("amount")),
            ),
            models.UniqueConstraint(name="reach_once", fields=["merchant", "month", "part"]),
            models.CheckConstraint(name="reach_of_whole_months", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="reach_counts",
                condition=Q(
                    part__in=ReachPart.values, customers__gte=1,
                    purchases__gte=models.F("customers"), amount__gt=0,
                ),
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="reach_month", fields=["month"])]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.month} {self.part}: {self.customers}"
