"""The one gate: who may be contacted, on which channel, and when. One statement for many people.

Order of the checks: a rule is in force, not yet contacted for this cause, no refusal, no open
complaint, no open service case, no peace after an angry call, consent, an address, the bank's
control group, hours, the caps. Hours block nobody: they move the planned instant to the next
opening of the channel where the person lives. Service messages need no marketing consent and are
outside refusal, complaints, cases, peace, control group and caps; hours hold for them.

The control group comes last of what is asked of the person, so that those whom it holds back are
those who could have been contacted; it is free again when the group in force ends.

A refusal holds for whoever is on file under another number with the same phone, ID number or e-mail
address (`HASH_OF`), also after the one who refused was erased; not for those who share something
with these in turn.
A person of whose place nothing is known lives where his branch is.

An address is the phone, the e-mail address or the customer number, as the channel says. A mail
address from which mail came back for good is none (`BadAddress`), whoever has it; a person who was
erased is reached by no number.

A consent holds if it was said after the last withdrawal, and is in force. It was said when it was
recorded or, where that is earlier, when it came into force; a withdrawal when it came into force.
Of two words at the same instant the withdrawal holds. So the order of the rows decides nothing.

Hours. Every day of a channel and place has the window that the rule in force says for its kind,
workday or rest day: of the division's own rules the one with the longest prefix, and of that the
latest. A window past midnight belongs to the day it opens on. A day of which nothing is known (no
year in the calendar, no rule) ends the search for the next opening: the answer is no.

How a rolling cap is checked. No window of 24 hours (and none of 30 x 24 hours), wherever it
starts, may hold more than `cap` marketing contacts. The ledger also holds contacts planned for
later (tomorrow at the opening), so it is not enough to look back from the new one: every window
[s, s + W) that contains the planned instant p has to hold. Sliding such a window to the right until
its start meets the first contact in it, p included, loses none. So it is enough to take the
contacts in order, p among them, and to look at each row of cap + 1 that begins at or before p and
ends at or after it: the cap is broken where its last comes less than W after its first.
Contacts that were called off (`released_at`) reached nobody and are not counted.

The next free instant of a person whom the caps hold back. A window only empties when a contact
leaves it, and caps only change where a rule comes into force. So the first free instant is the
first opening at or after the end of a window that began with one of the contacts, or after the
start of a rule, at which the caps hold.
"""

from journeys.contact.enums import Channel
from journeys.contact.rules import DAY, MONTH, consent_holds_sql, is_full_sql
from journeys.customers.rules import HASH_OF, PLACES, place_sql
from portal.kit import instants
from portal.kit.personal import ERASED

# Where the statement leaves room for contacts that do not count.
_SPARED = "/* spared by {} */"
# How many days after the last contact that matters an opening is looked for.
SEARCH_DAYS = 62


def _agreed_to(channel: str) -> str:
    """SQL: whether the consent to a channel holds."""
    holds = consent_holds_sql(f"said.channel = '{channel}'")
    return f"{holds} AS {channel}"


def _opening(at: str) -> str:
    """SQL: the first open instant at or after `at` on a day of `clock`, or NULL."""
    return f"""CASE WHEN clock.blocked = 'no_calendar' THEN NULL
             WHEN {at} < clock.tail THEN {at}
             WHEN clock.blocked IS NOT NULL THEN NULL
             WHEN {at} < clock.ends THEN greatest({at}, clock.starts)
             ELSE clock.later END"""


def _day_of(at: str) -> str:
    """SQL: the bank's day of an instant."""
    return f"({at} AT TIME ZONE %(zone)s)::date"


def _each(form: str, joined_by: str) -> str:
    """SQL: `form` for each channel, which it calls {channel}."""
    return joined_by.join(form.format(channel=channel) for channel in Channel.values)


def _first(form: str) -> str:
    """SQL: the first of `channels` of which `form` is true, which calls it {wished}."""
    places = (f"channels[{number}]" for number in range(1, len(Channel.values) + 1))
    steps = (f"WHEN {form.format(wished=place)} THEN {place}" for place in places)
    return f"CASE {' '.join(steps)} END"


