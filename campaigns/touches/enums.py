"""Where people stand in a touch plan, and what became of its steps."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import GateAnswer
from journeys.outreach.enums import Failure


class EnrolmentState(models.TextChoices):
    INSIDE = "inside", _("Inside")
    LEFT = "left", _("Left the plan")


class Left(models.TextChoices):
    """Why a person is inside a touch plan no more."""

    GOAL = "goal", _("Reached the goal")
    EXIT = "exit", _("Met a condition that ends the plan")
    FINISHED = "finished", _("All steps are done")
    WAIT = "wait", _("A wait ended so")
    TOO_LONG = "too_long", _("Inside for the longest time allowed")
    UNCOVERED = "uncovered", _("The new version of the campaign is not about this customer")


class Fate(models.TextChoices):
    """What becomes of a person inside when a new version comes in force."""

    STAY = "stay", _("Stays on the earlier version")
    MOVE = "move", _("Moves to the new version")
    LEAVE = "leave", _("Leaves the plan")


# Those that call a message back which is written and not sent: the others end nothing of it.
CALLS_BACK = (Left.GOAL, Left.EXIT, Left.UNCOVERED)


class StepState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Message written")
    SKIPPED = "skipped", _("Skipped")
    LEFT = "left", _("Left before it")
    UNSENT = "unsent", _("Reached nobody")


class StepAnswer(models.TextChoices):
    """What was answered to a person and a step: the receipt in one word. The gate's own answers
    stand among them as they are."""

    NOT_DUE = "", _("Not due yet")
    SENT = "sent", _("A message was written")
    NEEDS = "needs", _("What the step needs does not hold")
    CONTROL = "control", _("Control group: left out for comparison")
    TOO_LATE = "too_late", _("Its days are over")
    NO_VALUE = "no_value", _("What its text says of the customer is not there")
    AWAITS = "awaits", _("What it waits for has not come")
    WAIT_MET = "wait_met", _("What it waited for came true: skipped as planned")
    WAIT_OVER = "wait_over", _("The days of its wait are over: skipped as planned")
    NO_TEXT = "no_text", _("Its message text was withdrawn")
    REMOVED = "removed", _("The new version has no such step")
    GOAL = Left.GOAL.value, Left.GOAL.label
    EXIT = Left.EXIT.value, Left.EXIT.label
    WAIT = Left.WAIT.value, _("A wait before it ended the plan")
    TOO_LONG = Left.TOO_LONG.value, Left.TOO_LONG.label
    UNCOVERED = Left.UNCOVERED.value, Left.UNCOVERED.label
    CALLED_BACK = "called_back", _("Left the plan before the message was sent")


def words_of(answer: str, state: str = "") -> str:
    """This will say an answer in words, a gate's own as the gate does, and why a message reached
    nobody as the outbox does."""
    if state == StepState.UNSENT and answer in Failure.values:
        return str(Failure(answer).label)
    if answer in StepAnswer.values:
        return str(StepAnswer(answer).label)
    return str(GateAnswer(answer).label) if answer in GateAnswer.values else answer


class Refused(models.TextChoices):
    """Why one of an audience did not enter."""

    OTHER_BRANCH = "other_branch", _("Customer of another branch")
    NOT_NEEDED = "not_needed", _("The condition of entry does not hold")
    INSIDE = "inside", _("Inside already")
    HAD_BEFORE = "had_before", _("Was inside before, and enters no more")
    TOO_SOON = "too_soon", _("Left too short a time ago")
