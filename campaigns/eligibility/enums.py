"""Kinds and states of runs, and outcomes of decisions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    PREVIEW = "preview", _("Preview")
    LIVE = "live", _("Live")


class RunState(models.TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    STOPPED = "stopped", _("Stopped")


class ChunkState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Outcome(models.TextChoices):
    QUALIFIED = "qualified", _("Qualified")
    NO_CARD = "no_card", _("No card of this campaign")
    NOT_QUALIFIED = "not_qualified", _("Not qualified")
