"""Holding the figures against the transactions themselves, every night."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from journeys.activity import queries
from journeys.activity.enums import Counted, CountKind, Proved
from journeys.activity.models import ActivityProof
from journeys.activity.operations.counting import asked_of
from journeys.activity.operations.settling import LOCK
from portal.audit import operations as audit

_SHOWN = 20
# The last purchase of each card by the end of a day, looked up card by card.
_LAST = """
    LEFT JOIN LATERAL (
        SELECT t.posted_date AS day FROM journeys_transaction t
        WHERE t.card_id = c.id AND t.amount > 0 AND t.posted_date <= %(on)s
            AND t.posted_date >= c.issued_date
        ORDER BY t.posted_date DESC LIMIT 1
    ) last ON TRUE
"""
_COUNTED = f"""
    SELECT c.id, c.issued_date, c.customer_id, c.branch_id, c.product_id,
        coalesce(last.day > %(on)s::date - %(window)s, FALSE) AS used
    FROM journeys_card c JOIN journeys_cardproduct p ON p.id = c.product_id {_LAST}
    WHERE c.issued_date <= %(on)s AND p.code <> ALL(%(policy)s)
        AND NOT (%(closed)s AND coalesce(c.closed_date <= %(on)s, FALSE))
        AND NOT (%(unactivated)s AND coalesce(c.activated_date > %(on)s, TRUE))
        AND NOT (%(supplementary)s AND NOT c.is_primary)
"""
_CARDS = f"""
    SELECT branch_id, product_id, ARRAY[count(*), count(*) FILTER (WHERE used)] AS figures
    FROM ({_COUNTED}) card GROUP BY 1, 2
"""
_CUSTOMERS = f"""
    SELECT branch_id, NULL::bigint AS product_id,
        ARRAY[count(*), count(*) FILTER (WHERE used)] AS figures
    FROM (SELECT DISTINCT ON (customer_id) branch_id,
              bool_or(used) OVER (PARTITION BY customer_id) AS used
          FROM ({_COUNTED}) card ORDER BY customer_id, issued_date, id) customer GROUP BY 1
"""
_ACTIVE_KEPT = """
    SELECT branch_id, product_id, ARRAY[cards, used]::bigint[] AS figures
    FROM journeys_activityday WHERE day = %(on)s AND definition_id = %(definition)s
"""
# Asleep from the day on that lies so many months after the last purchase, or after the issue.
_SLEEP = f"""
    SELECT branch_id, product_id, ARRAY[count(*), count(*) FILTER (WHERE asleep <= %(on)s),
        {
    ", ".join(
        f"count(*) FILTER (WHERE asleep > %(on)s AND asleep <= %(on)s::date + {days})"
        for days in (30, 60, 90)
    )
}] AS figures
    FROM (SELECT c.branch_id, c.product_id,
              (GREATEST(c.issued_date, last.day) + make_interval(months => %(months)s))::date
                  AS asleep
          FROM journeys_card c JOIN journeys_cardproduct p ON p.id = c.product_id {_LAST}
          WHERE c.issued_date <= %(on)s AND p.code <> ALL(%(policy)s)
              AND NOT coalesce(c.closed_date <= %(on)s, FALSE)) card
    GROUP BY 1, 2
"""
_SLEEP_KEPT = """
    SELECT branch_id, product_id, ARRAY[cards, asleep, due_30, due_60, due_90]::bigint[] AS figures
    FROM journeys_sleepday WHERE day = %(on)s
"""
_COHORT = """
    SELECT branch_id, product_id, ARRAY[count(*), count(*) FILTER (WHERE first <= issued_date + 30),
        count(*) FILTER (WHERE first <= issued_date + 65),
        count(*) FILTER (WHERE first <= issued_date + 90)] AS figures
    FROM (SELECT c.branch_id, c.product_id, c.issued_date, (
              SELECT min(t.posted_date) FROM journeys_transaction t
              WHERE t.card_id = c.id AND t.amount > 0 AND t.posted_date >= c.issued_date) AS first
          FROM journeys_card c WHERE c.issued_date >= %(on)s
              AND c.issued_date < %(on)s::date + interval '1 month') card
    GROUP BY 1, 2
