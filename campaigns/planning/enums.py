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


class ControlBy(models.TextChoices):
    """By what is drawn who is left out of a campaign for comparison."""

    PERSON = "person", _("By person")
    NUMBER = "number", _("By customer number")


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


class Anchor(models.TextChoices):
    """The day that a step of a touch plan is counted from."""

    APPLICATION_FILED = "application_filed", _("Application filed")
    APPLICATION_RESULT = "application_result", _("Application approved")
    ISSUE = "issue", _("Card issued")
    ACTIVATION = "activation", _("Card activated")
    FIRST_USE = "first_use", _("First use of the card")
    GRANT = "grant", _("Reward granted")
    WINDOW_END = "window_end", _("Last day of the campaign's window")
    POINTS_EXPIRING = "points_expiring", _("Points expire")
    FIXED_DATE = "fixed_date", _("Fixed day")
    ENTRY = "entry", _("Entry into the touch plan")


# Known before they come; of the others nothing can be sent ahead of the day.
KNOWN_AHEAD = frozenset({Anchor.WINDOW_END, Anchor.POINTS_EXPIRING, Anchor.FIXED_DATE})
# By whose coming a person can enter.
OF_EVENTS = (
    Anchor.APPLICATION_FILED, Anchor.APPLICATION_RESULT, Anchor.ISSUE, Anchor.ACTIVATION,
    Anchor.FIRST_USE, Anchor.GRANT,
)  # fmt: skip


class EntryBy(models.TextChoices):
    """How people enter a touch plan."""

    EVENT = "event", _("By an event")
    AUDIENCE = "audience", _("By audience")
    SCHEDULE = "schedule", _("By schedule")


class Audience(models.TextChoices):
    """Who enters by audience."""

    RUN = "run", _("Whoever qualified in the last live run")
    RULE = "rule", _("Whoever holds a card of the campaign and meets the condition of entry")


class Reentry(models.TextChoices):
    """Whether a person who was inside enters again."""

    NEVER = "never", _("Never")
    AFTER_EXIT = "after_exit", _("After leaving")
    AFTER_DAYS = "after_days", _("Some days after leaving")
    TIMES = "times", _("At most some times")


class Inside(models.TextChoices):
    """What becomes of those inside an earlier version when a new one comes in force."""

    MOVE = "move", _("They move to the new version")
    STAY = "stay", _("They stay on theirs")


class Then(models.TextChoices):
    """What a step does at the end of a wait."""

    SEND = "send", _("Send")
    SKIP = "skip", _("Skip the step")
    LEAVE = "leave", _("Leave the touch plan")
