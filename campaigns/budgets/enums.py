"""What bounds the cost of a campaign, and kinds of entries of its ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LimitKind(models.TextChoices):
    """What a limit bounds. The order is that in which a refusal is named."""

    STOCK = "stock", _("Stock of a reward")
    TIER = "tier", _("Budget of a reward")
    CAMPAIGN = "campaign", _("Whole campaign")
    DAY = "day", _("A day")
    BRANCH = "branch", _("A branch and those below it")
    CUSTOMER = "customer", _("One customer")
    PARTY = "party", _("Who bears the cost")


class EntryKind(models.TextChoices):
    RESERVE = "reserve", _("Charged")
    RELEASE = "release", _("Given back")
