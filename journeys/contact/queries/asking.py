"""Asking the gate: about some people, about reserved contacts, about whoever a query names."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from journeys.contact.queries.gate import gate_sql, openings_sql
from journeys.contact.rules import GateVerdict
from portal.kit import instants, prepared

# The same question for many people ...
_ASKED_FOR_MANY = """
    SELECT DISTINCT id AS customer_id, %(purpose)s::text AS purpose,
           %(channels)s::text[] AS channels, %(dedup_key)s::text AS dedup_key
    FROM unnest(%(customer_ids)s::bigint[]) AS wanted(id)
"""
# ... or for all whom a query of ids names ...
_ASKED_OVER = """
    SELECT id AS customer_id, %(purpose)s::text AS purpose,
           %(channels)s::text[] AS channels, %(dedup_key)s::text AS dedup_key
    FROM ({people}) AS wanted(id)
"""
# ... or a question each, about contacts that are reserved already.
_ASKED_AGAIN = """
    SELECT customer_id, purpose, ARRAY[channel] AS channels, dedup_key
    FROM unnest(%(customer_ids)s::bigint[], %(purposes)s::text[], %(channels)s::text[],
                %(dedup_keys)s::text[]) AS wanted(customer_id, purpose, channel, dedup_key)
"""
_COUNT = "SELECT answer, count(*) FROM gate GROUP BY answer ORDER BY answer"
# A million people are hashed in memory rather than on disk.
_FOR_A_CROWD = "SET LOCAL work_mem = '256MB'"


def gate_statement(*, writes: str = "", spares: str = "") -> str:
    """This will return the gate's statement for many people; `writes` is a further table
    expression that may read `gate`, and `spares` tells what does not count, see `gate_sql`."""
    return gate_sql(_ASKED_FOR_MANY, writes=writes, spares=spares)


def gate_over(people: str, *, answer: str = "") -> str:
    """This will return the gate's statement for all whom `people` names, a query of customer ids
    without repetition; `answer` selects from `gate`, see `gate_sql`.

    The values are those of `gate_values` and of `people` itself.
    """
    asked = _ASKED_OVER.format(people=people)
    return gate_sql(asked, answer=answer) if answer else gate_sql(asked)


def gate_values(
    *,
    purpose: str,
    channels: Sequence[str],
    dedup_key: str,
    at: dt.datetime,
    customer_ids: Sequence[int] = (),
) -> dict[str, Any]:
    """This will return the values of the gate's statement for many people."""
    return {
        "customer_ids": array_of(customer_ids),
        "purpose": purpose,
        "channels": list(channels),
        "dedup_key": dedup_key,
        "at": at,
        "zone": settings.TIME_ZONE,
        "is_first": True,
    }


def array_of(ids: Iterable[int]) -> str:
    """This will write ids as a literal array: of many, that takes a tenth of the time."""
    return f"{{{','.join(map(str, ids))}}}"


def ask_gate(
    *,
    customer_ids: Sequence[int],
    purpose: str,
    channels: Sequence[str],
    dedup_key: str,
    at: dt.datetime,
    spares: str = "",
    spared: Mapping[str, Any] | None = None,
) -> list[GateVerdict]:
    """This will tell, for each customer once and in the order of their ids, whether the person
    may be contacted; `channels` in order of preference. Nothing is written.

    `spares` tells which contacts do not count, with its values `spared` (see `gate_sql`).
    """
    asked = gate_values(
        customer_ids=customer_ids, purpose=purpose, channels=channels, dedup_key=dedup_key, at=at
    )
    found = run_gate(gate_statement(spares=spares), {**asked, **(spared or {})})
    return [verdict for verdict, _key in found]


def ask_again(
    *,
    customer_ids: Sequence[int],
    purposes: Sequence[str],
    channels: Sequence[str],
    dedup_keys: Sequence[str],
    at: dt.datetime,
    spares: str = "",
    spared: Mapping[str, Any] | None = None,
) -> dict[tuple[int, str], GateVerdict]:
    """This will ask the gate once more about reserved contacts, at the instant of sending.

    The four sequences name one contact each; its own row does not count against the caps, nor do
    those that `spares` tells, with its values `spared` (see `gate_sql`). The answers are found by
    (customer id, dedup key).
    """
    values = {
        "customer_ids": list(customer_ids),
        "purposes": list(purposes),
        "channels": list(channels),
        "dedup_keys": list(dedup_keys),
        "at": at,
        "zone": settings.TIME_ZONE,
        "is_first": False,
        **(spared or {}),
    }
    statement = gate_sql(_ASKED_AGAIN, spares=spares)
    found = _verdicts(prepared.fetch_about(len(customer_ids), statement, values))
    return {(verdict.customer_id, key): verdict for verdict, key in found}


@transaction.atomic
def count_answers(
    *,
    people: str,
    purpose: str,
    channels: Sequence[str],
    dedup_key: str,
    at: dt.datetime,
    values: Mapping[str, Any] | None = None,
) -> dict[str, int]:
    """This will count the gate's answers about all whom the query `people` names, with its
    `values`, in one statement: a million customers take seconds."""
    asked = gate_values(purpose=purpose, channels=channels, dedup_key=dedup_key, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_FOR_A_CROWD)
        cursor.execute(gate_over(people, answer=_COUNT), {**asked, **(values or {})})
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Opening:
    """The first open instant of a channel somewhere, None where none is known, and the caps of that
    day, None where no rule is in force."""

    planned: dt.datetime | None
    day_cap: int | None
    month_cap: int | None


def openings(*, codes: Iterable[str], channel: str, at: dt.datetime) -> dict[str, Opening]:
    """This will tell when somebody may be contacted who lives in a division and is no customer, as
    the gate tells it of customers: by the hours of the channel there and the calendar."""
    values = {"codes": list(codes), "channel": channel, "at": at, "zone": settings.TIME_ZONE}
    found = prepared.fetch_about(len(values["codes"]), openings_sql(), values)
    return {code: Opening(*rest) for code, *rest in found}


def run_gate(statement: str, values: Mapping[str, Any]) -> list[tuple[GateVerdict, str]]:
    """This will run one of the gate's statements and return its verdicts with the dedup key, in
    the order of customers and keys."""
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(values))
        return _verdicts(cursor.fetchall())


def _verdicts(rows: Iterable[tuple[Any, ...]]) -> list[tuple[GateVerdict, str]]:
    found, read = sorted(rows, key=lambda row: (row[0], row[5])), instants.read
    return [
        (GateVerdict(customer, answer, channel, read(not_before), read(free_at)), key)
        for customer, answer, channel, not_before, free_at, key in found
    ]
