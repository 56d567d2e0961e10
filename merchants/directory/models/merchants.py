"""Merchants and their categories."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import MerchantSource, Scenario
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


# Two digits, six of the division, ten of the organisation and a check sign (GB 32100-2015).
CREDIT_CODE = r"^([0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10})?$"


class Merchant(models.Model):
    """A merchant where cards are used; a partner where `is_partner`, which a second person must
    have allowed (`PartnerRequest`).

    `division_code` names a `Division`, which a trigger looks at. `name_key` is the name without
    what differs between ways to write it, by which double entries are found. A merchant that is the
    same as another is `merged_into` that one, and stays: what refers to it still does. The other is
    merged into none itself, which a trigger holds.
    """

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
    legal_name = models.CharField(_("registered name"), max_length=160, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    source = models.CharField(
        _("source"), max_length=12, choices=MerchantSource.choices, default=MerchantSource.ACQUIRING
    )
    name_key = models.CharField(max_length=240, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="aliases"
    )

    class Meta:
        constraints = [
            keys.addressable("merchant_number_addressable"),
            models.CheckConstraint(
                name="merchant_credit_code_form", condition=Q(credit_code__regex=CREDIT_CODE)
            ),
            models.CheckConstraint(
                name="merchant_source_known", condition=Q(source__in=MerchantSource.values)
            ),
            models.CheckConstraint(
                name="merchant_not_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
            ),
            models.CheckConstraint(
                name="merchant_merged_is_no_partner",
                condition=Q(merged_into=None) | Q(is_partner=False),
            ),
        ]
        indexes = [
            models.Index(name="merchant_pinyin", fields=["name_pinyin", "id"]),
            models.Index(
                name="merchant_by_credit_code",
                fields=["credit_code"],
                condition=~Q(credit_code=""),
            ),
            models.Index(
                name="merchant_by_name_key", fields=["name_key"], condition=~Q(name_key="")
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        english = languages.reads_english() and self.name_en
        return self.name_en if english else self.name
