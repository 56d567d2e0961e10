"""How much a customer promises."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Potential(models.TextChoices):
    HIGH = "high", _("High potential")
    MIDDLE = "middle", _("Middle potential")
    LOW = "low", _("Low potential")
