"""What figures of activity count, which of them a proof compares, and what is counted anew."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Counted(models.TextChoices):
    CARDS = "cards", _("Cards")
    CUSTOMERS = "customers", _("Customers (accounts)")


class CountKind(models.TextChoices):
    DAY = "day", _("Figures of a day")
    COHORT = "cohort", _("Cards issued in a month")


class Proved(models.TextChoices):
    """Which figures a proof compares."""

    ACTIVE = "active", _("Active cards")
    SLEEP = "sleep", _("Sleeping cards")
    COHORT = "cohort", _("Used after issue")
