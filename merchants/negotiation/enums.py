"""Words of negotiations: stages, sides, terms, and what becomes of reminders."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    """Where a negotiation stands: seven stages, and two ends."""

    OPENING = "opening", pgettext_lazy("negotiation", "Opening")
    NEEDS = "needs", pgettext_lazy("negotiation", "Needs")
    PROPOSAL = "proposal", pgettext_lazy("negotiation", "Proposal")
    BARGAINING = "bargaining", pgettext_lazy("negotiation", "Bargaining")
    AGREEMENT = "agreement", pgettext_lazy("negotiation", "Agreement")
    SIGNING = "signing", pgettext_lazy("negotiation", "Signing")
    REVIEW = "review", pgettext_lazy("negotiation", "Review")
    CLOSED = "closed", pgettext_lazy("negotiation", "Closed")
    LOST = "lost", pgettext_lazy("negotiation", "Lost")


class Purpose(models.TextChoices):
    """What is negotiated about."""

    FIRST = "first", _("First contract")
    RENEWAL = "renewal", _("Renewal")
    AMENDMENT = "amendment", _("Amendment")


class Side(models.TextChoices):
    BANK = "bank", pgettext_lazy("negotiation", "Bank")
    MERCHANT = "merchant", pgettext_lazy("negotiation", "Merchant")


class Exclusivity(models.TextChoices):
    """Whom the merchant may have such an offer with besides us."""

    NONE = "none", _("With anybody")
    SCENARIO = "scenario", _("With us alone for the same kind of offer")
    FULL = "full", _("With us alone for any offer on cards")


class DataTerm(models.TextChoices):
    """What the merchant is told of our customers."""

    NONE = "none", _("Nothing")
    TOTALS = "totals", _("Totals only, no single customer")
    CLAUSE = "clause", _("Single customers, by a signed clause")


class FigureCode(models.TextChoices):
    """What the worth of terms is reckoned from, in CNY a year."""

    TURNOVER = "turnover", _("Card turnover at the merchant a year")
    JOINT_COST = "joint_cost", _("Cost of joint activities a year")
    JOINT_GAIN = "joint_gain", _("Gain of joint activities a year")
    POST_COST = "post_cost", _("Cost of one on-site post a year")


class ReminderKind(models.TextChoices):
    RENEWAL = "renewal", _("A contract comes to its end")
    QUIET = "quiet", _("A negotiation stands still")


class ReminderState(models.TextChoices):
    OPEN = "open", _("Reminder open")
    DONE = "done", _("Followed by a step")
    DISMISSED = "dismissed", _("Reminder set aside")
