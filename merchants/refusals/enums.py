"""Words of refusals: the roots of their reasons, what answers them, and what became of both."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Root(models.TextChoices):
    """The three kinds of reason below which all others stand."""

    UNAWARE = "unaware", _("Unaware of the need")
    NOT_URGENT = "not_urgent", _("Need is not urgent")
    NEED_MISSED = "need_missed", _("The need was missed")


class AnswerKind(models.TextChoices):
    """What answers a reason: something to say, or something to do."""

    TALK = "talk", _("Talk track")
    MOVE = "move", _("Counter-move")


class RefusalState(models.TextChoices):
    """What became of a refusal; one that was withdrawn was recorded by mistake and counts for
    nothing."""

    OPEN = "open", _("Refusal open")
    OVERCOME = "overcome", _("Overcome")
    LET_BE = "let_be", _("Let be")
    WITHDRAWN = "withdrawn", _("Recorded by mistake")


class Outcome(models.TextChoices):
    """What came of an answer that was tried."""

    OPEN = "open", _("Outcome open")
    WORKED = "worked", _("It worked")
    FAILED = "failed", _("It did not work")
