"""Channels, purposes, and the answers of the gate."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")


class Purpose(models.TextChoices):
    MARKETING = "marketing", _("Marketing")
    SERVICE = "service", _("Service")


class PauseKind(models.TextChoices):
    """What pauses marketing to a person until it is settled."""

    COMPLAINT = "complaint", _("Complaint")


class GateAnswer(models.TextChoices):
    """Why a person may, or may not, be contacted. The order is the order of the checks."""

    OPEN = "open", _("May be contacted")
    ALREADY = "already", _("Already contacted for this")
    DO_NOT_CONTACT = "do_not_contact", _("Asked never to be contacted")
    COMPLAINT_OPEN = "complaint_open", _("A complaint is open")
    NO_CONSENT = "no_consent", _("No consent for this channel")
    NO_ADDRESS = "no_address", _("No address for this channel")
    CAP_REACHED = "cap_reached", _("Contact limit reached")
    NO_RULE = "no_rule", _("No contact rule in force")
