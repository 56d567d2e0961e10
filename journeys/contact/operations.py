"""Writing to the contact ledger: reservations, consent, refusals, pauses and rules."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from journeys.contact import queries
from journeys.contact.enums import Channel, PauseKind, Purpose
from journeys.contact.models import Consent, ContactRule, DoNotContact, MarketingPause
from journeys.contact.rules import GateVerdict
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff

_LOCK_CUSTOMERS = """
SELECT id FROM journeys_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""
_RESERVE = """, reserved AS (
    INSERT INTO journeys_contact (customer_id, channel, purpose, at, origin, dedup_key)
    SELECT customer_id, channel, purpose, planned, %(origin)s, dedup_key
    FROM gate WHERE answer = 'open' ORDER BY customer_id
)
"""

# Of rows (customer_id, reference, since, until): a pause for each without an end, and the end.
_PAUSES_FOLLOW = """
INSERT INTO journeys_marketingpause (customer_id, kind, reference, since)
SELECT named.customer_id, '{kind}', named.reference, named.since FROM ({named}) AS named
WHERE named.until IS NULL ORDER BY named.customer_id
ON CONFLICT (kind, reference) WHERE until IS NULL DO NOTHING
"""
_ENDS_FOLLOW = """
UPDATE journeys_marketingpause AS pause SET until = greatest(named.until, pause.since)
FROM ({named}) AS named
WHERE pause.kind = '{kind}' AND pause.reference = named.reference AND pause.until IS NULL
  AND named.until IS NOT NULL
"""


class UnknownQuestion(Exception):
    """Raised when a purpose or channel is asked for that the ledger does not know."""


class UnknownCustomer(Exception):
    """Raised when nobody is known under a customer id."""


class AlreadyPaused(Exception):
    """Raised when marketing rests already for the same reason."""


class NotPaused(Exception):
    """Raised when marketing is to go on that does not rest for this reason."""


class RuleNotAllowed(Exception):
    """Raised when a contact rule would change days that have passed, or has one for its day."""


def reserve_contacts(
    *,
    customer_ids: Sequence[int],
    purpose: str,
    channels: Sequence[str],
    origin: str,
    dedup_key: str,
    at: dt.datetime,
) -> list[GateVerdict]:
    """This will ask the gate and write a contact for each person who may be contacted.

    `channels` in order of preference. The customers are locked in the order of their ids until
    the caller's transaction ends, so that two reservations cannot both take the last place under
    a cap. Raises UnknownQuestion.
    """
    if purpose not in Purpose.values or not set(channels) <= set(Channel.values):
        raise UnknownQuestion(f"{purpose}: {', '.join(channels)}")
    values = queries.gate_values(
        customer_ids=customer_ids, purpose=purpose, channels=channels, dedup_key=dedup_key, at=at
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK_CUSTOMERS, [list(customer_ids)])
        found = queries.run_gate(
            queries.gate_statement(writes=_RESERVE), {**values, "origin": origin}
        )
    return [verdict for verdict, _key in found]


def move_contacts(*, causes: Sequence[tuple[int, str]], at: dt.datetime) -> None:
    """This will set the instant of reserved contacts, each named by (customer id, dedup key), to
    `at`: the one at which they are really made, or are to be made."""
    _change_contacts(causes, "at", at)


def release_contacts(*, causes: Sequence[tuple[int, str]], at: dt.datetime) -> None:
    """This will release contacts that reached nobody: they no longer count towards a cap.

    The row stays, and with it the cause: nobody is taken up a second time for the same cause.
    """
    _change_contacts(causes, "released_at", at)


