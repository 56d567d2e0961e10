"""What comes back about messages: receipts, mail that came back, what people answer, and calls that
were refused. Everything may come twice, late, or before the sender has written its own end down."""

import datetime as dt

from django.db import connection, transaction

from journeys.contact import operations as contact
from journeys.contact.enums import Channel, RefusalSource
from journeys.customers import queries as customers
from journeys.outreach import rules
from journeys.outreach.channels.protocol import AnswerRead
from journeys.outreach.enums import (
    AnswerFinding,
    CallCause,
    Failure,
    FailureKind,
    Found,
    MessageState,
    ReceiptKind,
)
from journeys.outreach.models import Answer, Message, Receipt
from journeys.outreach.operations import ending
from portal.audit import operations as audit
from portal.kit import masking, sealed
from portal.kit.outgoing import Unsent
from portal.kit.personal import ERASED
from portal.staff.models import Staff

# A receipt proves that the gateway had the message: it is not asked about, and not sent again.
_UNSETTLED = {MessageState.IN_DOUBT, MessageState.QUEUED, MessageState.PARKED}
_MOST_WORDS = 2000
_MOST_NOTE: int = Answer._meta.get_field("note").max_length or 0
_COUNT_CALL = """
INSERT INTO journeys_badcall AS known (channel, door, cause, address, minute, calls)
VALUES (%s, %s, %s, %s, date_trunc('minute', %s::timestamptz), 1)
ON CONFLICT (minute, channel, door, cause, address) DO UPDATE SET calls = known.calls + 1
"""


class UnknownMessage(Exception):
    """Raised where a key names no message that was ever handed over."""


class AlreadySettled(Exception):
    """Raised where somebody looked at an answer before."""


@transaction.atomic
def take_receipt(
    *, channel: str, key: str, kind: ReceiptKind | None, reference: str, at: dt.datetime
) -> bool:
    """This will note what became of a message, once for each kind, and tell whether that was new.
    A message whose end was not known stands as sent from then on. `kind` None settles nothing and
    is not kept. Raises UnknownMessage."""
    message = _lock(rules.message_id_of(key))
    if rules.message_key(message.pk, message.dedup_key) != key or message.channel != channel:
        raise UnknownMessage(key)
    return kind is not None and _note(message, kind, reference, at)


@transaction.atomic
def take_bounce(
    *, message_id: int, is_hard: bool, address: str, cause: str, at: dt.datetime, key: str = ""
) -> bool:
    """This will note that a mail came back undelivered, and tell whether that was new. Where it
    came back because there is no such address (`is_hard`), the message failed, its contact reached
    nobody, and the address (in clear, "" where the report does not say) is written to no more.
    A report that proves itself by nothing but the message's `key`, which the recipient knows, must
    be about the address that the customer has. Raises UnknownMessage."""
    # The customer before the message, as an erasure locks them.
    owners = Message.objects.filter(pk=message_id).values_list("customer_id", flat=True)
    contact.lock_customers(list(owners))
    message = _lock(message_id)
    if message.channel != Channel.EMAIL or (key and not _is_about(message, key, address)):
        raise UnknownMessage(str(message_id))
    is_new = _note(message, ReceiptKind.FAILED, "", at)
    if is_hard:
        contact.note_bad_address(
            customer_id=message.customer_id, address=address, cause=cause, at=at
        )
        if message.state == MessageState.SENT:
            message.state, message.sent_at = MessageState.FAILED, None
            message.failure_kind = FailureKind.ADDRESS
            message.failure = f"{Failure.BOUNCED.value}: {masking.mask_text(cause)}"[:200]
            message.save()
            over = Unsent(
                message.customer_id, message.dedup_key, message.channel, FailureKind.ADDRESS.value,
                Failure.BOUNCED.value,
            )  # fmt: skip
            ending.end(over=[over], at=at)
            audit.record(action="outbox.bounced", actor=None, at=at, target=message)
    return is_new


def _is_about(message: Message, key: str, address: str) -> bool:
    held = customers.mail_address(message.customer_id) or ""
    own = rules.message_key(message.pk, message.dedup_key)
    return own == key and bool(held) and held.lower() == address.lower()


def _lock(message_id: int | None) -> Message:
    """What was never tried has nothing to come back."""
    rows = Message.objects.select_for_update(of=("self",))
    message = rows.filter(pk=message_id, attempts__gte=1).first() if message_id else None
    if message is None:
        raise UnknownMessage(str(message_id))
    return message


