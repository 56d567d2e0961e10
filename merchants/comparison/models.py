"""What rivals were seen to offer merchants."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.comparison.enums import OfferKind


class RivalOffer(models.Model):
    """An offer of a rival to a merchant as somebody came to know it: a fact with its day and its
    source, which is told no more after `until_date` (the advertising law asks that figures are
    true, sourced and of their time). It is withdrawn with a reason, never changed; a trigger holds
    that."""

    merchant = models.ForeignKey("merchants.Merchant", models.PROTECT, related_name="rival_offers")
    rival = models.CharField(_("rival"), max_length=80)
    kind = models.CharField(_("what is offered"), max_length=10, choices=OfferKind.choices)
    terms = models.CharField(_("the offer in words"), max_length=300)
    source = models.CharField(_("where it is known from"), max_length=300)
    seen_date = models.DateField(_("seen on"))
    until_date = models.DateField(_("stands until"))
    noted_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("noted at"))
    withdrawn_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rival_offer_is_sourced",
                condition=Q(kind__in=OfferKind.values) & ~Q(rival="") & ~Q(terms="")
                & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="rival_offer_has_an_end",
                condition=Q(
                    until_date__gte=F("seen_date"),
                    until_date__lte=F("seen_date") + dt.timedelta(days=366),
                ),
            ),
            models.CheckConstraint(
                name="rival_offer_withdrawn_whole",
                condition=Q(withdrawn_by=None, withdrawn_at=None, withdrawn_why="")
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                & ~Q(withdrawn_why=""),
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="rival_offer_standing", fields=["merchant", "until_date"])]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.rival}"

    def stands_on(self, on: dt.date) -> bool:
        """This will tell whether it may be told on a day."""
        return self.withdrawn_at is None and self.seen_date <= on <= self.until_date