def _refused_by_another(column: str) -> str:
    """SQL: whether somebody refused who shares what `column` is the hash of, living or erased. Each
    asks for one column alone: only so the words are hashed once for many people."""
    return f"""WHEN is_marketing AND EXISTS (
                     SELECT FROM journeys_donotcontact AS refusal
                     JOIN journeys_customer AS other ON other.id = refusal.customer_id
                     WHERE other.{column} = routed.{column}
                 ) THEN 'do_not_contact'
                 WHEN is_marketing AND EXISTS (
                     SELECT FROM journeys_erasedrefusal AS kept
                     WHERE kept.value_hash = routed.{column}
                 ) THEN 'do_not_contact'"""


_PAUSED = """EXISTS (
                     SELECT FROM journeys_marketingpause AS pause
                     WHERE pause.customer_id = routed.customer_id AND pause.until IS NULL)"""
_PAUSED_BY = _PAUSED.removesuffix(")") + " AND pause.kind = '{}')"
_REFUSED_BY_ANOTHER = "\n".join(map(_refused_by_another, HASH_OF.values()))
_HASHES = ", ".join(f"customer.{column}" for column in HASH_OF.values())
_AGREED = ",\n            ".join(map(_agreed_to, Channel.values))
_AGREED_OR_SERVICE = _each("asked.purpose = 'service' OR agreed.{channel} AS may_{channel}", ", ")
_MAY = "CASE {wished} " + _each("WHEN '{channel}' THEN may_{channel}", " ") + " END"
_REACHED = (
    "CASE {wished} "
    + " ".join(f"WHEN '{channel}' THEN has_{channel.address}" for channel in Channel)
    + " END"
)

# The group in force: its salt, the first place outside it, and when it ends.
_CONTROL = f"""
        SELECT salt AS control_salt, permille * {PLACES // 1000} AS control_share,
               least(cut_date, ends_date)::timestamp AT TIME ZONE %(zone)s AS control_until
        FROM journeys_controlgroup
        WHERE state = 'approved' AND starts_date <= {_day_of("%(at)s::timestamptz")}
          AND least(cut_date, ends_date) > {_day_of("%(at)s::timestamptz")}
    """
