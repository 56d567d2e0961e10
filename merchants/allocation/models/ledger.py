"""What became of allocated money: an account for each partner of an approved plan, and the entries
that its figures follow from."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.allocation.enums import EntryKind
from merchants.allocation.models.plans import FundLine

_MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}
_NOUGHT = Decimal(0)


class FundAccount(models.Model):
    """The account of a partner's money (CNY): opened when its plan is approved, with what the plan
    gives it. The other figures are sums of the entries, written by their trigger alone."""

    line = models.OneToOneField(FundLine, models.PROTECT, related_name="account")
    allocated = models.DecimalField(_("allocated"), **_MONEY)
    committed = models.DecimalField(_("committed"), default=_NOUGHT, **_MONEY)
    claimed = models.DecimalField(_("claimed"), default=_NOUGHT, **_MONEY)
    paid = models.DecimalField(_("paid"), default=_NOUGHT, **_MONEY)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fund_account_holds",
                condition=Q(
                    paid__gte=0, claimed__gte=F("paid"), committed__gte=F("claimed"),
                    allocated__gte=F("committed"),
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.line_id}: {self.allocated}"

    @property
    def free(self) -> Decimal:
        return self.allocated - self.committed


class FundEntry(models.Model):
    """A line of the ledger (CNY): only added to. A claim is `against` a commitment, a payment
    against a claim; a reversal `reverses` an entry and takes some of it back, below nought.
    Triggers hold what each may come to. `key` is made with the form: sent twice, it is one."""

    account = models.ForeignKey(FundAccount, models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=8, choices=EntryKind.choices)
    amount = models.DecimalField(_("amount (CNY)"), **_MONEY)
    against = models.ForeignKey("self", models.PROTECT, null=True, related_name="built")
    reverses = models.ForeignKey("self", models.PROTECT, null=True, related_name="reversals")
    document = models.CharField(_("document"), max_length=80)
    words = models.CharField(_("note"), max_length=300, blank=True)
    actor = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    on_date = models.DateField(_("on"))
    at = models.DateTimeField(_("booked at"))
    key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fund_entry_sign",
                condition=Q(reverses=None, amount__gt=0)
                | (Q(reverses__isnull=False, amount__lt=0) & ~Q(words="")),
            ),
            models.CheckConstraint(
                name="fund_entry_rests_on",
                condition=Q(kind=EntryKind.COMMIT, against=None)
                | Q(kind__in=[EntryKind.CLAIM, EntryKind.PAY], against__isnull=False),
            ),
            models.CheckConstraint(name="fund_entry_has_document", condition=~Q(document="")),
        ]
        indexes = [models.Index(name="fund_entry_of_account", fields=["account", "id"])]

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind} {self.amount}"

    @property
    def is_reversal(self) -> bool:
        return self.reverses_id is not None
