"""The stages of a customer's journey, and the steps within them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JourneyStage(models.TextChoices):
    AWARENESS = "awareness", _("Contact and awareness")
    APPLICATION = "application", _("Application and issuance")
    ACTIVATION = "activation", _("Activation and use")
    LOYALTY = "loyalty", _("Points and service")


class JourneyStep(models.TextChoices):
    """Where in the stage a customer stands; each step belongs to one stage."""

    REGISTERED = "registered", _("Registered")
    FILED = "filed", _("Application open")
    APPROVED = "approved", _("Approved, not issued")
    ENDED = "ended", _("Refused or withdrawn")
    ISSUED = "issued", _("Card issued")
    ACTIVATED = "activated", _("Card activated")
    USED = "used", _("Card used")
    REDEEMED = "redeemed", _("Points redeemed")


class Breakdown(models.TextChoices):
    """By what the funnel is broken down."""

    MONTH = "month", _("Month of entry")
    BRANCH = "branch", _("Branch")
    PRODUCT = "product", _("Product")