_IN_CONTROL = f"{place_sql('control_salt', 'routed', key='customer_id')} < control_share"
# Reads the table expression `asked` (customer_id, purpose, channels, dedup_key).
_PERSONS = f"""
moment AS (
    SELECT %(at)s::timestamptz AS at, {_day_of("%(at)s::timestamptz")} AS today,
           EXISTS (SELECT FROM journeys_contactrule
                   WHERE effective_date <= {_day_of("%(at)s::timestamptz")}) AS has_rule,
           control.*
    FROM (SELECT) AS now LEFT JOIN LATERAL ({_CONTROL}) AS control ON true
), agreed AS (
    SELECT said.customer_id, said.purpose, {_AGREED}
    FROM journeys_consent AS said
    WHERE said.effective_at <= %(at)s::timestamptz AND EXISTS (
        SELECT FROM asked
        WHERE asked.customer_id = said.customer_id AND asked.purpose = said.purpose
    )
    GROUP BY said.customer_id, said.purpose
), contacted AS (
    SELECT customer_id, own_key, bool_or(dedup_key = own_key) AS is_made,
           max(at) FILTER (WHERE counts) AS latest, count(*) FILTER (WHERE counts) AS in_month,
           count(*) FILTER (
               WHERE counts AND at > %(at)s::timestamptz - {DAY}) AS in_day
    FROM (
        SELECT made.customer_id, asked.dedup_key AS own_key, made.dedup_key, made.at,
               made.at > %(at)s::timestamptz - {MONTH} AND made.purpose <> 'service'
               AND made.released_at IS NULL AND made.dedup_key <> asked.dedup_key
               /* spared by asked */ AS counts
        FROM asked JOIN journeys_contact AS made ON made.customer_id = asked.customer_id
    ) AS each_contact
    GROUP BY customer_id, own_key
), screened AS MATERIALIZED (
    -- The planner expects every second of a truth value, but next to no NULL.
    SELECT *, answer IS NULL AS is_left FROM (
        SELECT row_number() OVER () AS ask, customer_id, purpose, dedup_key, is_marketing, code,
            channel, latest, in_day, in_month,
            CASE WHEN NOT has_rule THEN 'no_rule'
                 WHEN %(is_first)s AND is_made THEN 'already'
                 WHEN is_marketing AND EXISTS (
                     SELECT FROM journeys_donotcontact AS refusal
                     WHERE refusal.customer_id = routed.customer_id
                 ) THEN 'do_not_contact'
                 {_REFUSED_BY_ANOTHER}
                 WHEN is_marketing AND {_PAUSED} THEN CASE
                     WHEN {_PAUSED_BY.format("complaint")} THEN 'complaint_open'
                     WHEN {_PAUSED_BY.format("case")} THEN 'case_open' ELSE 'peace' END
                 WHEN wished IS NULL THEN 'no_consent'
                 WHEN channel IS NULL THEN 'no_address'
                 WHEN is_marketing AND {_IN_CONTROL} THEN 'control_group' END AS answer
        FROM (
            SELECT *, {_first(_MAY)} AS wished,
                   {_first(f"({_MAY}) AND {_REACHED}")} AS channel
            FROM (
                SELECT asked.*, asked.purpose <> 'service' AS is_marketing, moment.has_rule,
                       moment.control_salt, moment.control_share,
                       coalesce(nullif(customer.division_code, ''), branch.division_code, '')
                           AS code,
                       {_HASHES},
                       customer.phone_sealed IS NOT NULL AS has_phone,
                       customer.email_sealed IS NOT NULL AND NOT EXISTS (
                           SELECT FROM journeys_badaddress AS bad
                           WHERE bad.address_index = customer.email_index
                             AND bad.until IS NULL) AS has_email,
                       customer.name <> '{ERASED}' AS has_number,
                       contacted.is_made, contacted.latest, contacted.in_day, contacted.in_month,
                       {_AGREED_OR_SERVICE}
                FROM asked CROSS JOIN moment
                LEFT JOIN journeys_customer AS customer ON customer.id = asked.customer_id
                LEFT JOIN portal_branch AS branch ON branch.id = customer.branch_id
                LEFT JOIN agreed ON agreed.customer_id = asked.customer_id
                    AND agreed.purpose = asked.purpose
                LEFT JOIN contacted ON contacted.customer_id = asked.customer_id
                    AND contacted.own_key = asked.dedup_key
            ) AS heard
        ) AS routed OFFSET 0
    ) AS judged
)
"""

