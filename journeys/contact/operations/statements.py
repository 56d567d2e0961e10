"""What a person says: consent, its withdrawal, and the word never to be contacted again."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.contact.enums import Channel, ConsentPurpose
from journeys.contact.models import Consent, ConsentText, DoNotContact
from journeys.contact.operations.locking import UnknownQuestion, lock_customer, lock_sharing
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.models import Staff

EVIDENCE_LENGTH: int = Consent._meta.get_field("evidence").max_length or 0


class TextNotAllowed(Exception):
    """Raised when a text of consent is unknown or not yet in force; its text is a sentence."""


class TextBackdated(TextNotAllowed):
    """Raised when a text would hold for days on which another one, or none, was agreed to."""


class TooEarly(Exception):
    """Raised when something is said to have been said in the future."""


@transaction.atomic
def add_consent_text(
    *,
    code: str,
    purpose: str,
    words: str,
    words_en: str,
    effective_date: dt.date,
    actor: Staff | None,
    at: dt.datetime,
) -> ConsentText:
    """This will add a text that people agree to, as the next version of its code, in force at the
    earliest from the day of `at`: a history that is taken over says when each text was added.

    Raises TextNotAllowed, TextBackdated and UnknownQuestion.
    """
    if purpose not in ConsentPurpose.values:
        raise UnknownQuestion(purpose)
    versions = ConsentText.objects.select_for_update().filter(code=code).order_by("-version")
    last = versions.first()
    if last is not None and last.purpose != purpose:
        raise TextNotAllowed(
            _("{code} asks for another purpose; choose another code.").format(code=code)
        )
    _refuse_backdated(effective_date, last, clock.bank_day(at))
    text = ConsentText.objects.create(
        code=code,
        version=last.version + 1 if last else 1,
        purpose=purpose,
        words=words,
        words_en=words_en,
        effective_date=effective_date,
    )
    audit.record(
        action="consent_text.added",
        actor=actor,
        at=at,
        target=text,
        changes={"purpose": purpose, "effective_date": effective_date.isoformat()},
    )
    return text


def _refuse_backdated(day: dt.date, last: ConsentText | None, today: dt.date) -> None:
    if day < today:
        raise TextBackdated(
            _(
                "A text cannot hold for days that have passed, on which people agreed to other "
                "words. Choose {day} or later."
            ).format(day=today)
        )
    if last is not None and day < last.effective_date:
        raise TextBackdated(
            _("{text} is in force from {day} on; choose that day or a later one.").format(
                text=last, day=last.effective_date
            )
        )


def record_consent(
    *,
    customer_id: int,
    text_id: int,
    channel: str,
    evidence: str,
    actor: Staff | None,
    at: dt.datetime,
    effective_at: dt.datetime | None = None,
) -> Consent:
    """This will record that a person agreed to a text, in force from `effective_at` (otherwise
    `at`). `channel` is "" where the text's purpose has none.

    Raises UnknownCustomer, ErasedCustomer, UnknownQuestion and TextNotAllowed.
    """
    text = ConsentText.objects.filter(pk=text_id).first()
    if text is None:
        raise TextNotAllowed(_("There is no such text."))
    if text.effective_date > clock.bank_day(at):
        raise TextNotAllowed(
            _("{text} is in force from {day} on.").format(text=text, day=text.effective_date)
        )
    said = Consent(
        customer_id=customer_id,
        purpose=text.purpose,
        channel=channel,
        is_granted=True,
        text=text,
        evidence=evidence,
        effective_at=effective_at or at,
        recorded_at=at,
    )
    return _say(said, actor)


def withdraw_consent(
    *,
    customer_id: int,
    purpose: str,
    channel: str,
    evidence: str,
    actor: Staff | None,
    at: dt.datetime,
) -> Consent:
    """This will record that a person withdraws consent. It binds the very next sending, that of
    messages queued before included. Raises UnknownCustomer, ErasedCustomer and
    UnknownQuestion."""
    said = Consent(
        customer_id=customer_id,
        purpose=purpose,
        channel=channel,
        is_granted=False,
        evidence=evidence,
        effective_at=at,
        recorded_at=at,
    )
    return _say(said, actor)


@transaction.atomic
def _say(said: Consent, actor: Staff | None) -> Consent:
    known = Channel.values if said.purpose == ConsentPurpose.MARKETING else [""]
    if said.purpose not in ConsentPurpose.values or said.channel not in known:
        raise UnknownQuestion(f"{said.purpose}: {said.channel}")
    lock_customer(said.customer_id)
    # An address may be longer under its mask.
    said.evidence = masking.mask_text(said.evidence)[:EVIDENCE_LENGTH]
    said.save(force_insert=True)
    audit.record(
        action="consent.given" if said.is_granted else "consent.withdrawn",
        actor=actor,
        at=said.recorded_at,
        target=said.customer,
        reason=said.evidence,
        changes={
            "purpose": said.purpose,
            "channel": said.channel,
            "text_version": str(said.text or ""),
        },
    )
    return said


@transaction.atomic
def record_do_not_contact(
    *,
    customer_id: int,
    words: str,
    source: str,
    actor: Staff | None,
    at: dt.datetime,
    said_at: dt.datetime | None = None,
) -> DoNotContact:
    """This will record a person's word never to be contacted for marketing again, said at
    `said_at` (otherwise `at`).

    It is final; a second word stands beside the first. It binds the very next sending, that to
    another customer with the same phone, ID number or e-mail address included.
    Raises UnknownCustomer, ErasedCustomer and TooEarly.
    """
    if said_at is not None and said_at > at:
        raise TooEarly(_("This instant has not come yet."))
    lock_sharing(customer_id)
    return write_refusal(
        customer_id=customer_id, words=words, source=source, actor=actor, at=at,
        said_at=said_at or at,
    )  # fmt: skip


def write_refusal(
    *,
    customer_id: int,
    words: str,
    source: str,
    actor: Staff | None,
    at: dt.datetime,
    said_at: dt.datetime,
) -> DoNotContact:
    """This will write down the word of a customer whom the caller has locked, with all who share
    something with him."""
    words = masking.mask_text(words)
    is_first = not DoNotContact.objects.filter(customer_id=customer_id).exists()
    refusal = DoNotContact.objects.create(
        customer_id=customer_id,
        at=said_at,
        words=words,
        source=source,
        recorded_by=actor,
    )
    audit.record(
        action="do_not_contact.recorded" if is_first else "do_not_contact.repeated",
        actor=actor,
        at=at,
        target=refusal.customer,
        reason=words,
        changes={"source": source},
    )
    return refusal
