"""Words of partnerships: phases, and what becomes of requests, suggestions and tasks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """Where a partnership stands: it begins as a prospect or in comparison, and has an end."""

    PROSPECT = "prospect", _("Prospect")
    COMPARISON = "comparison", _("Comparison")
    CONFIRMED = "confirmed", _("Confirmed")
    PERFECT = "perfect", _("Perfect")
    WAVERING = "wavering", _("Wavering")
    ADJUSTMENT = "adjustment", _("Adjustment")
    ENDED = "ended", _("Partnership ended")


class RequestState(models.TextChoices):
    """What became of a move that needs a second person."""

    WAITING = "waiting", _("Waits for a second person")
    APPROVED = "approved", _("Move approved")
    RETURNED = "returned", _("Move not approved")


class SuggestionState(models.TextChoices):
    OPEN = "open", _("Suggestion open")
    ACCEPTED = "accepted", _("Suggestion accepted")
    DECLINED = "declined", _("Suggestion declined")
    LAPSED = "lapsed", _("Overtaken by another move")
    EXPIRED = "expired", _("Not answered in time")


class Proposal(models.TextChoices):
    """What became of evidence that speaks for another phase."""

    SUGGESTED = "suggested", _("Suggested to its manager")
    OPEN = "open", _("Suggested before, and not answered yet")
    ANSWERED = "answered", _("The same finding was answered before")
    HOLDS = "holds", _("It is in this phase already")
    NO_MOVE = "no_move", _("The table of moves does not lead there")
    BARRED = "barred", _("Its manager could not make this move now")
    NO_ALARM = "no_alarm", _("Its manager has had all suggestions of this week")


class EvidenceKind(models.TextChoices):
    """Kinds of evidence that may suggest a move, besides turnover; the gravest first."""

    RIVALS = "rivals", _("Offers of rivals")
    CONTRACT = "contract", _("End of the contract")
    MERCHANT_BROKE = "merchant_broke", _("Promises that the merchant broke")
    BANK_BROKE = "bank_broke", _("Promises that we broke")
    COMPLAINTS = "complaints", _("Complaints")
    KEPT = "kept", _("Promises kept by both sides")


class TaskState(models.TextChoices):
    OPEN = "open", _("To do")
    DONE = "done", _("Task done")
    SKIPPED = "skipped", _("Task skipped")
    LEFT = "left", _("The phase was left")