# The days ahead, and for each channel and place of which anybody asks, the clock of its hours:
# `tail` is when the window of the day before ends, `later` when the next day's opens.
_HOURS = f"""
calendar AS MATERIALIZED (
    SELECT each.day, limits.day_cap, limits.month_cap,
           CASE WHEN year.year IS NULL THEN NULL
                WHEN coalesce(other.is_workday, extract(isodow FROM each.day) < 6) THEN 'workday'
                ELSE 'rest' END AS kind
    FROM moment CROSS JOIN LATERAL (
        SELECT moment.today + number AS day
        FROM generate_series(-1, {SEARCH_DAYS} + greatest(0, (
            SELECT {_day_of("max(latest)")} + 30 FROM screened WHERE is_marketing
        ) - moment.today)) AS number
    ) AS each
    LEFT JOIN journeys_calendaryear AS year ON year.year = extract(year FROM each.day)
    LEFT JOIN journeys_calendarday AS other ON other.day = each.day
    LEFT JOIN LATERAL (
        SELECT day_cap::int, month_cap::int FROM journeys_contactrule
        WHERE effective_date <= each.day ORDER BY effective_date DESC LIMIT 1
    ) AS limits ON true
), region AS MATERIALIZED (
    SELECT code, coalesce((
        SELECT max(division_prefix) FROM journeys_contacthours
        WHERE starts_with(code, division_prefix)
    ), '') AS region
    FROM (SELECT DISTINCT code FROM screened WHERE is_left) AS found
), span AS (
    SELECT *, lead(effective_date) OVER (
        PARTITION BY channel, division_prefix, day_kind ORDER BY effective_date) AS until
    FROM journeys_contacthours
), opening AS (
    SELECT DISTINCT ON (place.channel, place.region, calendar.day)
        place.channel, place.region, calendar.day,
        CASE WHEN calendar.kind IS NULL THEN 'no_calendar'
             WHEN span.effective_date IS NULL THEN 'no_hours' END AS blocked,
        (calendar.day + span.opens) AT TIME ZONE %(zone)s AS starts,
        (calendar.day + (span.closes <= span.opens)::int + span.closes)
            AT TIME ZONE %(zone)s AS ends
    FROM (SELECT DISTINCT screened.channel, region.region FROM screened JOIN region USING (code)
          WHERE screened.is_left) AS place
    CROSS JOIN calendar
    LEFT JOIN span ON span.channel = place.channel AND span.day_kind = calendar.kind
        AND starts_with(place.region, span.division_prefix) AND NOT span.is_lifted
        AND span.effective_date <= calendar.day
        AND (span.until IS NULL OR span.until > calendar.day)
    ORDER BY place.channel, place.region, calendar.day, length(span.division_prefix) DESC
), clock AS MATERIALIZED (
    SELECT channel, region, day, blocked, starts, ends, tail,
           CASE WHEN open_day < coalesce(least(unknown_day, unruled_day), 'infinity')
                THEN next_start END AS later,
           CASE WHEN unknown_day < coalesce(unruled_day, 'infinity')
                THEN 'no_calendar' ELSE 'no_hours' END AS shut_by
    FROM (
        SELECT *, lag(ends) OVER (PARTITION BY channel, region ORDER BY day) AS tail,
               min(starts) OVER ahead AS next_start,
               min(day) FILTER (WHERE starts IS NOT NULL) OVER ahead AS open_day,
               min(day) FILTER (WHERE blocked = 'no_calendar') OVER ahead AS unknown_day,
               min(day) FILTER (WHERE blocked = 'no_hours') OVER ahead AS unruled_day
        FROM opening
        WINDOW ahead AS (PARTITION BY channel, region ORDER BY day DESC
                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ) AS looked_ahead
), here AS MATERIALIZED (
    SELECT now.channel, now.region, now.planned, now.shut_by, calendar.day_cap, calendar.month_cap
    FROM (
        SELECT clock.channel, clock.region, coalesce(clock.blocked, clock.shut_by) AS shut_by,
               {_opening("moment.at")} AS planned
        FROM clock JOIN moment ON clock.day = moment.today
    ) AS now LEFT JOIN calendar ON calendar.day = {_day_of("now.planned")}
)
"""

