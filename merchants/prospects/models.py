"""Merchants that may become partners: leads, and the deals that came of them."""

from django.db import models

from portal.kit import keys


class MerchantLead(models.Model):
    """A merchant that showed interest, under the number of its source."""

    number = models.CharField(max_length=40, unique=True)
    branch = models.ForeignKey("portal.Branch", models.PROTECT, null=True, related_name="+")
    first_contact_date = models.DateField()
    # Where it came from, as its source says; empty where it does not.
    origin = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [keys.addressable("merchant_lead_number_addressable")]
        indexes = [models.Index(name="merchant_lead_by_origin", fields=["origin"])]

    def __str__(self) -> str:
        return self.number


class MerchantDeal(models.Model):
    """A lead that was won, once; `number` is that of the lead. It may be dated before the first
    contact: such days are told, and stand in no reckoning of how long it took."""

    number = models.CharField(max_length=40, unique=True)
    lead = models.OneToOneField(MerchantLead, models.PROTECT, related_name="deal")
    merchant = models.ForeignKey(
        "merchants.Merchant", models.PROTECT, null=True, related_name="deals"
    )
    won_date = models.DateField()
    developer = models.CharField(max_length=40, blank=True)
    representative = models.CharField(max_length=40, blank=True)
    segment = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(name="merchant_deal_by_person", fields=["representative"])]

    def __str__(self) -> str:
        return self.number
