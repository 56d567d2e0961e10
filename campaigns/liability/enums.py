"""By what a forecast goes, and why there is none."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ground(models.TextChoices):
    """Whose days it goes by."""

    OWN = "own", _("days on which the campaign granted itself")
    BACK_TEST = "back_test", _("days of the newest back-test of this version")


class Why(models.TextChoices):
    """Why nothing is forecast."""

    STOPPED = "stopped", _("The campaign is stopped: it grants nothing more.")
    OVER = "over", _("The campaign's days are over: it grants nothing more.")
    USED_UP = "used_up", _("Budget or stock is used up: the campaign grants nothing more.")
    TOO_FEW = "too_few", _("Not enough days yet.")
    ENDED_EARLY = (
        "ended_early",
        _("Not enough days yet: in the back-test a limit ended before there were enough."),
    )
    NO_BRANCHES = (
        "no_parts",
        _("The back-test does not tell its days apart by branch: start it once more."),
    )
    TOO_OLD = "too_old", _("The back-test is too long ago for the days to come: start another one.")
