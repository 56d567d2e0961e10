"""By what figures are broken down, and as of when they are read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journeys.customers.enums import Source


class Dimension(models.TextChoices):
    BRANCH = "branch", _("Branch")
    TEAM = "team", _("Team")
    PERSON = "person", pgettext_lazy("staff", "Person")
    PRODUCT = "product", _("Product")
    SOURCE = "source", _("Source")


class IssueSource(models.TextChoices):
    """Where an application came from: as its lead says, or else it itself."""

    CORE_BANKING = Source.CORE_BANKING.value, Source.CORE_BANKING.label
    APPLICATION = Source.APPLICATION.value, Source.APPLICATION.label
    REGISTRY = Source.REGISTRY.value, Source.REGISTRY.label
    INTERNAL = Source.INTERNAL.value, Source.INTERNAL.label
    POST = Source.POST.value, Source.POST.label
    REFERRAL = Source.REFERRAL.value, Source.REFERRAL.label
    CAMPAIGN = Source.CAMPAIGN.value, Source.CAMPAIGN.label
    FILE = Source.FILE.value, Source.FILE.label
    MERCHANT = "merchant", _("At a merchant")
    UNKNOWN = "unknown", _("Not known")


class Measure(models.TextChoices):
    """What is counted of a day, in the order in which it is shown."""

    FILED = "filed", _("Applications filed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ISSUED = "issued", _("New cards")
    SUPPLEMENTARY = "supplementary", _("of these supplementary")
    ACTIVATED = "activated", _("Cards activated")


class AsOf(models.TextChoices):
    """As of when a day's report is read."""

    NOW = "now", _("As known now")
    CLOSE = "close", _("As closed the next morning")
    CUTOFF = "cutoff", _("As known at the cut-off")


class Verdict(models.TextChoices):
    HOLDS = "holds", _("All figures agree")
    DIFFERS = "differs", _("Figures differ")


class MailState(models.TextChoices):
    """A report on its way. Whoever dies while it is handed over leaves it so: it may have arrived,
    and is not sent again."""

    SENDING = "sending", _("Being handed over")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not taken by the mail server")


class LeadsBy(models.TextChoices):
    TEAM = "team", _("Team")
    SOURCE = "source", _("Source")


class TimesBy(models.TextChoices):
    BRANCH = "branch", _("Branch")
    PRODUCT = "product", _("Product")
