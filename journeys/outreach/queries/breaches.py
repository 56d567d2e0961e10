"""The auditor: whether anybody was contacted who should not have been, in plain SQL.

It is written apart from the gate, and on purpose in another way: it starts from the contacts that
were made and looks back, where the gate looks ahead. A contact that was made is one that was not
released and whose message, where it has one, left the house or may have. Words said less than
`grace` seconds before a contact are not counted against it: the instant of a word is taken before
it waits for the lock that a claim may hold.

What higher apps promise about their messages they add (`portal.kit.registry.BreachRule`). All ask
the contacts `made`: who was contacted when (`at`, `on_date`), by which channel, for which purpose,
by which cause (`origin`, `dedup_key`), with which message and text, in which variant, and whether
the contact is one that is asked about (`is_asked`).

It cannot see what no row says: how fast a gateway was given messages, since the instant of a
hand-over is not kept, and who was overtaken by a message of lower priority.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journeys.customers.rules import HASH_OF, PLACES, place_sql
from portal.kit.personal import ERASED
from portal.kit.registry import registry

_MADE = """
made AS MATERIALIZED (
    SELECT contact.id, contact.customer_id, contact.channel, contact.purpose, contact.at,
           contact.origin, contact.dedup_key, message.id AS message_id, message.template_id,
           message.variant, message.valid_until, message.sent_at,
           coalesce(contact.at >= %(since)s, true) AS is_asked,
           (contact.at AT TIME ZONE %(zone)s)::date AS on_date
    FROM journeys_contact AS contact
    LEFT JOIN journeys_message AS message
        ON message.customer_id = contact.customer_id AND message.dedup_key = contact.dedup_key
    WHERE contact.released_at IS NULL AND contact.at <= %(at)s
      AND contact.at >= %(since)s - interval '31 days'
      AND (message.id IS NULL OR message.state IN ('sent', 'sending', 'in_doubt'))
)
"""
_EARLIER = "make_interval(secs => %(grace)s)"
_NOT_CONSENTED = f"""
SELECT * FROM made WHERE is_asked AND purpose = 'marketing' AND message_id IS NOT NULL
  AND NOT EXISTS (
    SELECT FROM journeys_consent AS given
    WHERE given.customer_id = made.customer_id AND given.purpose = 'marketing'
      AND given.channel = made.channel AND given.is_granted AND given.effective_at <= made.at
      AND given.recorded_at <= made.at + {_EARLIER}
      AND NOT EXISTS (
        SELECT FROM journeys_consent AS taken_back
        WHERE taken_back.customer_id = made.customer_id AND taken_back.purpose = 'marketing'
          AND taken_back.channel = made.channel AND NOT taken_back.is_granted
          AND taken_back.effective_at >= given.effective_at
          AND taken_back.effective_at >= given.recorded_at
          AND taken_back.recorded_at <= made.at - {_EARLIER}
          AND taken_back.effective_at <= made.at - {_EARLIER}
      )
  )
