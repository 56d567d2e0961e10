"""The steps of the editor and what it does to a tree of conditions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """In the order in which they are offered; they may be visited in any."""

    BASICS = "basics", _("Basics")
    AUDIENCE = "audience", _("Audience")
    REWARDS = "rewards", _("Rewards")
    BUDGET = "budget", _("Budget")
    TEXTS = "texts", _("Texts and disclosure")
    REVIEW = "review", _("Review")


class Change(models.TextChoices):
    """What can be done to a part of a tree."""

    UP = "up", _("Move up")
    DOWN = "down", _("Move down")
    NEGATE = "negate", _("Turn round: not")
    GROUP = "group", _("Put into a group of its own")
    UNGROUP = "ungroup", _("Dissolve the group")
    JOIN = "join", _("Change between all and any")
    ADD_ALL = "add_all", _("Add a group: all of")
    ADD_ANY = "add_any", _("Add a group: any of")
    REMOVE = "remove", _("Remove")
