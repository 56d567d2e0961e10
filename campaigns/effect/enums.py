"""What a campaign is measured by, and whether its two sides can be compared."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.planning.enums import Objective


class Conversion(models.TextChoices):
    """What counts as converted, within the window that begins on the day after the person's entry.
    It follows from the campaign's objective, and is fixed before anything is counted."""

    ISSUED = "issued", _("A new primary card was issued")
    FIRST_USE = "first_use", _("A card was used for the first time")
    REPEAT = "repeat", _("Purchases on two days or more")
    KEPT = "kept", _("A purchase in the last thirty days of the window")


CONVERSION_OF = {
    Objective.ACQUIRE: Conversion.ISSUED,
    Objective.ACTIVATE: Conversion.FIRST_USE,
    Objective.CONVERT: Conversion.REPEAT,
    Objective.RETAIN: Conversion.KEPT,
}


class Measure(models.TextChoices):
    """What is compared, the measure that decides first. The capped spending is a check of the
    spending: each person's sum cut at an amount that was fixed before."""

    CONVERSION = "conversion", _("Conversion")
    ACTIVATION = "activation", _("Card in use")
    SPENDING = "spending", _("Spending for each person (CNY)")
    CAPPED = "capped", _("Spending, single persons capped (CNY)")

    @property
    def is_share(self) -> bool:
        return self in {Measure.CONVERSION, Measure.ACTIVATION}


class Known(models.TextChoices):
    """Whether both sides can be compared, or why not."""

    COMPARED = "compared", _("Compared")
    NO_CONTROL = "no_control", _("No control group")
    NOT_ENOUGH = "not_enough", _("Not enough yet")
    TOO_RARE = "too_rare", _("Too rare yet")
    NOT_AS_DRAWN = "not_as_drawn", _("Sides not as drawn")


class Finding(models.TextChoices):
    """What the interval says."""

    MORE = "more", _("It works")
    LESS = "less", _("It harms")
    OPEN = "open", _("Chance not ruled out yet")

    @property
    def tone(self) -> str:
        return _TONES[self]


_TONES = {Finding.MORE: "success", Finding.LESS: "danger", Finding.OPEN: "secondary"}
