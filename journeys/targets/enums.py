"""Words of targets, scorecards and the pay that follows from them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MeasureKind(models.TextChoices):
    """What a measure looks at; the law weighs scorecards by it."""

    VOLUME = "volume", pgettext_lazy("kind of measure", "Volume")
    QUALITY = "quality", pgettext_lazy("kind of measure", "Quality")
    COMPLIANCE = "compliance", pgettext_lazy("kind of measure", "Compliance")
    RISK = "risk", pgettext_lazy("kind of measure", "Risk")
    SERVICE = "service", pgettext_lazy("kind of measure", "Service")


class Unit(models.TextChoices):
    """How a measure is told: counts add up, rates and marks do not."""

    COUNT = "count", pgettext_lazy("unit of a measure", "number")
    PERCENT = "percent", pgettext_lazy("unit of a measure", "%")
    MARK = "mark", pgettext_lazy("unit of a measure", "mark out of 100")


class Level(models.TextChoices):
    """Whose target it is."""

    BRANCH = "branch", _("Branch")
    TEAM = "team", _("Team")
    PERSON = "person", pgettext_lazy("whose target", "Person")


class Period(models.TextChoices):
    """How long a plan runs."""

    YEAR = "year", pgettext_lazy("period", "Year")
    QUARTER = "quarter", pgettext_lazy("period", "Quarter")
    MONTH = "month", pgettext_lazy("period", "Month")


class PlanState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("plan of targets", "Draft")
    WAITING = "waiting", pgettext_lazy("plan of targets", "Waits for approval")
    APPROVED = "approved", pgettext_lazy("plan of targets", "In force")
    REPLACED = "replaced", pgettext_lazy("plan of targets", "Replaced")


class CardState(models.TextChoices):
    """How far a scorecard came."""

    DRAFT = "draft", pgettext_lazy("scorecard", "Draft")
    WAITING = "waiting", pgettext_lazy("scorecard", "Waits for approval")
    APPROVED = "approved", pgettext_lazy("scorecard", "Approved")


class EntryKind(models.TextChoices):
    EARNED = "earned", pgettext_lazy("pay", "Earned")
    TAKEN_BACK = "taken_back", pgettext_lazy("pay", "Taken back")


class TakenBecause(models.TextChoices):
    """Why what a card brought is taken back."""

    CLOSED = "closed", _("The card was closed soon after its issue")
    UNUSED = "unused", _("The card was never used")
    COMPLAINT = "complaint", _("A complaint about the seller was upheld")
