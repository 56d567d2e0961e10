"""How much a customer promises; what is known of calls that were made."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Potential(models.TextChoices):
    HIGH = "high", _("High potential")
    MIDDLE = "middle", _("Middle potential")
    LOW = "low", _("Low potential")


class CallResult(models.TextChoices):
    SUCCESS = "success", _("Success")
    FAILURE = "failure", _("No success")


class EarlierResult(models.TextChoices):
    """What came of the contacts of an earlier campaign."""

    SUCCESS = "success", _("Success")
    FAILURE = "failure", _("No success")
    OTHER = "other", _("Something else")


class PhoneKind(models.TextChoices):
    MOBILE = "mobile", _("Mobile phone")
    LANDLINE = "landline", _("Landline")


class Lack(models.TextChoices):
    """Why a training made no model, and the scorecard stands in."""

    TOO_FEW = "too_few", _("Too few calls to learn from")
    NOT_BETTER = "not_better", _("No better than the scorecard")


class PotentialLack(models.TextChoices):
    """Why a training of the model of potential made none, and the scorecard stands in."""

    TOO_FEW = "too_few", _("Too few customers to learn from")
    NOT_BETTER = "not_better", _("No better than the scorecard")