"""
_COHORT_KEPT = """
    SELECT branch_id, product_id, ARRAY[cards, used_30, used_65, used_90]::bigint[] AS figures
    FROM journeys_cohortmonth WHERE month = %(on)s
"""
# Kept and counted in one statement, so that both are of the same moment.
_COMPARED = """
    SELECT b.code, coalesce(p.code, ''), kept.figures, counted.figures,
        kept.figures IS DISTINCT FROM counted.figures, one.branch_id, one.product_id
    FROM ({kept}) kept FULL JOIN ({counted}) counted
        ON counted.branch_id = kept.branch_id
        AND counted.product_id IS NOT DISTINCT FROM kept.product_id
    CROSS JOIN LATERAL (SELECT coalesce(kept.branch_id, counted.branch_id) AS branch_id,
        coalesce(kept.product_id, counted.product_id) AS product_id) one
    JOIN portal_branch b ON b.id = one.branch_id
    LEFT JOIN journeys_cardproduct p ON p.id = one.product_id
    ORDER BY 1, 2
"""
_MARK_AGAIN = """
    INSERT INTO journeys_cardmark (card_id, first, month)
    SELECT c.id, c.issued_date, date_trunc('month', c.issued_date)::date FROM journeys_card c
    WHERE (c.branch_id, c.product_id) IN (SELECT * FROM unnest(%(branches)s::bigint[],
        %(products)s::bigint[])) OR (c.branch_id = ANY(%(branches)s) AND %(whole)s)
"""


@dataclass(frozen=True)
class _Compared:
    """Figures of one kind as they are kept and as they were counted, and what differs."""

    about: Proved
    by_customer: bool
    compared: int
    differing: list[Any]


def prove_figures(*, on: dt.date, at: dt.datetime) -> list[ActivityProof]:
    """This will count the figures of a day from cards and transactions, without what is kept
    between, and those of the cards issued in its month; compare them with what is kept; and write
    down what differs. The cards of a branch and product whose figures differ are told anew by the
    next count. Nothing where the day is to be counted first, or where facts came in while it was
    compared, which the next count takes in."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        if not queries.is_counted(CountKind.DAY, on):
            return []
        found = [
            _compare(
                cursor,
                Proved.ACTIVE,
                asked_of(definition=one, on=on),
                one.counted == Counted.CUSTOMERS,
            )
            for one in queries.definitions_on(on)
        ]
        limits = queries.limits_of(queries.sleep_rule_on(on))
        asked = {"on": on, "months": limits.months, "policy": list(limits.policy_products)}
        found.append(_compare(cursor, Proved.SLEEP, asked))
        if queries.is_counted(CountKind.COHORT, on.replace(day=1)):
            found.append(_compare(cursor, Proved.COHORT, {"on": on.replace(day=1)}))
        if any(one.differing for one in found) and queries.has_marks():
            return []
        return [_write(cursor, one, on, at) for one in found]


def _compare(
    cursor: Any, about: Proved, asked: dict[str, Any], by_customer: bool = False
) -> _Compared:
    kept, counted = {
        Proved.ACTIVE: (_ACTIVE_KEPT, _CUSTOMERS if by_customer else _CARDS),
        Proved.SLEEP: (_SLEEP_KEPT, _SLEEP),
        Proved.COHORT: (_COHORT_KEPT, _COHORT),
    }[about]
    cursor.execute(_COMPARED.format(kept=kept, counted=counted), asked)
    rows = cursor.fetchall()
    return _Compared(about, by_customer, len(rows), [row for row in rows if row[4]])


def _write(cursor: Any, one: _Compared, on: dt.date, at: dt.datetime) -> ActivityProof:
    rows = one.differing
    proof = ActivityProof.objects.create(
        day=on, about=one.about, at=at, compared=one.compared, differing=len(rows),
        differences=[
            {"branch": row[0], "product": row[1], "kept": row[2], "counted": row[3]}
            for row in rows[:_SHOWN]
        ],
    )  # fmt: skip
    if rows:
        values = {"branches": [row[5] for row in rows], "products": [row[6] for row in rows],
                  "whole": one.by_customer}  # fmt: skip
        cursor.execute(_MARK_AGAIN, values)
        audit.record(
            action="activity.differs", actor=None, at=at, target=proof,
            changes={"about": str(one.about), "rows": len(rows)},
        )  # fmt: skip
    return proof
