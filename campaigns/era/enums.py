"""The words of eras."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShareCode(models.TextChoices):
    """The four shares by which the era of a branch is told."""

    PULL = "pull", _("Cards by product pull")
    BATCH = "batch", _("Cards by batch acquisition")
    REACHED = "reached", _("Customers reached by targeted campaigns")
    PARTNERS = "partners", _("Spending at partners")


class Unknown(models.TextChoices):
    """Why a share is not known."""

    NOT_COUNTED = "not_counted", _("These months were not counted yet: that happens by the clock.")
    FEW_CARDS = "few_cards", _("Fewer cards of known origin were issued than the rule asks for.")
    NO_ORIGIN = "no_origin", _("Of too many cards no application is on file.")
    FEW_CUSTOMERS = "few_customers", _("Fewer customers hold a card than the rule asks for.")
    NO_SPENDING = "no_spending", _("Nothing was spent with cards of the branch.")
    NO_MERCHANTS = "no_merchants", _("No purchase names a merchant of the directory.")