_CAPS = f"""
timed AS MATERIALIZED (
    SELECT screened.ask, screened.customer_id, screened.purpose, screened.dedup_key,
           screened.channel, here.region, here.planned, here.day_cap, here.month_cap,
           coalesce(screened.answer, CASE WHEN here.planned IS NULL
               THEN coalesce(here.shut_by, 'no_hours') END) AS answer,
           -- Only who has as many contacts as a cap allows may be held back by it.
           screened.is_left AND screened.is_marketing AND coalesce(screened.in_day >= here.day_cap
                                         OR screened.in_month >= here.month_cap, false) AS is_near
    FROM screened
    LEFT JOIN region ON region.code = screened.code
    LEFT JOIN here ON here.channel = screened.channel AND here.region = region.region
        AND screened.is_left
), full_up AS MATERIALIZED (
    SELECT * FROM (
        SELECT timed.ask, timed.channel, timed.region, timed.planned, timed.day_cap,
               timed.month_cap, array_agg(made.at) AS times
        FROM timed JOIN journeys_contact AS made
            ON made.customer_id = timed.customer_id
            AND made.at > %(at)s::timestamptz - {MONTH}
        WHERE timed.is_near AND made.purpose <> 'service' AND made.released_at IS NULL
          AND made.dedup_key <> timed.dedup_key /* spared by timed */
        GROUP BY timed.ask, timed.channel, timed.region, timed.planned, timed.day_cap,
                 timed.month_cap
    ) AS near WHERE {is_full_sql("near.times", "near.planned")}
), turn AS MATERIALIZED (
    SELECT full_up.ask, full_up.channel, full_up.region, full_up.times, ends.at,
           {_day_of("ends.at")} AS day
    FROM full_up CROSS JOIN LATERAL (
        SELECT one + {DAY} FROM unnest(full_up.times) AS one
        UNION ALL SELECT one + {MONTH} FROM unnest(full_up.times) AS one
        UNION ALL SELECT effective_date::timestamp AT TIME ZONE %(zone)s
        FROM journeys_contactrule JOIN moment ON effective_date > moment.today
    ) AS ends(at)
    WHERE ends.at > full_up.planned
), freed AS (
    SELECT tried.ask, min(tried.at) AS at
    FROM (
        SELECT turn.ask, turn.times, {_opening("turn.at")} AS at
        FROM turn JOIN clock ON clock.channel = turn.channel AND clock.region = turn.region
            AND clock.day = turn.day
        OFFSET 0
    ) AS tried JOIN calendar ON calendar.day = {_day_of("tried.at")}
    WHERE NOT {is_full_sql("tried.times", "tried.at")}
    GROUP BY tried.ask
), gate AS MATERIALIZED (
    SELECT timed.customer_id, timed.purpose, timed.dedup_key, timed.channel, timed.planned,
           CASE WHEN timed.answer = 'control_group' THEN (SELECT control_until FROM moment)
                ELSE freed.at END AS free_at,
           coalesce(timed.answer, CASE WHEN full_up.ask IS NULL THEN 'open'
                                       ELSE 'cap_reached' END) AS answer
    FROM timed
    LEFT JOIN full_up ON full_up.ask = timed.ask
    LEFT JOIN freed ON freed.ask = timed.ask
)
"""

# Instants as `instants.read` reads them.
_ANSWER = f"""
SELECT customer_id, answer,
       CASE WHEN answer IN ('open', 'cap_reached', 'no_hours', 'no_calendar', 'control_group')
            THEN channel ELSE '' END AS channel,
       CASE WHEN answer = 'open' THEN {instants.sql("planned")} END AS not_before,
       {instants.sql("free_at")} AS free_at, dedup_key
FROM gate
"""


def gate_sql(asked: str, *, writes: str = "", answer: str = _ANSWER, spares: str = "") -> str:
    """This will return the gate's statement for `asked`, a query of (customer_id, purpose,
    channels, dedup_key) without repeated pairs of customer and key.

    `asked` is read several times and must name the same people each time.
    `writes` is a further table expression that may read `gate` (customer_id, purpose, dedup_key,
    answer, channel, planned, free_at); `answer` is what is selected from it in the end. The
    statement has the parameters `at`, `zone` and `is_first`: whether the contact is yet to be
    reserved. `spares` is a condition on the contacts `made` that do not count for what {ask}
    (customer_id, dedup_key) asks, such as places that would be given up to it.
    """
    persons, caps = _PERSONS, _CAPS
    if spares:
        persons = persons.replace(_SPARED.format("asked"), _but(spares, "asked"))
        caps = caps.replace(_SPARED.format("timed"), _but(spares, "timed"))
    tables = f"asked AS NOT MATERIALIZED ({asked}), {persons}, {_HOURS}, {caps}"
    return f"WITH {tables} {writes} {answer}"


def _but(spares: str, ask: str) -> str:
    return f"AND NOT ({spares.format(ask=ask)})"


_PLACES = f"""
moment AS (SELECT %(at)s::timestamptz AS at, {_day_of("%(at)s::timestamptz")} AS today),
screened AS (
    SELECT DISTINCT code, %(channel)s::text AS channel, NULL::timestamptz AS latest,
           false AS is_marketing, true AS is_left
    FROM unnest(%(codes)s::text[]) AS code
)
"""


def openings_sql() -> str:
    """This will return the statement of the hours alone: for each of `codes`, divisions, the first
    open instant of `channel` from `at` on, NULL where none is known, and the caps of that day."""
    return f"""WITH {_PLACES}, {_HOURS}
        SELECT screened.code, here.planned, here.day_cap, here.month_cap
        FROM screened JOIN region USING (code)
        LEFT JOIN here ON here.channel = screened.channel AND here.region = region.region"""
