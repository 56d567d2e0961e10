"""A refusal that comes by phone number, and mail addresses from which mail comes back."""

import datetime as dt
from typing import Any

from django.db import connection, transaction

from journeys.contact.enums import RefusalSource
from journeys.contact.models import BadAddress
from journeys.contact.operations.locking import lock_called, lock_customers
from journeys.contact.operations.statements import write_refusal
from journeys.customers import queries as customers
from journeys.customers.enums import Trait
from portal.audit import operations as audit
from portal.kit import clock, masking, sealed
from portal.staff.models import Staff

_KEEP = """
INSERT INTO journeys_erasedrefusal AS kept (kind, value_hash, refused_date)
VALUES (%s, %s, %s)
ON CONFLICT (value_hash) DO UPDATE SET refused_date = excluded.refused_date
    WHERE excluded.refused_date < kept.refused_date
"""
_NOTE = """
INSERT INTO journeys_badaddress
    (customer_id, address_sealed, address_index, address_masked, cause, since)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (address_index) WHERE until IS NULL AND address_index IS NOT NULL DO NOTHING
RETURNING id
"""
_CAUSE_LENGTH: int = BadAddress._meta.get_field("cause").max_length or 0


class NotBad(Exception):
    """Raised where an address works again already."""


@transaction.atomic
def refuse_by_phone(
    *, phone: str, words: str, source: str, at: dt.datetime, said_at: dt.datetime | None = None
) -> list[int]:
    """This will record the word never to be contacted again of whoever answers a phone, for each
    customer on file with it, and return their ids. Where there is none the phone is kept as a hash:
    whoever comes on file with it later is not contacted either. All of them, and those who share
    something with one of them, are locked at once before the first word is written: one after the
    other, a later one might have to wait for a lower id than is held already."""
    said = min(said_at or at, at)
    recorded = lock_called(phone)
    for customer_id in recorded:
        write_refusal(
            customer_id=customer_id, words=words, source=source, actor=None, at=at, said_at=said
        )
    if not recorded:
        _keep(phone, said)
        changes = {"source": source}
        audit.record(action="do_not_contact.unknown_phone", actor=None, at=at, changes=changes)
    return recorded


@transaction.atomic
def refuse_in_a_call(
    *, phone: str, words: str, actor: Staff, at: dt.datetime, customer_id: int | None = None
) -> list[int]:
    """This will record the word never to be contacted again that somebody said on the telephone to
    `actor`: for each customer on file with the phone, for `customer_id` where it is known who
    speaks, and for the phone itself, as a hash, whoever comes on file with it later. It returns the
    customers' ids; all of them are locked as by `refuse_by_phone`."""
    recorded = lock_called(phone, customer_id=customer_id)
    if customer_id is not None and customer_id not in recorded:
        recorded = [*recorded, customer_id]
    for one in recorded:
        write_refusal(
            customer_id=one, words=words, source=RefusalSource.CALL, actor=actor, at=at, said_at=at
        )
    _keep(phone, at)
    changes = {"source": RefusalSource.CALL.value}
    audit.record(action="do_not_contact.phone_kept", actor=actor, at=at, changes=changes)
    return recorded


@transaction.atomic
def keep_refused_phone(
    *,
    phone: str,
    source: str,
    actor: Staff | None,
    at: dt.datetime,
    said_at: dt.datetime | None = None,
    customer_id: int | None = None,
) -> None:
    """This will keep a phone as a hash by the word of somebody who is no customer under it: whoever
    is on file with it, as customer or lead, or comes on file with it later, is not contacted. The
    words stand where the caller keeps them. Those who have the phone are locked, so that it binds
    the very next sending to each of them; where the caller goes on to record the word of a
    customer too, `customer_id` has him locked at the same time, in the order of ids."""
    lock_called(phone, customer_id=customer_id)
    _keep(phone, min(said_at or at, at))
    audit.record(action="do_not_contact.phone_kept", actor=actor, at=at, changes={"source": source})


def _keep(phone: str, said: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [Trait.PHONE, customers.callee_of(phone), clock.bank_day(said)])


@transaction.atomic
def note_bad_address(*, customer_id: int, address: str, cause: str, at: dt.datetime) -> bool:
    """This will note that mail to a customer's address comes back for good, and tell whether it was
    not known yet. Where `address` is given (in clear) and is not the one on file any more, nothing
    is noted: the customer has another one by now."""
    lock_customers([customer_id])  # the address of somebody who is being erased is gone after it
    held = customers.mail_address(customer_id)
    if held is None or (address and address.lower() != held.lower()):
        return False
    # While the keys change it may be known by the index of another one.
    known = BadAddress.objects.filter(address_index__in=sealed.blind_indexes(held, "email"))
    if known.filter(until=None).exists():
        return False
    row: list[Any] = [
        customer_id,
        sealed.seal(held, "badaddress.address"),
        sealed.blind_index(held, "email"),
        masking.mask_email(held),
        masking.mask_text(cause)[:_CAUSE_LENGTH],
        at,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, row)
        made = cursor.fetchone()
    if made is None:
        return False
    found = BadAddress.objects.get(pk=made[0])
    audit.record(action="bad_address.noted", actor=None, at=at, target=found, reason=found.cause)
    return True


@transaction.atomic
def end_bad_address(*, bad_address_id: int, reason: str, actor: Staff, at: dt.datetime) -> None:
    """This will let mail go to an address again. Raises NotBad."""
    row = BadAddress.objects.select_for_update(of=("self",)).get(pk=bad_address_id)
    if row.until is not None:
        raise NotBad(str(row))
    row.until, row.ended_by = max(at, row.since), actor
    row.save(update_fields=["until", "ended_by"])
    audit.record(action="bad_address.ended", actor=actor, at=at, target=row, reason=reason)