"""


def _of_each(form: str) -> str:
    """SQL: whether `form` is true of one of the hashes by which customers are one person."""
    return " OR ".join(form.format(column=column) for column in HASH_OF.values())


# What came by a file says when it was said, not when it came: it is counted by itself.
_SAID = f"word.at <= made.at - {_EARLIER} AND (word.reference IS NULL) = %(is_own)s"
_SAID_BY_ANOTHER = f"""EXISTS (
    SELECT FROM journeys_customer AS who
    JOIN journeys_donotcontact AS word ON word.customer_id = who.id
    WHERE who.{{column}} = own.{{column}} AND {_SAID}
)"""
_REFUSED = f"""
SELECT made.* FROM made JOIN journeys_customer AS own ON own.id = made.customer_id
WHERE is_asked AND purpose = 'marketing' AND (EXISTS (
    SELECT FROM journeys_donotcontact AS word WHERE word.customer_id = own.id AND {_SAID}
) OR {_of_each(_SAID_BY_ANOTHER)})
"""
_LEFT_BY_ANOTHER = """EXISTS (
    SELECT FROM journeys_erasedrefusal AS kept
    WHERE kept.value_hash = own.{column} AND kept.refused_date < made.on_date
)"""
_KEPT_REFUSAL = f"""
SELECT made.* FROM made JOIN journeys_customer AS own ON own.id = made.customer_id
WHERE is_asked AND purpose = 'marketing' AND ({_of_each(_LEFT_BY_ANOTHER)})
"""
# A pause that somebody made stands in the trail; one that came by a file says from which day on it
# held, not when it came. It was there for certain once staff had worked on what it names.
_WORKED_ON = f"""EXISTS (
    SELECT FROM journeys_{{table}} AS thing JOIN journeys_careevent AS step
        ON step.{{column}}_id = thing.id
    WHERE pause.kind = '{{column}}' AND thing.number = pause.reference
      AND step.actor_id IS NOT NULL AND step.at >= pause.since AND step.at <= made.at - {_EARLIER}
)"""
_PAUSED = f"""
SELECT made.* FROM made JOIN journeys_marketingpause AS pause USING (customer_id)
WHERE {{kinds}} AND is_asked AND made.purpose = 'marketing' AND pause.since <= made.at - {_EARLIER}
  AND (pause.until IS NULL OR pause.until > made.at + {_EARLIER})
  AND %(is_own)s = (EXISTS (
    SELECT FROM portal_auditentry AS told
    WHERE told.target_kind = 'journeys.customer' AND told.target_key = pause.customer_id::text
      AND told.action = 'marketing.paused' AND told.at = pause.since
  ) OR {_WORKED_ON.format(table="complaint", column="complaint")}
    OR {_WORKED_ON.format(table="servicecase", column="case")})
"""
_RESTED = _PAUSED.format(kinds="pause.kind <> 'peace'")
_IN_PEACE = _PAUSED.format(kinds="pause.kind = 'peace'")
# By the ID number as it is now: who was given one since may have been on the other side then, and
# who was erased has none any more.
_HELD_BACK = f"""
SELECT made.* FROM made JOIN journeys_customer AS own ON own.id = made.customer_id
JOIN journeys_controlgroup AS held
    ON held.state = 'approved' AND held.settled_at <= made.at - {_EARLIER}
    AND held.starts_date <= made.on_date AND coalesce(held.cut_date, held.ends_date) > made.on_date
