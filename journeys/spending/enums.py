"""Kinds and channels of card transactions, and what can be doubtful about a refund."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TransactionKind(models.TextChoices):
    PURCHASE = "purchase", _("Purchase")
    REFUND = "refund", _("Refund")


class SpendingChannel(models.TextChoices):
    POS = "pos", _("Point of sale")
    ONLINE = "online", _("Online")
    QR = "qr", _("QR code")


class RefundDoubt(models.TextChoices):
    """Why a refund and the purchase that it names do not go together."""

    UNKNOWN = "unknown", _("Its purchase is not known here")
    NO_PURCHASE = "no_purchase", _("It names a refund, not a purchase")
    OTHER_CARD = "other_card", _("Its purchase was made with another card")
    TOO_MUCH = "too_much", _("More was given back than was paid")