def _note(message: Message, kind: ReceiptKind, reference: str, at: dt.datetime) -> bool:
    _receipt, is_new = Receipt.objects.get_or_create(
        message=message,
        kind=kind,
        defaults={"at": at, "gateway_reference": masking.mask_text(rules.plain(reference))[:120]},
    )
    if message.state in _UNSETTLED:
        message.state, message.sent_at = MessageState.SENT, at
        message.failure_kind = message.failure = ""
        message.save()
        # It was made when it was handed over, however late that is told.
        contact.bring_contacts_forward(causes=[(message.customer_id, message.dedup_key)], at=at)
        changes = {"receipt": kind.value}
        audit.record(
            action="outbox.settled_by_receipt", actor=None, at=at, target=message, changes=changes
        )
    return is_new


def found_by_receipt(key: str) -> Found | None:
    """This will tell what a receipt says about the hand-over of a message in doubt; None where
    there is none."""
    message_id = rules.message_id_of(key)
    has_one = Receipt.objects.filter(message=message_id).exists() if message_id else False
    return Found.SENT if has_one else None


@transaction.atomic
def take_answer(*, channel: str, answer: AnswerRead, at: dt.datetime) -> Answer:
    """This will keep what somebody wrote back, once for each key of the gateway. A refusal holds
    for every customer on file with the phone at once; one from a phone that nobody has, and
    whatever is no refusal, waits for a person to look at it. Of a person who is being erased
    meanwhile nothing is kept but that there was an answer."""
    phone = rules.phone_of(answer.sender)
    # Nothing that leads to somebody goes in before that person is locked.
    kept, is_new = Answer.objects.get_or_create(
        channel=channel,
        reference=rules.plain(answer.reference) or _fingerprint(answer, at),
        defaults={"sender_masked": "***", "finding": AnswerFinding.NOT_REFUSED, "at": at},
    )
    if is_new:
        known = bool(phone) and bool(customers.customers_called(phone))
        held = _hear(kept, channel, phone, answer)
        kept.customer_id = held[0] if held else None
        if known and not held:
            kept.words = ERASED
        elif phone:
            kept.callee, kept.sender_masked = customers.callee_of(phone), masking.mask_phone(phone)
        kept.save()
    return kept


def _hear(kept: Answer, channel: str, phone: str, answer: AnswerRead) -> list[int]:
    """Sets words and finding, and returns the customers with the phone, locked."""
    kept.words = masking.mask_text(rules.plain(answer.words))[:_MOST_WORDS]
    if not rules.is_refusal(answer.words):
        return customers.lock_called(phone) if phone else []
    held = _refuse(channel, phone, kept.words, answer, kept.at)
    kept.finding = AnswerFinding.REFUSED if held else AnswerFinding.UNKNOWN_SENDER
    return held


def _refuse(channel: str, phone: str, words: str, answer: AnswerRead, at: dt.datetime) -> list[int]:
    if not phone:
        return []
    source = channel if channel in RefusalSource.values else RefusalSource.SMS.value
    return contact.refuse_by_phone(
        phone=phone, words=words, source=source, at=at, said_at=answer.said_at
    )


def _fingerprint(answer: AnswerRead, at: dt.datetime) -> str:
    """Where the gateway has no key of its own: the same words of the same person at one time. Made
    with the key that lasts: without a key the phone could be found by trying all."""
    said = answer.said_at or at.replace(second=0, microsecond=0)
    parts = [rules.plain(answer.sender), rules.plain(answer.words), said.isoformat()]
    return sealed.lasting_index("\0".join(parts), "answer").hex()


@transaction.atomic
def settle_answer(*, answer_id: int, note: str, actor: Staff, at: dt.datetime) -> Answer:
    """This will note that a person looked at an answer, and what was done; numbers and addresses
    in the note are masked.

    Raises AlreadySettled.
    """
    answer = Answer.objects.select_for_update(of=("self",)).get(pk=answer_id)
    if not answer.is_to_look_at:
        raise AlreadySettled(str(answer))
    answer.settled_at, answer.settled_by = at, actor
    answer.note = masking.mask_text(note)[:_MOST_NOTE]
    answer.save(update_fields=["settled_at", "settled_by", "note"])
    audit.record(action="answer.settled", actor=actor, at=at, target=answer, reason=note)
    return answer


def note_bad_call(
    *, channel: str, door: str, cause: CallCause, address: str | None, at: dt.datetime
) -> None:
    """This will count a call that was refused."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_CALL, [channel[:8], door, cause.value, address, at])
