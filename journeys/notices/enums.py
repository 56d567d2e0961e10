"""Results that customers are told, and how far the telling is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import GateAnswer


class Result(models.TextChoices):
    """What was decided about an application: its states but the open one."""

    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class NoticeState(models.TextChoices):
    DUE = "due", _("To be told")
    TOLD = "told", _("Message written")
    NOT_TOLD = "not_told", _("Not told")
    SUPERSEDED = "superseded", _("Replaced by another result")


class Hindrance(models.TextChoices):
    """Why a result waits, or is not told: the gate's answers, and what is missing here."""

    NO_ADDRESS = GateAnswer.NO_ADDRESS.value, _("Neither phone nor e-mail is known")
    NO_RULE = GateAnswer.NO_RULE.value, _("Waits: no contact rule is in force")
    NO_HOURS = (
        GateAnswer.NO_HOURS.value,
        _("Waits: no contact hours are in force for this channel and place"),
    )
    NO_CALENDAR = GateAnswer.NO_CALENDAR.value, _("Waits: the calendar of the year is missing")
    ALREADY = GateAnswer.ALREADY.value, _("Was told before")
    NO_TEXT = "no_text", _("Waits: the message text is missing or cannot be filled in")
