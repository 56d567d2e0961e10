"""The ledger of pay: what a month brought, card by card, what was taken back, and what was paid."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.targets.enums import EntryKind, TakenBecause
from journeys.targets.models.scorecards import ScorecardMeasure

_MONEY: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}


class PayEntry(models.Model):
    """A line of the ledger (CNY), of the month `pay_month` in which it counts. What a measure of a
    scorecard earned in that month, above or at nought; or what a card takes back of an earlier
    one, below nought, once for each. Added to only; a month that is closed takes no more."""

    staff = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    pay_month = models.DateField(_("month"))
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind.choices)
    measure = models.ForeignKey(ScorecardMeasure, models.PROTECT, related_name="+", db_index=False)
    actual = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    goal = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    amount = models.DecimalField(_("amount (CNY)"), **_MONEY)
    takes_back = models.OneToOneField(
        "journeys.PayCard", models.PROTECT, null=True, related_name="taken"
    )
    because = models.CharField(max_length=12, choices=TakenBecause.choices, blank=True, default="")
    at = models.DateTimeField(_("booked at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="pay_entry_earned_once",
                fields=["staff", "pay_month", "measure"],
                condition=Q(kind=EntryKind.EARNED),
            ),
            models.CheckConstraint(
                name="pay_entry_of_its_kind",
                condition=Q(
                    kind=EntryKind.EARNED, takes_back=None, because="", amount__gte=0,
                    points__isnull=False, goal__isnull=False,
                )
                | Q(
                    kind=EntryKind.TAKEN_BACK, takes_back__isnull=False, amount__lt=0,
                    because__in=TakenBecause.values, points=None, goal=None, actual=None,
                ),
            ),
            models.CheckConstraint(
                name="pay_entry_of_a_month", condition=Q(pay_month__day=1)
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="pay_entry_of_staff", fields=["staff", "-pay_month", "id"])]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.pay_month} {self.kind} {self.amount}"

    @property
    def is_taken_back(self) -> bool:
        return self.kind == EntryKind.TAKEN_BACK


class PayCard(models.Model):
    """What a card brought of what an entry earned (CNY): the cards of an entry come exactly to it.
    Added to only."""

    entry = models.ForeignKey(PayEntry, models.PROTECT, related_name="cards", db_index=False)
    card = models.ForeignKey("journeys.Card", models.PROTECT, related_name="+")
    amount = models.DecimalField(_("amount (CNY)"), **_MONEY)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pay_card_once", fields=["entry", "card"]),
            models.CheckConstraint(name="pay_card_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.card_id}: {self.amount}"


class PayMonth(models.Model):
    """A person's month, closed (CNY): what was carried over from the one before, what its entries
    come to, what is paid, and what is carried over to the next one: a month that lacks something
    pays nothing, and says so. Added to only; a trigger holds it against the entries."""

    staff = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+", db_index=False)
    month = models.DateField(_("month"))
    carried_in = models.DecimalField(_("carried over from before"), **_MONEY)
    earned = models.DecimalField(_("earned"), **_MONEY)
    taken_back = models.DecimalField(_("taken back"), **_MONEY)
    payable = models.DecimalField(_("to be paid"), **_MONEY)
    carried_out = models.DecimalField(_("carried over"), **_MONEY)
    closed_at = models.DateTimeField(_("closed at"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="pay_month_once", fields=["staff", "month"]),
            models.CheckConstraint(
                name="pay_month_adds_up",
                condition=Q(
                    carried_in__lte=0, earned__gte=0, taken_back__lte=0, payable__gte=0,
                    carried_out__lte=0,
                    payable=F("carried_in") + F("earned") + F("taken_back") - F("carried_out"),
                )
                & (Q(payable=0) | Q(carried_out=0)),
            ),
            models.CheckConstraint(
                name="pay_month_of_a_month", condition=Q(month__day=1)
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="pay_month_newest", fields=["-month", "staff"])]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.month}: {self.payable}"
