"""States of a lead."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LeadState(models.TextChoices):
    NEW = "new", _("New")
    WORKING = "working", _("In progress")
    WON = "won", _("Applied")
    LOST = "lost", _("Closed")
