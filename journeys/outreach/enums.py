"""States of a message, and how a failure is dealt with."""

import enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    HELD = "held", _("Paused")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    IN_DOUBT = "in_doubt", _("In doubt")
    PARKED = "parked", _("Set aside")
    CANCELLED = "cancelled", _("Cancelled")


# Nobody has it in hand, and it may still be called off or take another place.
WAITING = (MessageState.QUEUED, MessageState.HELD)
WAITING_SQL = "('queued', 'held')"


class HouseOrigin(models.TextChoices):
    """What messages are sent for that neither a campaign nor the result of an application causes.
    Those two name their origins themselves (`portal.kit.registry`)."""

    POINTS_HINT = "points_hint", _("Reminder of points to redeem")
    CALLS = "calls", _("Call by a telemarketer")


class HaltKind(models.TextChoices):
    """How the sending of an origin's messages was halted."""

    PAUSE = "pause", _("Paused")
    STOP = "stop", _("Stopped for good")


class FailureKind(models.TextChoices):
    TEMPORARY = "temporary", _("Temporary")
    PERMANENT = "permanent", _("Permanent")
    ADDRESS = "address", _("Bad address")
    POLICY = "policy", _("No longer allowed")


class Failure(models.TextChoices):
    """Why a message was not sent, or not yet. Stored as the code, with the gateway's own words
    after a colon where it gave any."""

    DO_NOT_CONTACT = (
        "do_not_contact",
        _(
            "Never to be contacted: the person asked so, or another with the same phone, ID number "
            "or e-mail"
        ),
    )
    NO_CONSENT = "no_consent", _("Consent was withdrawn before the sending")
    NO_ADDRESS = "no_address", _("There is no address for this channel any more")
    CONTROL_GROUP = "control_group", _("The person is in the bank's control group")
    CAP_REACHED = "cap_reached", _("Waits: the contact limit is reached for now")
    YIELDED = "yielded", _("Waits: a message of higher priority took its place")
    NO_RULE = "no_rule", _("Waits: no contact rule is in force")
    NO_HOURS = "no_hours", _("Waits: no contact hours are in force for this channel and place")
    NO_CALENDAR = "no_calendar", _("Waits: the calendar of the year is missing")
    COMPLAINT_OPEN = "complaint_open", _("Waits: a complaint of the person is open")
    CASE_OPEN = "case_open", _("Waits: a service case of the person is open")
    PEACE = "peace", _("Waits: the person is left in peace after an angry call")
    OUT_OF_DATE = (
        "out_of_date",
        _(
            "A complaint or a service case was open, or the person was left in peace, until the "
            "message was out of date"
        ),
    )
    TOO_LATE = "too_late", _("Its days were over before it could be sent")
    CALLED_OFF = "called_off", _("Called off by staff")
    LEFT = "left", _("No longer inside its touch plan")
    REPLACED = "replaced", _("What it tells does not hold any more")
    TEXT_WITHDRAWN = "text_withdrawn", _("Its text was withdrawn")
    SENDER_GONE = "sender_gone", _("Its sender name may not be used any more")
    BAD_TEXT = "bad_text", _("The text could not be filled in")
    BAD_SEAL = "bad_seal", _("The stored address cannot be read")
    BUSY = "busy", _("The gateway asked to try again later")
    REFUSED = "refused", _("The gateway refused the message")
    BAD_ADDRESS = "bad_address", _("The gateway refused the address")
    UNREACHABLE = "unreachable", _("The gateway could not be reached")
    NO_ANSWER = "no_answer", _("The gateway gave no answer after the hand-over")
    WORKER_LOST = "worker_lost", _("The sending process stopped during the hand-over")
    BOUNCED = "bounced", _("The mail came back: there is no such address")
    NOT_DELIVERED = "not_delivered", _("The gateway reports that it could not be delivered")
    NEVER_ARRIVED = "never_arrived", _("The gateway says that it never received the message")


class ReceiptKind(models.TextChoices):
    """What became of a message after the gateway took it."""

    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")
    FAILED = "failed", _("Not delivered")
    EXPIRED = "expired", _("Not delivered in time")
    REJECTED = "rejected", _("Refused on the way")


class AnswerFinding(models.TextChoices):
    """What was made of the words that somebody wrote back."""

    REFUSED = "refused", _("Refusal recorded")
    UNKNOWN_SENDER = "unknown", _("Refusal from a number that nobody is on file with")
    NOT_REFUSED = "other", _("No refusal found in it")


class CallCause(models.TextChoices):
    """Why a call of a gateway was refused."""

    NOT_CONFIGURED = "not_configured", _("Neither a secret nor source addresses are set")
    BAD_ADDRESS = "bad_address", _("Not from an address that may call")
    BAD_SECRET = "bad_secret", _("Without the right secret or signature")
    NO_CHANNEL = "no_channel", _("No channel takes such calls")
    NO_KEY = "no_key", _("It names no message")
    UNKNOWN_KEY = "unknown_key", _("It names a message that was never sent")
    UNKNOWN_KIND = "unknown_kind", _("It says nothing that is understood")
    NO_SENDER = "no_sender", _("It names no sender")
    NOT_READABLE = "not_readable", _("It is no form and no JSON object")
    TOO_MANY = "too_many", _("Too many calls")


class Result(enum.StrEnum):
    """What became of a hand-over."""

    SENT = "sent"
    BUSY = "busy"  # not taken; may be tried again
    REFUSED = "refused"  # not taken, and never will be
    BAD_ADDRESS = "bad_address"
    NO_ANSWER = "no_answer"  # it may have been taken: never to be sent again unasked
    UNREACHABLE = "unreachable"  # no connection: no fault of the message


class Found(enum.StrEnum):
    """What a gateway says about a message key."""

    SENT = "sent"
    ABSENT = "absent"
    UNKNOWN = "unknown"
