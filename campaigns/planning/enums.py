"""The words of campaign planning."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Objective(models.TextChoices):
    ACQUIRE = "acquire", _("Acquire")
    ACTIVATE = "activate", _("Activate")
    CONVERT = "convert", _("Convert")
    RETAIN = "retain", _("Retain")


class Era(models.TextChoices):
    PRODUCT = "1.0", _("1.0 Product identity")
    BATCH = "2.0", _("2.0 Batch acquisition")
    CUSTOMER = "3.0", _("3.0 Customer management")
    ECOSYSTEM = "4.0", _("4.0 Ecosystem")


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    VETOED = "vetoed", _("Vetoed")


class TierMode(models.TextChoices):
    """What counts where a customer reaches several tiers of a reward."""

    HIGHEST = "highest", _("The highest tier reached counts")
    EACH = "each", _("Each tier reached adds")


class RewardKind(models.TextChoices):
    """What is given."""

    GIFT = "gift", _("Gift")
    CASH_BACK = "cash_back", _("Cash back")
    POINTS = "points", _("Points")
    MULTIPLE = "multiple", _("Points multiplied")
    BENEFIT = "benefit", _("Member benefit")


# Those that credit points; and those of which the difference to a higher one can be given, since
# they are figures in an account. A gift or a benefit may have been handed over already.
OF_POINTS = frozenset({RewardKind.POINTS, RewardKind.MULTIPLE})
BY_DIFFERENCE = OF_POINTS | {RewardKind.CASH_BACK}
