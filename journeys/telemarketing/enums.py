"""States of a lead, what becomes of one that is loaded, and by which paths it changes hands."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LeadState(models.TextChoices):
    NEW = "new", _("New")
    WORKING = "working", _("In progress")
    WON = "won", _("Applied")
    LOST = "lost", _("Closed")
    OFF = "off", _("Called off")
    MERGED = "merged", pgettext_lazy("lead", "Merged")


class LeadAnswer(models.TextChoices):
    """What became of one row of a list of leads."""

    TAKEN = "taken", _("Taken in")
    UNOWNED = "unowned", _("Taken in without its owner")
    KNOWN = "known", _("Known already")
    MERGED = "merged", _("Merged with the lead of the same phone")
    NOT_TO_BE_CONTACTED = "not_to_be_contacted", _("Not to be contacted")
    ERASED = "erased", _("Erased at the person's request")


class PoolSight(models.TextChoices):
    """Who takes leads out of a branch's pool."""

    BRANCH = "branch", _("Everybody of the branch")
    TEAM = "team", _("The own team, and leads of no team")
    GIVEN = "given", _("Nobody: the branch manager assigns them")


class MovePath(models.TextChoices):
    """By which path a lead changed its owner or state."""

    IMPORT = "import", pgettext_lazy("lead", "Came with its list")
    CLAIM = "claim", pgettext_lazy("lead", "Taken from the pool")
    ASSIGN = "assign", pgettext_lazy("lead", "Assigned")
    WORK = "work", pgettext_lazy("lead", "Worked on")
    RELEASE = "release", pgettext_lazy("lead", "Put back by its owner")
    TAKE_BACK = "take_back", pgettext_lazy("lead", "Taken back by the branch manager")
    RETURN = "return", pgettext_lazy("lead", "Returned to the pool by the clock")
    END = "end", pgettext_lazy("lead", "Ended")
    CALL_OFF = "call_off", pgettext_lazy("lead", "Called off")
    MERGE = "merge", pgettext_lazy("lead", "Merged with another lead")
    UNMERGE = "unmerge", pgettext_lazy("lead", "Taken apart again")


class PassedOver(models.TextChoices):
    """Why somebody whose turn it was did not get a lead."""

    ABSENT = "absent", _("absent on this day")
    UNQUALIFIED = "unqualified", _("without a qualification that holds on this day")
    QUOTA = "quota", _("quota used up")
    CAP = "cap", _("as many open leads as the policy allows")
    COOLS_DOWN = "cools_down", _("had it before, and the cool-down is not over")
    OTHER_BRANCH = "other_branch", _("of another branch")


class HoldEnd(models.TextChoices):
    """How somebody who had a lead in hand put it down."""

    PUT_DOWN = "put_down", pgettext_lazy("lead in hand", "Put down")
    CALLED = "called", pgettext_lazy("lead in hand", "Called")
    ENDED = "ended", pgettext_lazy("lead in hand", "The lead ended or went to the pool")
    SIGNED_OUT = "signed_out", pgettext_lazy("lead in hand", "Signed out")
    TIMED_OUT = "timed_out", pgettext_lazy("lead in hand", "Time over")
    CLOSED = "closed", pgettext_lazy("lead in hand", "May not be called any more")


class NextReason(models.TextChoices):
    """Why a lead is the next one."""

    PROMISED = "promised", _("A call was promised for this time.")
    OWN = "own", _("It is one of your own leads.")
    POOL = "pool", _("It is in the pool.")
    FITS_TIME = "fits_time", _("It was not called at this time of day yet.")
    SAME_TIME = "same_time", _("It was called at this time of day before.")


class CreditTo(models.TextChoices):
    """By whom or what leads are credited."""

    CALLER = "caller", pgettext_lazy("lead", "Caller")
    TEAM = "team", _("Team")
    BRANCH = "branch", _("Branch")
    SOURCE = "source", _("Source")
    CAMPAIGN = "campaign", _("Campaign")
    POST = "post", pgettext_lazy("lead", "Post")


class MergeSign(models.TextChoices):
    """By what two leads were found to be of one person or company."""

    PHONE = "phone", _("The same phone")
    ALIKE = "alike", _("The same name and company")
    SAID = "said", _("Found by a person")
