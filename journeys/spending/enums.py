"""Kinds and channels of card transactions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TransactionKind(models.TextChoices):
    PURCHASE = "purchase", _("Purchase")
    REFUND = "refund", _("Refund")


class SpendingChannel(models.TextChoices):
    POS = "pos", _("Point of sale")
    ONLINE = "online", _("Online")
    QR = "qr", _("QR code")
