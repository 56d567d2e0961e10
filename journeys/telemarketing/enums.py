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
    COVER = "cover", pgettext_lazy("lead", "Handed over with a promise whose owner is away")
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


class ReliefWhy(models.TextChoices):
    """Why leads of somebody are proposed to be handed over."""

    ABSENT = "absent", _("The owner is absent today.")
    UNQUALIFIED = "unqualified", _("The owner has no qualification that holds today.")
    BEHIND = "behind", _("The owner is behind with promised calls.")
    MORE = "more", _("The owner has more open leads than the others.")


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


class QualityReason(models.TextChoices):
    """Why a call was drawn to be read: at random, or the risk that it shows, the gravest first."""

    RANDOM = "random", pgettext_lazy("call to read", "At random")
    COMPLAINED = "complained", pgettext_lazy("call to read", "A complaint after the call")
    REFUSED = "refused", pgettext_lazy("call to read", "Never to be called again, after the call")
    QUICK_SALE = "quick_sale", pgettext_lazy("call to read", "An application after a quick call")
    SHORT = "short", pgettext_lazy("call to read", "A short call")
    NEW_CALLER = "new_caller", pgettext_lazy("call to read", "A new caller")


class QualityMark(models.TextChoices):
    MET = "met", pgettext_lazy("criterion of a call", "Met")
    MISSED = "missed", pgettext_lazy("criterion of a call", "Missed")
    NONE = "none", pgettext_lazy("criterion of a call", "Does not apply")


class QualityVerdict(models.TextChoices):
    """What becomes of a disputed result."""

    STANDS = "stands", pgettext_lazy("result of a call", "It stands")
    SET_ASIDE = (
        "set_aside",
        pgettext_lazy("result of a call", "It is set aside, and counts no more"),
    )


class FactAspect(models.TextChoices):
    """What the own card and a rival's are compared in."""

    ANNUAL_FEE = "annual_fee", pgettext_lazy("card", "Annual fee")
    FREE_DAYS = "free_days", pgettext_lazy("card", "Days without interest")
    POINTS = "points", pgettext_lazy("card", "Points and cash back")
    INSTALMENTS = "instalments", pgettext_lazy("card", "Instalments")
    CASH = "cash", pgettext_lazy("card", "Cash advances")
    ABROAD = "abroad", pgettext_lazy("card", "Payments abroad")
    TRAVEL = "travel", pgettext_lazy("card", "Travel and lounges")
    COVER = "cover", pgettext_lazy("card", "Insurance")
    SERVICE = "service", pgettext_lazy("card", "Service")
    OTHER = "other", pgettext_lazy("card", "Something else")


class FactState(models.TextChoices):
    """What became of a fact that was proposed."""

    PROPOSED = "proposed", pgettext_lazy("fact", "Waits for approval")
    APPROVED = "approved", pgettext_lazy("fact", "Approved")
    REFUSED = "refused", pgettext_lazy("fact", "Not approved")
    REPLACED = "replaced", pgettext_lazy("fact", "Replaced by a newer one")
    WITHDRAWN = "withdrawn", pgettext_lazy("fact", "Withdrawn")


class FactShow(models.TextChoices):
    """Which facts are listed."""

    STANDING = "standing", pgettext_lazy("fact", "Shown to callers now")
    EXPIRING = "expiring", pgettext_lazy("fact", "Ending within 30 days")
    WAITING = "waiting", pgettext_lazy("fact", "Waiting for approval")
    OVER = "over", pgettext_lazy("fact", "Over: expired, replaced, withdrawn, not approved")


class DialWay(models.TextChoices):
    """How the number of a lead in hand came to be dialled."""

    SHOWN = "shown", pgettext_lazy("dial", "Shown to the caller")
    SYSTEM = "system", pgettext_lazy("dial", "Handed to the telephone system")


class ScriptStage(models.TextChoices):
    """Which part of a call a script is for, in their order."""

    OPENING = "opening", pgettext_lazy("script", "Opening")
    NEEDS = "needs", pgettext_lazy("script", "What the person needs")
    OFFER = "offer", pgettext_lazy("script", "The offer")
    OBJECTION = "objection", pgettext_lazy("script", "Objections")
    CLOSING = "closing", pgettext_lazy("script", "Closing")


class ScriptSegment(models.TextChoices):
    """For whom a script is; "" for everybody."""

    CUSTOMER = "customer", pgettext_lazy("script", "Customers of ours")
    PERSON = "person", pgettext_lazy("script", "Persons who are no customers yet")
    COMPANY = "company", pgettext_lazy("script", "Companies")


class NextStep(models.TextChoices):
    """What comes after a call: nobody ends one without it."""

    AGAIN = "again", pgettext_lazy("after a call", "Call again later")
    CALLBACK = "callback", pgettext_lazy("after a call", "Call back as promised")
    WON = "won", pgettext_lazy("after a call", "Applied")
    LOST = "lost", pgettext_lazy("after a call", "Close the lead")
    DO_NOT_CALL = "do_not_call", pgettext_lazy("after a call", "Never contact again")


class Mood(models.TextChoices):
    """How the person on the telephone felt, as the caller heard it: the one list for what is said,
    what is done, and what is written down."""

    CALM = "calm", pgettext_lazy("mood", "Calm")
    PLEASED = "pleased", pgettext_lazy("mood", "Pleased")
    HESITANT = "hesitant", pgettext_lazy("mood", "Hesitant")
    HURRIED = "hurried", pgettext_lazy("mood", "In a hurry")
    ANNOYED = "annoyed", pgettext_lazy("mood", "Annoyed")
    ANGRY = "angry", pgettext_lazy("mood", "Angry")


class CallbackEnd(models.TextChoices):
    """What became of a promised call."""

    KEPT = "kept", pgettext_lazy("promise", "Kept")
    LATE = "late", pgettext_lazy("promise", "Called late")
    DROPPED = "dropped", pgettext_lazy("promise", "The lead ended before")


class OwnerWhy(models.TextChoices):
    """Why somebody is to keep a promise."""

    PROMISED = "promised", pgettext_lazy("owner of a promise", "promised it")
    LEAD = "lead", pgettext_lazy("owner of a promise", "has the lead now")
    DEPUTY = "deputy", pgettext_lazy("owner of a promise", "deputy of who is away")
    TEAM = "team", pgettext_lazy("owner of a promise", "of the team of who is away")
    BRANCH = "branch", pgettext_lazy("owner of a promise", "of the branch of who is away")
    MANAGER = "manager", pgettext_lazy("owner of a promise", "manager: nobody else is there")


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
