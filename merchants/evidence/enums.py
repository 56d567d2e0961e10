"""What turnover shows of a merchant, and why it is thought so."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TurnoverState(models.TextChoices):
    NOT_ENOUGH = "not_enough", _("Not enough yet")
    STEADY = "steady", _("Steady")
    DECLINING = "declining", _("Lastingly lower")
    RISING = "rising", _("Lastingly higher")


class TurnoverReason(models.TextChoices):
    """Why a state was found; each becomes a sentence with its numbers (`rules.sentences`)."""

    FELL = "fell", _("Turnover fell")
    ROSE = "rose", _("Turnover rose")
    CLOSED = "closed", _("No turnover any more")
    LOSS = "loss", _("Loss a year")
    GAIN = "gain", _("Gain a year")
    OF_GROUP = "of_group", _("The group's own change")
    BY_CHANCE = "by_chance", _("How often chance does this")
    NO_CHANGE = "no_change", _("No lasting change")
    FEW_POSTINGS = "few_postings", _("Few postings")
    SHORT_HISTORY = "short_history", _("Short history")
    TOO_UNEVEN = "too_uneven", _("Too uneven")
    LATE = "late", _("Its source is late")
    TWO_SOURCES = "two_sources", _("Two sources")
    RECOVERED = "recovered", _("Recovered")


class SuggestedPhase(models.TextChoices):
    """Where a partnership would be moved by what its turnover shows."""

    WAVERING = "wavering", _("Wavering")
    PERFECT = "perfect", _("Perfect")


class ReachPart(models.TextChoices):
    """Which purchases of a month were counted: all of them, those of workdays or of weekends, or
    all of the three months of which it is the last."""

    MONTH = "month", _("The month")
    WORKDAYS = "workdays", _("From Monday to Friday")
    WEEKENDS = "weekends", _("Saturdays and Sundays")
    QUARTER = "quarter", _("Three months")
