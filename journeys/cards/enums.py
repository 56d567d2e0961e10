"""States of an application, and where it stands against the limit of approval."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    FILED = "filed", _("Filed")
    SUPPLEMENTED = "supplemented", _("Documents supplemented")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Not decided yet; an application whose documents came in later is still an open one.
OPEN_STATES = [ApplicationState.FILED, ApplicationState.SUPPLEMENTED]
DECIDED_STATES = [
    ApplicationState.APPROVED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN,
]  # fmt: skip


class Awaited(models.TextChoices):
    """What an application on the clock waits for: it runs from the application to the issue."""

    FILED = "filed", _("Decision of the bank")
    SUPPLEMENTED = "supplemented", _("Decision, documents in")
    CARD = "card", _("Card: approved, not issued yet")


class Clock(models.TextChoices):
    """An application whose card is not issued against the limit of approval."""

    OVER = "over", _("Over the limit")
    NEAR = "near", _("Near the limit")
    WITHIN = "within", _("Within the limit")


class Track(models.TextChoices):
    FAST = "fast", _("Fast track only")
    USUAL = "usual", _("Without fast track")
