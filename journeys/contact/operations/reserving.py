"""Reserving contacts, and what becomes of them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from journeys.contact import queries
from journeys.contact.enums import Channel, Purpose
from journeys.contact.operations.locking import UnknownQuestion, lock_customers
from journeys.contact.rules import GateVerdict

_RESERVE = """, reserved AS (
    INSERT INTO journeys_contact (customer_id, channel, purpose, at, origin, dedup_key)
    SELECT customer_id, channel, purpose, planned, %(origin)s, dedup_key
    FROM gate WHERE answer = 'open' ORDER BY customer_id
)
"""
_ANSWERING = """
INSERT INTO journeys_contact (customer_id, channel, purpose, at, origin, dedup_key)
SELECT id, %(channel)s, %(purpose)s, %(at)s, %(origin)s, %(dedup_key)s
FROM journeys_customer WHERE callee = %(callee)s ORDER BY id
ON CONFLICT (customer_id, dedup_key) DO NOTHING
"""


def reserve_contacts(
    *,
    customer_ids: Sequence[int],
    purpose: str,
    channels: Sequence[str],
    origin: str,
    dedup_key: str,
    at: dt.datetime,
    spares: str = "",
    writes: str = "",
    values: Mapping[str, Any] | None = None,
) -> list[GateVerdict]:
    """This will ask the gate and write a contact for each person who may be contacted.

    `channels` in order of preference. The customers are locked in the order of their ids until
    the caller's transaction ends, so that two reservations cannot both take the last place under
    a cap. `spares` tells which contacts do not count: the caller then moves those; `writes` is a
    further table expression for those whom the `gate` lets through, so that what goes with the
    contacts is written by the same statement (see `queries.gate_sql`). `values` are those of both.
    Raises UnknownQuestion.
    """
    if purpose not in Purpose.values or not set(channels) <= set(Channel.values):
        raise UnknownQuestion(f"{purpose}: {', '.join(channels)}")
    asked = queries.gate_values(
        customer_ids=customer_ids, purpose=purpose, channels=channels, dedup_key=dedup_key, at=at
    )
    with transaction.atomic():
        lock_customers(customer_ids)
        found = queries.run_gate(
            queries.gate_statement(writes=_RESERVE + writes, spares=spares),
            {**asked, "origin": origin, **(values or {})},
        )
    return [verdict for verdict, _key in found]


def write_contacts(*, callee: bytes, origin: str, dedup_key: str, at: dt.datetime) -> int:
    """This will write a call for marketing to the ledger of each customer on file with a phone, of
    which `callee` is the hash: it was made to somebody else who answers it, and counts for all of
    them. Whoever asks has locked them (`lock_callee`). It returns how many they are."""
    values: dict[str, Any] = {
        "callee": callee, "channel": Channel.PHONE.value, "purpose": Purpose.MARKETING.value,
        "origin": origin, "dedup_key": dedup_key, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERING, values)
        return cursor.rowcount


def place_contacts(*, causes: Sequence[tuple[int, str]], instants: Sequence[dt.datetime]) -> None:
    """This will move reserved contacts, each named by (customer id, dedup key), to an instant of
    its own each."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE journeys_contact AS made SET at = named.at
               FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[])
                   AS named(customer_id, dedup_key, at)
               WHERE made.customer_id = named.customer_id AND made.dedup_key = named.dedup_key
                 AND made.released_at IS NULL AND made.at <> named.at""",
            [
                [customer_id for customer_id, _key in causes],
                [key for _customer_id, key in causes],
                list(instants),
            ],
        )


def move_contacts(*, causes: Sequence[tuple[int, str]], at: dt.datetime) -> None:
    """This will set the instant of reserved contacts, each named by (customer id, dedup key), to
    `at`: the one at which they are really made, or are to be made."""
    _change_contacts(causes, "at", at)


def bring_contacts_forward(*, causes: Sequence[tuple[int, str]], at: dt.datetime) -> None:
    """This will set the instant of contacts that were to be made later to `at`: it is known by then
    that they were made. Those that have an instant before keep it."""
    _change_contacts(causes, "at", at, "AND made.at > %(at)s")


def release_contacts(*, causes: Sequence[tuple[int, str]], at: dt.datetime) -> None:
    """This will release contacts that reached nobody: they no longer count towards a cap.

    The row stays, and with it the cause: nobody is taken up a second time for the same cause.
    """
    _change_contacts(causes, "released_at", at)


def _change_contacts(
    causes: Sequence[tuple[int, str]], column: str, at: dt.datetime, which: str = ""
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE journeys_contact AS made SET {column} = %(at)s
                FROM unnest(%(ids)s::bigint[], %(keys)s::text[]) AS named(customer_id, dedup_key)
                WHERE made.customer_id = named.customer_id AND made.dedup_key = named.dedup_key
                  AND made.released_at IS NULL {which}""",
            {
                "at": at,
                "ids": [customer_id for customer_id, _key in causes],
                "keys": [key for _customer_id, key in causes],
            },
        )
