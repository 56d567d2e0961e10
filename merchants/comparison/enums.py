"""The words of the comparison."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OfferKind(models.TextChoices):
    """What a rival offers a merchant or its customers."""

    FEE = "fee", _("Fee of accepting cards")
    DISCOUNT = "discount", _("Discount for customers")
    REBATE = "rebate", _("Money back or points")
    SUPPORT = "support", _("Money for the merchant's advertising")
    EXCLUSIVE = "exclusive", _("Exclusive partnership")
    OTHER = "other", pgettext_lazy("offer", "Something else")


class Likeness(models.TextChoices):
    """How a merchant goes with another."""

    SAME_CODE = "same_code", _("Same category code, city of the same size")
    SAME_SCENARIO = "same_scenario", _("Same scenario, city of the same size")


class FigureCode(models.TextChoices):
    """What merchants are compared by."""

    TURNOVER = "turnover", _("Turnover of an active month (CNY)")
    GROWTH = "growth", _("Growth of a year, season removed (%)")
    FREQUENCY = "frequency", _("Purchases of a customer in a month")
    CUSTOMERS = "customers", _("Customers of an active month")
    CARDS = "cards", _("New cards won there in a month")
