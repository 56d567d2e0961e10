"""Where a card is used."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scenario(models.TextChoices):
    DINING = "dining", _("Dining")
    GROCERIES = "groceries", _("Groceries")
    TRAVEL = "travel", _("Travel")
    CAR = "car", _("Car")
    HEALTH = "health", _("Health")
    EDUCATION = "education", _("Education")
    ONLINE = "online", _("Online and stay-at-home")
    OTHER = "other", _("Other")
