"""The steps of the editor and what it does to a tree of conditions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """In the order in which they are offered; they may be visited in any."""

    BASICS = "basics", _("Basics")
    AUDIENCE = "audience", _("Audience")
    REWARDS = "rewards", _("Rewards")
    BUDGET = "budget", _("Budget")
    TOUCHES = "touches", _("Touch plan")
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


class Touch(models.TextChoices):
    """What can be done to a touch plan and its parts. What stands behind a colon in a button is the
    number of the part."""

    BEGIN = "begin", _("Begin a touch plan")
    KNOWN = "known", _("Begin with the known case")
    DROP = "drop", _("Take the touch plan out")
    ADD = "add", _("Add a step")
    OPEN = "open", _("Edit")
    UP = "up", _("Move up")
    DOWN = "down", _("Move down")
    COPY = "copy", _("Duplicate")
    REMOVE = "remove", _("Remove")
    TREE = "tree", _("Edit these conditions")
    ADD_EXIT = "add_exit", _("Add a way out")
    DROP_EXIT = "drop_exit", _("Remove this way out")


class Way(models.TextChoices):
    """What can be done to the ways in which a step says a thing, or on its page."""

    VARY = "vary", _("Say it in variants")
    ADD = "add_variant", _("Add a variant")
    REMOVE = "drop_variant", _("Remove this variant")
    ONE = "one_text", _("One text for everybody")
    TREE = "tree", _("Edit these conditions")
    STAY = "stay", _("Keep")
