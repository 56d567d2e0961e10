"""The one gate: who may be contacted, on which channel, and when. One statement for many people.

Order of the checks: a rule is in force, not yet contacted for this cause, no refusal, no open
complaint, consent, an address, the caps. Hours block nobody: they move the planned instant to the
next opening. Service messages need no marketing consent and are outside refusal, complaints and
caps; hours hold for them.

Of a person's words for a channel the latest in force holds. A withdrawal also takes back a consent
that was recorded before it and was to come into force after it.

How a rolling cap is checked. No window of 24 hours (and none of 30 x 24 hours), wherever it
starts, may hold more than `cap` marketing contacts. The ledger also holds contacts planned for
later (tomorrow at the opening), so it is not enough to look back from the new one: every window
[s, s + W) that contains the planned instant p has to hold. These are the windows that start
in (p - W, p]. Sliding such a window to the right until its start meets the first contact in it,
p included, loses none; so the fullest one starts at a contact t with p - W < t <= p, or at p.
The statement therefore counts, for each such t, the contacts in [t, t + W), p among them, and
compares the greatest count with the cap. Windows without p are as they were before.
Contacts that were called off (`released_at`) reached nobody and are not counted.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max

from journeys.contact.models import Contact
from journeys.contact.rules import GateVerdict

# Who is asked about: the same question for many people ...
_ASKED_FOR_MANY = """
    SELECT DISTINCT id AS customer_id, %(purpose)s::text AS purpose,
           %(channels)s::text[] AS channels, %(dedup_key)s::text AS dedup_key
    FROM unnest(%(customer_ids)s::bigint[]) AS wanted(id)
"""
# ... or a question each, about contacts that are reserved already.
_ASKED_AGAIN = """
    SELECT customer_id, purpose, ARRAY[channel] AS channels, dedup_key
    FROM unnest(%(customer_ids)s::bigint[], %(purposes)s::text[], %(channels)s::text[],
                %(dedup_keys)s::text[]) AS wanted(customer_id, purpose, channel, dedup_key)
"""

_GATE = """
moment AS (
    SELECT %(at)s::timestamptz AS at, %(at)s::timestamptz AT TIME ZONE %(zone)s AS local
), today AS (
    SELECT * FROM journeys_contactrule
    WHERE effective_date <= (SELECT local::date FROM moment)
    ORDER BY effective_date DESC LIMIT 1
), tomorrow AS (
    SELECT * FROM journeys_contactrule
    WHERE effective_date <= (SELECT local::date + 1 FROM moment)
    ORDER BY effective_date DESC LIMIT 1
), rule AS MATERIALIZED (
    SELECT CASE WHEN local::time < today.opens
                    THEN (local::date + today.opens) AT TIME ZONE %(zone)s
                WHEN local::time < today.closes THEN at
                ELSE (local::date + 1 + tomorrow.opens) AT TIME ZONE %(zone)s END AS planned,
           CASE WHEN local::time < today.closes
                    THEN today.day_cap ELSE tomorrow.day_cap END AS day_cap,
           CASE WHEN local::time < today.closes
                    THEN today.month_cap ELSE tomorrow.month_cap END AS month_cap
    FROM moment, today, tomorrow
), gate AS MATERIALIZED (
    SELECT asked.customer_id, asked.purpose, asked.dedup_key,
        CASE WHEN rule.planned IS NULL THEN 'no_rule'
             WHEN %(is_first)s AND EXISTS (
                 SELECT FROM journeys_contact AS made
                 WHERE made.customer_id = asked.customer_id AND made.dedup_key = asked.dedup_key
             ) THEN 'already'
             WHEN asked.purpose <> 'service' AND EXISTS (
                 SELECT FROM journeys_donotcontact AS refusal
                 WHERE refusal.customer_id = asked.customer_id
             ) THEN 'do_not_contact'
             WHEN asked.purpose <> 'service' AND EXISTS (
                 SELECT FROM journeys_marketingpause AS pause
                 WHERE pause.customer_id = asked.customer_id AND pause.until IS NULL
             ) THEN 'complaint_open'
             WHEN NOT route.has_consent THEN 'no_consent'
             WHEN route.channel IS NULL THEN 'no_address'
             WHEN asked.purpose <> 'service' AND (
                 SELECT max(in_day) FILTER (WHERE at > rule.planned - interval '24 hours')
                            > rule.day_cap
                     OR max(in_month) > rule.month_cap
                 FROM (
                     SELECT at,
                         count(*) OVER (ORDER BY at RANGE BETWEEN CURRENT ROW
                             AND interval '23:59:59.999999' FOLLOWING) AS in_day,
                         count(*) OVER (ORDER BY at RANGE BETWEEN CURRENT ROW
                             AND interval '719:59:59.999999' FOLLOWING) AS in_month
                     FROM (
                         SELECT made.at FROM journeys_contact AS made
                         WHERE made.customer_id = asked.customer_id
                           AND made.at > rule.planned - interval '720 hours'
                           AND made.at < rule.planned + interval '720 hours'
                           AND made.purpose <> 'service' AND made.released_at IS NULL
                           AND made.dedup_key <> asked.dedup_key
                         UNION ALL SELECT rule.planned
                     ) AS near
                 ) AS windows
                 WHERE at <= rule.planned
             ) THEN 'cap_reached'
             ELSE 'open' END AS answer,
        route.channel, rule.planned
    FROM asked
    LEFT JOIN rule ON true
    LEFT JOIN journeys_customer AS customer ON customer.id = asked.customer_id
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(has_consent), false) AS has_consent,
               (array_agg(channel ORDER BY place)
                   FILTER (WHERE has_consent AND has_address))[1] AS channel
        FROM (
            SELECT channel, place,
                asked.purpose = 'service' OR coalesce((
                    SELECT said.is_granted AND NOT EXISTS (
                        SELECT FROM journeys_consent AS taken_back
                        WHERE taken_back.customer_id = said.customer_id
                          AND taken_back.purpose = said.purpose
                          AND taken_back.channel = said.channel
                          AND taken_back.effective_at BETWEEN said.recorded_at AND %(at)s
                          AND taken_back.id > said.id AND NOT taken_back.is_granted
                    ) FROM journeys_consent AS said
                    WHERE said.customer_id = asked.customer_id AND said.purpose = asked.purpose
                      AND said.channel = listed.channel AND said.effective_at <= %(at)s
                    ORDER BY said.effective_at DESC, said.id DESC LIMIT 1
                ), false) AS has_consent,
                CASE WHEN channel = 'email' THEN customer.email_sealed IS NOT NULL
                     ELSE customer.phone_sealed IS NOT NULL END AS has_address
            FROM unnest(asked.channels) WITH ORDINALITY AS listed(channel, place)
            OFFSET 0 -- keeps the consent from being looked up once for each use
        ) AS each_channel
    ) AS route
)
"""

_ANSWER = """
SELECT customer_id, answer,
       CASE WHEN answer IN ('open', 'cap_reached') THEN channel ELSE '' END AS channel,
       CASE WHEN answer = 'open' THEN planned END AS not_before, dedup_key
