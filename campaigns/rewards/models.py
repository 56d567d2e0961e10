"""Grants: what was given to whom. A trigger refuses a gift before activation and first use."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Grant(models.Model):
    """One reward given to one customer, once per campaign, whatever its versions.

    The database refuses a grant whose card is not both activated and used by `granted_date`:
    Measures for the Supervision of Credit Card Business (2011), article 49.
    """

    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="grants")
    version = models.ForeignKey("campaigns.CampaignVersion", models.PROTECT, related_name="+")
    run = models.ForeignKey("campaigns.Run", models.PROTECT, related_name="grants")
    customer = models.ForeignKey("journeys.Customer", models.PROTECT, related_name="grants")
    card = models.ForeignKey("journeys.Card", models.PROTECT, related_name="+")
    reward = models.CharField(_("reward"), max_length=40)
    amount = models.DecimalField(_("value (CNY)"), max_digits=12, decimal_places=2)
    granted_date = models.DateField(_("granted on"))
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="grant_once", fields=["customer", "campaign"]),
            models.CheckConstraint(name="grant_positive", condition=Q(amount__gt=0)),
        ]
