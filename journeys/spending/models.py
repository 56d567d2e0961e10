"""Card transactions. A big table: written by COPY and INSERT .. SELECT, few indexes."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.spending.enums import SpendingChannel, TransactionKind


class Transaction(models.Model):
    """One posted transaction. `amount` (CNY) is signed: a refund is negative, so a sum is net."""

    reference = models.CharField(_("reference"), max_length=40, unique=True)
    customer = models.ForeignKey(
        "journeys.Customer", models.PROTECT, related_name="+", db_index=False
    )
    card = models.ForeignKey("journeys.Card", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=8, choices=TransactionKind.choices)
    amount = models.DecimalField(_("amount (CNY)"), max_digits=14, decimal_places=2)
    posted_date = models.DateField(_("posted on"))
    posted_at = models.DateTimeField(_("posted at"), null=True)
    merchant = models.ForeignKey(
        "merchants.Merchant", models.PROTECT, null=True, related_name="+", db_index=False
    )
    mcc = models.CharField("MCC", max_length=4, blank=True)
    channel = models.CharField(
        _("channel"), max_length=8, choices=SpendingChannel.choices, blank=True
    )
    division_code = models.CharField(_("division code"), max_length=12, blank=True)
    # The source's reference of the purchase, which may come later than its refund, or never.
    refund_of = models.CharField(_("refund of"), max_length=40, blank=True)
    as_of = models.DateTimeField(_("as of"), null=True)
    heard_at = models.DateTimeField(_("received without an instant"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="transaction_sign_follows_kind",
                condition=Q(kind=TransactionKind.PURCHASE, amount__gt=0)
                | Q(kind=TransactionKind.REFUND, amount__lt=0),
            ),
        ]
        indexes = [
            models.Index(
                name="transaction_card_day", fields=["card", "posted_date"], include=["amount"]
            ),
            # Few rows are refunds: what was given back of a purchase, and to a customer, is found
            # at little cost.
            models.Index(
                name="transaction_refund_of", fields=["refund_of"], condition=~Q(refund_of="")
            ),
            models.Index(
                name="transaction_refund",
                fields=["customer", "posted_date"],
                condition=Q(amount__lt=0),
            ),
            # Months of all cards together, in a table that grows by the day.
            BrinIndex(name="transaction_by_day", fields=["posted_date"], autosummarize=True),
        ]

    def __str__(self) -> str:
        return self.reference


class MerchantDay(models.Model):
    """What a merchant's day came to: purchases, refunds and their net amount (CNY), each on the
    day of posting. Triggers keep it with every change of Transaction, so that turnover is read
    from few rows; `spending.operations.recount_merchant_days` counts anew.
    """

    merchant = models.ForeignKey(
        "merchants.Merchant", models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField(_("day"))
    purchases = models.IntegerField(_("purchases"))
    refunds = models.IntegerField(_("refunds"))
    amount = models.DecimalField(_("turnover (CNY)"), max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="merchant_day_once", fields=["merchant", "day"],
                include=["amount", "purchases", "refunds"],
            ),
            models.CheckConstraint(
                name="merchant_day_counts", condition=Q(purchases__gte=0, refunds__gte=0)
            ),
        ]  # fmt: skip
        indexes = [
            # The days of all merchants together: what the figures of a branch, or of all, read.
            models.Index(
                name="merchant_day_by_day", fields=["day"], include=["merchant", "amount"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.day}: {self.amount}"