FROM gate ORDER BY customer_id, dedup_key
"""

_WINDOW_ENDS = """
SELECT DISTINCT at + width AS end_of_window
FROM journeys_contact, unnest(ARRAY[interval '24 hours', interval '720 hours']) AS width
WHERE customer_id = %s AND dedup_key <> %s AND released_at IS NULL AND purpose <> 'service'
  AND at + width > %s
ORDER BY end_of_window
"""


def gate_statement(*, writes: str = "") -> str:
    """This will return the gate's statement for many people; `writes` is a further CTE that may
    read the table expression `gate` (customer_id, purpose, dedup_key, answer, channel, planned)."""
    return f"WITH asked AS ({_ASKED_FOR_MANY}), {_GATE} {writes} {_ANSWER}"


def gate_values(
    *,
    customer_ids: Sequence[int],
    purpose: str,
    channels: Sequence[str],
    dedup_key: str,
    at: dt.datetime,
) -> dict[str, Any]:
    """This will return the values of the gate's statement for many people."""
    return {
        "customer_ids": list(customer_ids),
        "purpose": purpose,
        "channels": list(channels),
        "dedup_key": dedup_key,
        "at": at,
        "zone": settings.TIME_ZONE,
        "is_first": True,
    }


def ask_gate(
    *,
    customer_ids: Sequence[int],
    purpose: str,
    channels: Sequence[str],
    dedup_key: str,
    at: dt.datetime,
) -> list[GateVerdict]:
    """This will tell, for each customer once and in the order of their ids, whether the person
    may be contacted; `channels` in order of preference. Nothing is written."""
    values = gate_values(
        customer_ids=customer_ids, purpose=purpose, channels=channels, dedup_key=dedup_key, at=at
    )
    return [verdict for verdict, _key in run_gate(gate_statement(), values)]


def ask_again(
    *,
    customer_ids: Sequence[int],
    purposes: Sequence[str],
    channels: Sequence[str],
    dedup_keys: Sequence[str],
    at: dt.datetime,
) -> dict[tuple[int, str], GateVerdict]:
    """This will ask the gate once more about reserved contacts, at the instant of sending.

    The four sequences name one contact each; its own row does not count against the caps. The
    answers are found by (customer id, dedup key).
    """
    values = {
        "customer_ids": list(customer_ids),
        "purposes": list(purposes),
        "channels": list(channels),
        "dedup_keys": list(dedup_keys),
        "at": at,
        "zone": settings.TIME_ZONE,
        "is_first": False,
    }
    found = run_gate(f"WITH asked AS ({_ASKED_AGAIN}), {_GATE} {_ANSWER}", values)
    return {(verdict.customer_id, key): verdict for verdict, key in found}


def free_from(
    *, customer_id: int, purpose: str, channel: str, dedup_key: str, at: dt.datetime
) -> dt.datetime | None:
    """This will find the first instant after `at` at which a reserved contact that the caps hold
    back may be made; None where another answer than the caps stands against it.

    A window only empties when a contact leaves it, so it is enough to try the ends of the windows
    that open with each of the person's other contacts.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WINDOW_ENDS, [customer_id, dedup_key, at])
        ends = [row[0] for row in cursor.fetchall()]
    for end in ends:
        verdict = ask_again(
            customer_ids=[customer_id],
            purposes=[purpose],
            channels=[channel],
            dedup_keys=[dedup_key],
            at=end,
        )[customer_id, dedup_key]
        if verdict.is_open:
            return verdict.not_before
    return None


def run_gate(statement: str, values: dict[str, Any]) -> list[tuple[GateVerdict, str]]:
    """This will run one of the gate's statements and return its verdicts with the dedup key."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(GateVerdict(*row[:4]), row[4]) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Made:
    """How often a person was contacted for something, and when last."""

    times: int
    last_at: dt.datetime


def contacts_by_origin(
    *, customer_id: int, since: dt.datetime, until: dt.datetime
) -> dict[str, Made]:
    """This will tell for what a person was contacted between two instants, the latest first.
    Contacts that are planned, or reached nobody, are none."""
    rows = (
        Contact.objects.filter(
            customer_id=customer_id, at__gt=since, at__lte=until, released_at=None
        )
        .values("origin")
        .annotate(times=Count("pk"), last=Max("at"))
        .order_by("-last", "origin")
    )
    return {row["origin"]: Made(row["times"], row["last"]) for row in rows}
