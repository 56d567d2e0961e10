"""Kinds of entries in the points ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PointsKind(models.TextChoices):
    EARNED = "earned", _("Earned")
    REDEEMED = "redeemed", _("Redeemed")
    EXPIRED = "expired", _("Expired")
    RESTORED = "restored", _("Given back")
    ADJUSTED = "adjusted", _("Corrected")


# How the references begin under which the house itself writes; no source may use them.
HOUSE_PREFIXES = ("earned", "adjusted", "expired", "restored", "reward")

# What a source may tell. That expired points are given back, or what spending earned corrected,
# follows here from what comes late.
TOLD_KINDS = [PointsKind.EARNED, PointsKind.REDEEMED, PointsKind.EXPIRED]
