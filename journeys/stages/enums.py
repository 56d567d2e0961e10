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
    SUPPLEMENTED = "supplemented", _("Application open, documents in")
    APPROVED = "approved", _("Approved, not issued")
    ENDED = "ended", _("Refused or withdrawn")
    ISSUED = "issued", _("Card issued")
    ACTIVATED = "activated", _("Card activated")
    USED = "used", _("Card used")
    REDEEMED = "redeemed", _("Points redeemed")


STEPS_OF: dict[JourneyStage, tuple[JourneyStep, ...]] = {
    JourneyStage.AWARENESS: (JourneyStep.REGISTERED,),
    JourneyStage.APPLICATION: (
        JourneyStep.FILED, JourneyStep.SUPPLEMENTED, JourneyStep.APPROVED, JourneyStep.ENDED,
    ),
    JourneyStage.ACTIVATION: (JourneyStep.ISSUED, JourneyStep.ACTIVATED, JourneyStep.USED),
    JourneyStage.LOYALTY: (JourneyStep.REDEEMED,),
}  # fmt: skip


class Reached(models.TextChoices):
    """The steps of the funnel: the columns of the days on which they were reached, in order."""

    AWARENESS = "awareness_date", _("Registered")
    APPLICATION = "application_date", _("Applied for a card")
    ISSUED = "issued_date", _("Card issued")
    ACTIVATED = "activated_date", _("Card activated")
    USED = "used_date", _("Card used")
    LOYALTY = "loyalty_date", _("Points redeemed")


class Breakdown(models.TextChoices):
    """By what the funnel is broken down."""

    BRANCH = "branch", _("Branch")
    MONTH = "month", _("Month of entry")
    PRODUCT = "product", _("Product")
