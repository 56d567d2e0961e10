"""Merchants and their categories."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import Scenario
from portal.kit import keys, languages


class MerchantCategory(models.Model):
    """A merchant category code (ISO 18245) and the scenario it belongs to."""

    mcc = models.CharField("MCC", max_length=4, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=200)
    scenario = models.CharField(_("scenario"), max_length=12, choices=Scenario.choices)

    class Meta:
        verbose_name = _("merchant category")
        verbose_name_plural = _("merchant categories")
        constraints = [
            models.CheckConstraint(name="mcc_is_four_digits", condition=Q(mcc__regex=r"^\d{4}$"))
        ]

    def __str__(self) -> str:
        name = self.name_en if languages.reads_english() else self.name
        return f"{self.mcc} {name}"


class Merchant(models.Model):
    """A merchant where cards are used; a partner where `is_partner`."""

    number = models.CharField(_("merchant number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    name_pinyin = models.CharField(max_length=240, blank=True)
    category = models.ForeignKey(MerchantCategory, models.PROTECT, related_name="merchants")
    branch = models.ForeignKey("portal.Branch", models.PROTECT, related_name="merchants")
    manager = models.ForeignKey(
        "portal.Staff", models.PROTECT, null=True, blank=True, related_name="merchants"
    )
    division_code = models.CharField(_("division code"), max_length=12, blank=True)
    is_partner = models.BooleanField(_("partner"), default=False)
    joined_date = models.DateField(_("joined on"), null=True, blank=True)

    class Meta:
        constraints = [keys.addressable("merchant_number_addressable")]
        indexes = [models.Index(name="merchant_pinyin", fields=["name_pinyin", "id"])]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        english = languages.reads_english() and self.name_en
        return self.name_en if english else self.name
