"""States of a lead, and what becomes of one that is loaded."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LeadState(models.TextChoices):
    NEW = "new", _("New")
    WORKING = "working", _("In progress")
    WON = "won", _("Applied")
    LOST = "lost", _("Closed")
    OFF = "off", _("Called off")


class LeadAnswer(models.TextChoices):
    """What became of one row of a list of leads."""

    TAKEN = "taken", _("Taken in")
    KNOWN = "known", _("Known already")
    NOT_TO_BE_CONTACTED = "not_to_be_contacted", _("Not to be contacted")
    ERASED = "erased", _("Erased at the person's request")
