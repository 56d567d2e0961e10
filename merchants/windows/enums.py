"""Words of window communication: panes, whose needs, meetings and promises."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Pane(models.TextChoices):
    """Who knows of a need or an interest. A note that holds no more leaves the window."""

    OPEN = "open", _("Open to both")
    OURS = "ours", _("Ours to share")
    THEIRS = "theirs", _("Theirs to learn")
    UNKNOWN = "unknown", _("Unknown to both")
    GONE = "gone", _("Holds no more")


class Side(models.TextChoices):
    """Whose need, interest or promise it is."""

    BANK = "bank", _("The bank")
    MERCHANT = "merchant", pgettext_lazy("side", "The merchant")


class NoteKind(models.TextChoices):
    NEED = "need", _("Need")
    INTEREST = "interest", _("Interest")


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("Meeting planned")
    HELD = "held", _("Meeting held")
    CALLED_OFF = "called_off", _("Meeting called off")


class PromiseState(models.TextChoices):
    OPEN = "open", _("Promise open")
    KEPT = "kept", _("Promise kept")
    BROKEN = "broken", _("Promise broken")
