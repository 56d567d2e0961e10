"""States of a message, and how a failure is dealt with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    IN_DOUBT = "in_doubt", _("In doubt")
    PARKED = "parked", _("Set aside")
    CANCELLED = "cancelled", _("Cancelled")


class FailureKind(models.TextChoices):
    TEMPORARY = "temporary", _("Temporary")
    PERMANENT = "permanent", _("Permanent")
    ADDRESS = "address", _("Bad address")
    POLICY = "policy", _("No longer allowed")