WHERE is_asked AND purpose = 'marketing' AND own.name <> '{ERASED}'
  AND {place_sql("held.salt", "own")} < held.permille * {PLACES // 1000}
"""
# The span before a contact begins a microsecond, the smallest step of an instant, after its full
# length, since who was contacted exactly so long ago has left it.
_OVER_A_CAP = """
SELECT counted.* FROM (
    SELECT made.*, count(*) OVER of_day AS in_day, count(*) OVER of_month AS in_month
    FROM made WHERE purpose <> 'service'
    WINDOW of_customer AS (PARTITION BY customer_id ORDER BY at),
           of_day AS (of_customer RANGE interval '23:59:59.999999' PRECEDING),
           of_month AS (of_customer RANGE interval '719:59:59.999999' PRECEDING)
) AS counted
CROSS JOIN LATERAL (
    SELECT day_cap, month_cap FROM journeys_contactrule WHERE effective_date <= counted.on_date
    ORDER BY effective_date DESC LIMIT 1
) AS caps
WHERE is_asked AND (in_day > day_cap OR in_month > month_cap)
"""
_WITHOUT_CAPS = """
SELECT * FROM made WHERE is_asked AND NOT EXISTS (
    SELECT FROM journeys_contactrule WHERE effective_date <= made.on_date
)
"""


def _window(day: str, wanted: str) -> str:
    """SQL: whether `wanted` is true of the hours on a day for the contact's channel and place."""
    return f"""EXISTS (
        SELECT FROM (
            SELECT DISTINCT ON (hours.division_prefix) hours.*
            FROM journeys_contacthours AS hours
            WHERE hours.channel = made.channel AND hours.effective_date <= {day}
              AND starts_with(made.place, hours.division_prefix)
              AND hours.day_kind = CASE WHEN coalesce(
                    (SELECT is_workday FROM journeys_calendarday AS other WHERE other.day = {day}),
                    extract(isodow FROM {day}) < 6) THEN 'workday' ELSE 'rest' END
              AND EXISTS (SELECT FROM journeys_calendaryear AS year
                          WHERE year.year = extract(year FROM {day}))
            ORDER BY hours.division_prefix, hours.effective_date DESC
        ) AS latest
        WHERE NOT latest.is_lifted AND length(latest.division_prefix) = (
            SELECT max(length(wider.division_prefix)) FROM (
                SELECT DISTINCT ON (hours.division_prefix) hours.division_prefix, hours.is_lifted
                FROM journeys_contacthours AS hours
                WHERE hours.channel = made.channel AND hours.effective_date <= {day}
                  AND starts_with(made.place, hours.division_prefix)
                  AND hours.day_kind = latest.day_kind
                ORDER BY hours.division_prefix, hours.effective_date DESC
            ) AS wider WHERE NOT wider.is_lifted
        ) AND {wanted}
    )"""


_TODAY = """(latest.opens <= made.clock AND (made.clock < latest.closes
            OR latest.closes = time '00:00' OR latest.is_overnight))"""
_FROM_YESTERDAY = "latest.is_overnight AND made.clock < latest.closes"
# When the answer came is asked as well; of a message that was in doubt it came whenever somebody
# knew, and the trail says so at that very instant.
_IN_QUIET_HOURS = f"""
SELECT * FROM (
    SELECT made.*, instant.at AS instant, (instant.at AT TIME ZONE %(zone)s)::time AS clock,
           (instant.at AT TIME ZONE %(zone)s)::date AS day,
           coalesce(nullif(customer.division_code, ''), branch.division_code, '') AS place
    FROM made
    JOIN journeys_customer AS customer ON customer.id = made.customer_id
    JOIN portal_branch AS branch ON branch.id = customer.branch_id
    CROSS JOIN LATERAL (
        VALUES (made.at), (made.sent_at - make_interval(secs => %(patience)s))
    ) AS instant(at)
    WHERE is_asked AND message_id IS NOT NULL AND instant.at >= made.at
) AS made
WHERE NOT {_window("made.day", _TODAY)} AND NOT {_window("(made.day - 1)", _FROM_YESTERDAY)}
  AND (made.instant = made.at OR NOT EXISTS (
    SELECT FROM portal_auditentry AS told WHERE told.at = made.sent_at AND told.action IN
        ('outbox.doubt_settled', 'outbox.settled_by_receipt', 'outbox.marked_as_sent')))
"""
_TEXT_WITHDRAWN = f"""
SELECT made.* FROM made JOIN journeys_textwithdrawal AS gone USING (template_id)
WHERE is_asked AND gone.withdrawn_at <= made.at - {_EARLIER}
"""
_HALTED = f"""
SELECT made.* FROM made JOIN journeys_originhalt AS halt USING (origin)
WHERE is_asked AND message_id IS NOT NULL AND halt.halted_at <= made.at - {_EARLIER}
  AND (halt.ended_at IS NULL OR halt.ended_at > made.at)
"""
# Its instant is the one at which it was taken up.
_TOO_LATE = "SELECT * FROM made WHERE is_asked AND at >= valid_until"
# By the address as it is now: who was given one since may have been reached on another then.
_BAD_ADDRESS = f"""
SELECT made.* FROM made JOIN journeys_customer AS own ON own.id = made.customer_id
JOIN journeys_badaddress AS bad ON bad.address_index = own.email_index
WHERE is_asked AND message_id IS NOT NULL AND made.channel = 'email'
  AND bad.since <= made.at - {_EARLIER} AND (bad.until IS NULL OR bad.until > made.at + {_EARLIER})
"""
_NOT_IN_THE_LEDGER = """
SELECT message.id, message.customer_id, message.channel, message.purpose, message.sent_at AS at,
       message.origin, message.id AS message_id
FROM journeys_message AS message
WHERE message.state = 'sent' AND message.sent_at >= %(since)s AND message.sent_at <= %(at)s
  AND NOT EXISTS (
    SELECT FROM journeys_contact AS contact
    WHERE contact.customer_id = message.customer_id AND contact.dedup_key = message.dedup_key
      AND contact.channel = message.channel AND contact.purpose = message.purpose
      AND contact.released_at IS NULL
  )
"""

_RULES: dict[str, tuple[str | Promise, str]] = {
    "consent": (_("sent without a consent that held"), _NOT_CONSENTED),
    "refusal": (_("contacted after the word never to be contacted"), _REFUSED),
    "kept_refusal": (
        _("contacted on a phone, ID number or e-mail address for which a refusal is kept"),
        _KEPT_REFUSAL,
    ),
    "rest": (_("contacted while a complaint or service case was open"), _RESTED),
    "peace": (_("contacted while left in peace after an angry call"), _IN_PEACE),
    "control": (_("contacted though in the bank's control group"), _HELD_BACK),
    "cap": (_("more contacts than the limits allow"), _OVER_A_CAP),
    "no_cap": (_("contacted while no limits were in force"), _WITHOUT_CAPS),
    "hours": (_("sent in quiet hours"), _IN_QUIET_HOURS),
    "text": (_("sent with a text that was withdrawn"), _TEXT_WITHDRAWN),
    "halt": (_("sent while its origin was paused or stopped"), _HALTED),
    "late": (_("sent after its days were over"), _TOO_LATE),
    "address": (_("sent to an address from which mail had come back"), _BAD_ADDRESS),
    "ledger": (
        _("sent without a place in the ledger of contacts, under its channel and purpose"),
        _NOT_IN_THE_LEDGER,
    ),
    "refusal_by_file": (
        _("contacted before a refusal came by a file; look when it came"),
        _REFUSED,
    ),
    "rest_by_file": (
        _("contacted before an open complaint or case came by a file; look when it came"),
        _RESTED,
    ),
}
# No breach, as far as is known.
DOUBTFUL = frozenset({"refusal_by_file", "rest_by_file"})


def breach_rules() -> dict[str, tuple[str | Promise, str]]:
    """This will return what the auditor looks after: what was wrong, in words, and the SQL that
    finds it, by the code of the rule. What may be no breach comes last."""
    certain = {code: rule for code, rule in _RULES.items() if code not in DOUBTFUL}
    added = {rule.code: (rule.words, rule.broken) for rule in registry.breach_rules.values()}
    return certain | added | {code: _RULES[code] for code in _RULES if code in DOUBTFUL}


@dataclass(frozen=True)
class Breach:
    """A contact that should not have been made, by the rule that it broke."""

    rule: str
    customer_id: int
    message_id: int | None
    channel: str
    at: dt.datetime


def count_made(*, since: dt.datetime, at: dt.datetime) -> int:
    """This will count the contacts that were made between two instants."""
    values = {"since": since, "at": at, "zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {_MADE} SELECT count(*) FROM made WHERE is_asked", values)
        return int(cursor.fetchone()[0])


def find_breaches(*, since: dt.datetime, at: dt.datetime, grace: int = 5) -> Iterator[Breach]:
    """This will go through the contacts that were made between two instants, rule by rule."""
    values = {
        "since": since, "at": at, "zone": settings.TIME_ZONE, "grace": grace,
        # How long after the question a hand-over may begin, and then take.
        "patience": settings.OUTBOX_FRESH_SECONDS + settings.OUTBOX_HAND_OVER_SECONDS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for rule, (_words, sql) in breach_rules().items():
            cursor.execute(
                f"WITH {_MADE} SELECT DISTINCT customer_id, message_id, channel, at FROM ({sql})"
                " AS broken ORDER BY at, customer_id",
                {**values, "is_own": rule not in DOUBTFUL},
            )
            for row in cursor.fetchall():
                yield Breach(rule, *row)
