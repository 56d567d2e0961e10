"""Words of service cases and complaints."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Grade(models.TextChoices):
    """How hard a complaint is to settle; the limit follows from it."""

    SIMPLE = "simple", _("Simple complaint")
    COMPLEX = "complex", _("Complex complaint")
    SPECIAL = "special", _("Special complaint")


class ComplaintState(models.TextChoices):
    OPEN = "open", _("Open complaint")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Complaint closed")


class CaseState(models.TextChoices):
    OPEN = "open", _("Open case")
    CLOSED = "closed", _("Case closed")


class CareChannel(models.TextChoices):
    """The way on which the customer turned to the bank."""

    HOTLINE = "hotline", _("Hotline")
    BRANCH = "branch", _("At the branch")
    APP = "app", _("Mobile app")
    EMAIL = "email", _("E-mail")
    SUPERVISOR = "supervisor", _("Through the supervisor")


class CauseKind(models.TextChoices):
    """What a complaint was found to come from."""

    CAMPAIGN = "campaign", _("Campaign version")
    SCRIPT = "script", _("Message text or call script")
    STAFF = "staff", _("Member of staff")
    PRODUCT = "product", _("Card product or its terms")
    PROCESS = "process", _("Process or system")
    UNFOUNDED = "unfounded", _("No fault found")


class CareEventKind(models.TextChoices):
    OPENED = "opened", _("Was opened")
    ANSWERED = "answered", _("Was answered")
    EXTENSION_ASKED = "extension_asked", _("Extension asked for")
    EXTENDED = "extended", _("Extension allowed")
    EXTENSION_REFUSED = "extension_refused", _("Extension not allowed")
    CLOSED = "closed", _("Was closed")
    REOPENED = "reopened", _("Was opened again")
