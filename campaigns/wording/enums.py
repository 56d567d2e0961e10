"""What the check of wording can say, and how its list of words is changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How grave a finding is. A finding asks a person to look; it is no verdict."""

    BAN = "ban", _("Forbidden")
    EVIDENCE = "evidence", _("Needs a source")
    CAUTION = "caution", _("Look again")


class WordState(models.TextChoices):
    """What the bank decided about a word, from a day on."""

    FOUND = "found", _("Is found")
    ALLOWED = "allowed", _("Is an exception")
    OFF = "off", _("Is not looked for")
