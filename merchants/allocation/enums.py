"""Words of promotion money: plans, what responses rest on, groups, and entries of the ledger."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Plan in the making")
    WAITING = "waiting", _("Plan waits for approval")
    APPROVED = "approved", _("Plan approved")
    AMENDED = "amended", _("Plan amended by another")


class Basis(models.TextChoices):
    """What the response of a partner to money rests on."""

    NONE = "", _("Not known yet")
    PAST = "past", _("A past joint campaign")
    ENTERED = "entered", _("An estimate that a person entered")
    LEVELS = "levels", _("Levels from a file")


class GroupKind(models.TextChoices):
    """By what partners are grouped for a share of the budget."""

    SCENARIO = "scenario", _("Scenario")
    CITY_TIER = "city_tier", _("City size")
    BRANCH = "branch", _("Branch")


class EntryKind(models.TextChoices):
    """What a line of the ledger says; each rests on one of the kind before it."""

    COMMIT = "commit", _("Commitment")
    CLAIM = "claim", _("Claim")
    PAY = "pay", _("Payment")