def _change_contacts(causes: Sequence[tuple[int, str]], column: str, at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE journeys_contact AS made SET {column} = %(at)s
                FROM unnest(%(ids)s::bigint[], %(keys)s::text[]) AS named(customer_id, dedup_key)
                WHERE made.customer_id = named.customer_id AND made.dedup_key = named.dedup_key
                  AND made.released_at IS NULL""",
            {
                "at": at,
                "ids": [customer_id for customer_id, _key in causes],
                "keys": [key for _customer_id, key in causes],
            },
        )


def record_consent(
    *,
    customer_id: int,
    purpose: str,
    channel: str,
    text_version: str,
    evidence: str,
    actor: Staff | None,
    at: dt.datetime,
    effective_at: dt.datetime | None = None,
) -> Consent:
    """This will record a person's consent, in force from `effective_at` (otherwise `at`).

    Raises UnknownCustomer and UnknownQuestion.
    """
    return _say(
        customer_id, purpose, channel, True, text_version, evidence, actor, at, effective_at or at
    )


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
    messages queued before included. Raises UnknownCustomer and UnknownQuestion."""
    return _say(customer_id, purpose, channel, False, "", evidence, actor, at, at)


@transaction.atomic
def _say(
    customer_id: int,
    purpose: str,
    channel: str,
    is_granted: bool,
    text_version: str,
    evidence: str,
    actor: Staff | None,
    at: dt.datetime,
    effective_at: dt.datetime,
) -> Consent:
    if purpose not in Purpose.values or channel not in Channel.values:
        raise UnknownQuestion(f"{purpose}: {channel}")
    _lock_customer(customer_id)
    consent = Consent.objects.create(
        customer_id=customer_id,
        purpose=purpose,
        channel=channel,
        is_granted=is_granted,
        text_version=text_version,
        evidence=evidence,
        effective_at=effective_at,
        recorded_at=at,
    )
    audit.record(
        action="consent.given" if is_granted else "consent.withdrawn",
        actor=actor,
        at=at,
        target=consent.customer,
        reason=evidence,
        changes={"purpose": purpose, "channel": channel, "text_version": text_version},
    )
    return consent


@transaction.atomic
def record_do_not_contact(
    *, customer_id: int, words: str, source: str, actor: Staff | None, at: dt.datetime
) -> DoNotContact:
    """This will record a person's word never to be contacted for marketing again.

    It is final; a second word leaves the first as it stands. It binds the very next sending.
    Raises UnknownCustomer.
    """
    _lock_customer(customer_id)
    refusal, is_new = DoNotContact.objects.get_or_create(
        customer_id=customer_id,
        defaults={"at": at, "words": words, "source": source, "recorded_by": actor},
    )
    audit.record(
        action="do_not_contact.recorded" if is_new else "do_not_contact.repeated",
        actor=actor,
        at=at,
        target=refusal.customer,
        reason=words,
        changes={"source": source},
    )
    return refusal


@transaction.atomic
def pause_marketing(
    *, customer_id: int, kind: PauseKind, reference: str, actor: Staff | None, at: dt.datetime
) -> MarketingPause:
    """This will let marketing to a person rest until what `reference` names is settled. It binds
    the very next sending, that of messages queued before included.

    Raises UnknownCustomer and AlreadyPaused.
    """
    _lock_customer(customer_id)
    if MarketingPause.objects.filter(kind=kind, reference=reference, until=None).exists():
        raise AlreadyPaused(reference)
    pause = MarketingPause.objects.create(
        customer_id=customer_id, kind=kind, reference=reference, since=at
    )
    _record_pause("marketing.paused", pause, actor, at)
    return pause


@transaction.atomic
def resume_marketing(
    *, kind: PauseKind, reference: str, actor: Staff | None, at: dt.datetime
) -> MarketingPause:
    """This will end a pause; others of the same person hold on. Raises NotPaused."""
    open_ones = MarketingPause.objects.select_for_update(of=("self",)).select_related("customer")
    pause = open_ones.filter(kind=kind, reference=reference, until=None).first()
    if pause is None:
        raise NotPaused(reference)
    # The clocks of two machines may differ by more than a short pause lasts.
    MarketingPause.objects.filter(pk=pause.pk).update(until=Greatest(F("since"), at))
    _record_pause("marketing.resumed", pause, actor, at)
    return pause


def _record_pause(action: str, pause: MarketingPause, actor: Staff | None, at: dt.datetime) -> None:
    audit.record(
        action=action,
        actor=actor,
        at=at,
        target=pause.customer,
        changes={"kind": pause.kind, "reference": pause.reference},
    )


def pauses_of_many(*, kind: PauseKind, named: str) -> tuple[str, str]:
    """This will return the statements by which pauses follow from facts that come in as files.

    `named` is a query of (customer_id, reference, since, until); where `until` is null, marketing
    rests. The caller holds the customers locked.
    """
    return (
        _PAUSES_FOLLOW.format(kind=kind.value, named=named),
        _ENDS_FOLLOW.format(kind=kind.value, named=named),
    )


@transaction.atomic
def set_contact_rule(
    *,
    effective_date: dt.date,
    opens: dt.time,
    closes: dt.time,
    day_cap: int,
    month_cap: int,
    source: str,
    actor: Staff | None,
    at: dt.datetime,
) -> ContactRule:
    """This will set hours and caps in force from a bank's day on, today at the earliest.

    Raises RuleNotAllowed.
    """
    if effective_date < clock.bank_day(at):
        raise RuleNotAllowed(f"{effective_date} has passed; a rule cannot change past days.")
    if ContactRule.objects.filter(effective_date=effective_date).exists():
        raise RuleNotAllowed(f"{effective_date} has its rule already; choose a later day.")
    rule = ContactRule.objects.create(
        effective_date=effective_date,
        opens=opens,
        closes=closes,
        day_cap=day_cap,
        month_cap=month_cap,
        source=source,
    )
    audit.record(
        action="contact_rule.set",
        actor=actor,
        at=at,
        target=rule,
        reason=source,
        changes={
            "opens": str(opens),
            "closes": str(closes),
            "day_cap": day_cap,
            "month_cap": month_cap,
        },
    )
    return rule


def _lock_customer(customer_id: int) -> None:
    """A statement of the person and a reservation for the person follow one another."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CUSTOMERS, [[customer_id]])
        if cursor.fetchone() is None:
            raise UnknownCustomer(str(customer_id))
