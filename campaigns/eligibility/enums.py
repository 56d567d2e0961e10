"""Kinds and states of runs, and outcomes of decisions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunKind(models.TextChoices):
    """What a run does with what it decides. The path is the same; the sinks differ.

    A preview counts how many meet the conditions. A dry run writes down its decisions, with what
    stock, budget, control group and contact rules would say today. A back-test is a dry run for
    the evenings of past days. A live run grants and sends.
    """

    PREVIEW = "preview", _("Preview")
    DRY_RUN = "dry_run", _("Dry run")
    BACK_TEST = "back_test", _("Back-test")
    LIVE = "live", _("Live")


class RunState(models.TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    STOPPED = "stopped", _("Stopped")


class ChunkState(models.TextChoices):
    """Chunks are decided side by side, and settled one after another in the order of numbers."""

    PENDING = "pending", _("Waiting")
    DECIDED = "decided", _("Decided")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Outcome(models.TextChoices):
    QUALIFIED = "qualified", _("Qualified")
    NO_CARD = "no_card", _("No card of this campaign")
    NOT_QUALIFIED = "not_qualified", _("Not qualified")
    NO_TIER = "no_tier", _("Reaches no tier")
    OTHER_BRANCH = "other_branch", _("Customer of another branch")


class WholeReason(models.TextChoices):
    """Why a live run decides about everybody, though only those could be asked who changed."""

    FIRST = "first", _("no run of this version before it can be carried on")
    MOVING = "moving", _("a condition of the rule may change at any time by itself")
    DAY_BACK = "day_back", _("it is as of an earlier day than the run before it")
    REFERENCE = "reference", _("branches, merchants, categories or products were changed")
    MANY = "many", _("too many customers changed since the run before it")
    OLD = "old", _("the run before it is too long ago")


class Hindrance(models.TextChoices):
    """Why a campaign that ran before, or could, is not started in an evening. What is lasting does
    not pass by waiting."""

    TEXT = "text", _("A message text with which it was approved was withdrawn since.")
    STOPPED = "stopped", _("The campaign is stopped.")
    APPROVAL = "approval", _("Its approval is void.")
    TURN = "turn", _("Another campaign of its exclusive group comes first and has not run yet.")
    GOING = "going", _("An earlier live run of it has not ended yet.")
    OTHER = "other", _("It may not be started.")

    @property
    def is_lasting(self) -> bool:
        return self in {Hindrance.TEXT, Hindrance.STOPPED, Hindrance.APPROVAL}

    @property
    def remedy(self) -> str:
        """What to do, for the reader."""
        return str(_REMEDIES[self])


_REMEDIES = {
    Hindrance.TEXT: _(
        "Write a new version of the text and submit the campaign again; once it is approved, it "
        "starts by itself in the same evening."
    ),
    Hindrance.STOPPED: _(
        "Ask compliance; once the stop is lifted, it starts by itself in the same evening."
    ),
    Hindrance.APPROVAL: _(
        "Look on its page for the reason, and submit it again; once it is approved, it starts by "
        "itself in the same evening."
    ),
    Hindrance.TURN: _("It starts by itself once that one has run, until midnight."),
    Hindrance.GOING: _("It starts by itself once that run has ended, until midnight."),
    Hindrance.OTHER: _("Start it on its page, which says what is in the way."),
}
