"""What happens to a member benefit that was granted."""

import enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryKind(models.TextChoices):
    """What moved the uses that are left."""

    USE = "use", _("Used")
    UNDO = "undo", _("Use undone")
    EXPIRE = "expire", _("Expired")
    REOPEN = "reopen", _("Expiry undone: a use came late")
    TAKE_BACK = "take_back", _("Taken back")
    RESTORE = "restore", _("Given back")


# What an entry undoes, by its kind; these give back, all others take away.
UNDOES = {
    EntryKind.UNDO.value: EntryKind.USE.value,
    EntryKind.REOPEN.value: EntryKind.EXPIRE.value,
    EntryKind.RESTORE.value: EntryKind.TAKE_BACK.value,
}


class Taken(enum.Enum):
    """What could be taken back of a benefit."""

    ALL = enum.auto()
    REST = enum.auto()
    NOTHING = enum.auto()


class Outcome(models.TextChoices):
    """What became of a benefit that had been used before it was lost."""

    PAID = "paid", _("Paid back by the customer")
    WAIVED = "waived", _("Borne by the bank")
    RESTORED = "restored", _("The rest was given back to the customer")
    UNDONE = "undone", _("Not used after all")


# Between which a person chooses.
CHOSEN = [Outcome.PAID.value, Outcome.WAIVED.value, Outcome.RESTORED.value]
