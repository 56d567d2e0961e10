"""What the examination of one condition can find."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Finding(models.TextChoices):
    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not met")
    NOT_EXAMINED = "not_examined", _("Not examined")


class LastDay(models.TextChoices):
    """Whether the last day of a span of days still counts."""

    INSIDE = "inside", _("The last day counts")
    OUTSIDE = "outside", _("The last day does not count")
