"""Words of posts: qualifications, absences, shifts, and what is won there."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QualificationKind(models.TextChoices):
    """What the bank examined a member of staff in."""

    CARDS = "cards", _("Selling credit cards")
    ON_SITE = "on_site", _("Standing at a merchant's")


class AbsenceKind(models.TextChoices):
    LEAVE = "leave", _("Leave")
    SICK = "sick", _("Sick")
    TRAINING = "training", _("Training")
    OTHER = "other", _("Another absence")


class PostDays(models.TextChoices):
    """On which days of the bank's calendar a post stands."""

    ALL = "all", _("Every day")
    WORKDAYS = "workdays", _("Workdays, made-up ones too")
    REST_DAYS = "rest_days", _("Rest days and public holidays")


class ShiftState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("shift", "Planned")
    CANCELLED = "cancelled", pgettext_lazy("shift", "Cancelled")


class Standing(models.TextChoices):
    """What has become of a shift by an instant."""

    AHEAD = "ahead", pgettext_lazy("shift", "Ahead")
    DUE = "due", pgettext_lazy("shift", "Due, nobody checked in")
    THERE = "there", pgettext_lazy("shift", "Checked in")
    DONE = "done", pgettext_lazy("shift", "Checked out")
    CLOSED = "closed", pgettext_lazy("shift", "Check-out forgotten")
    MISSED = "missed", pgettext_lazy("shift", "Nobody came")
    CANCELLED = "cancelled", pgettext_lazy("shift", "Cancelled")


class Counted(models.TextChoices):
    """What the person on the post counts."""

    LEAD = "lead", pgettext_lazy("post", "Leads")
    APPLICATION = "application", pgettext_lazy("post", "Applications")
    ACTIVATION = "activation", pgettext_lazy("post", "Activations")


class CostUnit(models.TextChoices):
    HOUR = "hour", _("an hour")
    DAY = "day", _("a day")
