"""Reading who is on file under several customer numbers, and what was given under the others."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from campaigns.budgets.rules import known_until
from campaigns.rewards import rules
from campaigns.rewards.enums import AwardAnswer
from campaigns.rewards.models import Grant
from journeys.customers import queries as customers
from journeys.customers.rules import with_other_numbers
from portal.staff.access import Scope

# Few share an ID number; of these alone it is asked what the others have.
_SHARING = """
SELECT me.id, me.bearer
FROM unnest(%(customers)s::bigint[]) AS asked(id) JOIN journeys_customer me USING (id)
WHERE EXISTS (SELECT FROM journeys_customer same WHERE same.bearer = me.bearer AND same.id <> me.id)
"""
# Whose other numbers have something, and whether one of them had it before: what a grant was
# exchanged for counts from its own day. Grants are looked up person by person (OFFSET 0), whatever
# is known of the number of a new campaign's. A run that only reckons goes by what it has answered
# about the others as well.
_HAD = f"""
WITH {with_other_numbers(own_too=True)}, held AS (
    SELECT person.who, person.number, min(given.id) AS first
    FROM person CROSS JOIN LATERAL (
        SELECT id FROM campaigns_grant
        WHERE customer_id = person.number AND campaign_id = %(campaign_id)s
          AND granted_date <= %(until)s
        OFFSET 0
    ) given
    LEFT JOIN campaigns_grantreversal back ON back.grant_id = given.id
    WHERE back.id IS NULL OR back.kind = 'exchanged'
    GROUP BY person.who, person.number HAVING bool_or(back.id IS NULL)
)
SELECT held.who, bool_or(held.number <> held.who AND held.first < COALESCE(own.first, 0))
FROM held LEFT JOIN held own ON own.who = held.who AND own.number = held.who
GROUP BY held.who HAVING bool_or(held.number <> held.who)
UNION ALL
SELECT person.who, FALSE FROM person JOIN campaigns_decision reckoned
    ON reckoned.customer_id = person.number AND person.number <> person.who
WHERE reckoned.run_id = %(reckoning)s AND reckoned.award = 'granted'
"""
_NUMBERS = f"WITH {with_other_numbers()} SELECT number FROM person"


@dataclass(frozen=True)
class Sharing:
    """Of candidates whose ID number stands under other customer numbers too, the lasting hash of
    that number, by customer id; those of them who have something of the campaign there, and those
    who had it there first; and the hashes of those who were given something since."""

    bearers: dict[int, bytes]
    had: frozenset[int]
    had_first: frozenset[int] = frozenset()
    served: set[bytes] = field(default_factory=set)

    def serve(self, customer_id: int) -> None:
        """This will note that something was given to a customer, for the same person's others."""
        if customer_id in self.bearers:
            self.served.add(self.bearers[customer_id])

    def refusal(self, candidate: rules.Candidate, customer: rules.Customer) -> str:
        """This will return the answer (an AwardAnswer) to a candidate who is given nothing because
        the same person has something of the campaign under another number; "" to others. Of several
        numbers that have something, because it came out later that they are one person's, the one
        that had it first goes on."""
        who = candidate.customer_id
        if customer.standing:
            return AwardAnswer.HAD_BEFORE.value if who in self.had_first else ""
        has_it = who in self.had or self.bearers.get(who) in self.served
        is_asked = customer.is_in_use and bool(candidate.reached)
        return AwardAnswer.SAME_PERSON.value if is_asked and has_it else ""


def sharing(
    *,
    campaign_id: int,
    candidates: Sequence[rules.Candidate],
    granted_date: dt.date,
    first_date: dt.date | None = None,
    reckoning: int | None = None,
) -> Sharing:
    """This will tell who of the candidates is on file under other numbers too, and has a reward of
    a campaign there that stands, given up to a day, or by the run `reckoning`, which is not live. A
    back-test from `first_date` on gives anew what was given since. Whoever grants holds the
    campaign's book: nobody else grants between this answer and that."""
    if not candidates:
        return Sharing({}, frozenset())
    values: dict[str, Any] = {
        "customers": [one.customer_id for one in candidates], "campaign_id": campaign_id,
        "until": known_until(granted_date, first_date),
        "reckoning": reckoning,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SHARING, values)
        bearers = {pk: bytes(bearer) for pk, bearer in cursor.fetchall()}
        if not bearers:
            return Sharing({}, frozenset())
        cursor.execute(_HAD, values | {"customers": list(bearers)})
        rows = cursor.fetchall()
    first = frozenset(who for who, is_first in rows if is_first)
    return Sharing(bearers, frozenset(row[0] for row in rows), first)


def sharing_of(
    book: rules.Book, candidates: Sequence[rules.Candidate], granted_date: dt.date
) -> Sharing:
    """This will tell the same of candidates on the account of a book; what puts right a grant that
    was taken back is barred by nobody."""
    return sharing(
        campaign_id=book.campaign_id,
        candidates=[] if book.puts_right else candidates,
        granted_date=granted_date,
        first_date=book.first_date,
        reckoning=None if book.is_live else book.run_id,
    )


def numbers_of(customer_ids: Sequence[int]) -> list[int]:
    """This will list customers, and all who are on file with the same ID number as one of them."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, {"customers": list(customer_ids)})
        return sorted({*customer_ids, *(row[0] for row in cursor.fetchall())})


@dataclass(frozen=True)
class Elsewhere:
    """What a campaign gave to the same person under another customer number, which is "" where the
    reader's scope does not reach it."""

    number: str
    grant: Grant

    @property
    def is_taken_back(self) -> bool:
        return hasattr(self.grant, "reversal")


def under_other_numbers(customer_id: int, *, scope: Scope) -> dict[int, list[Elsewhere]]:
    """This will return what campaigns gave under the other numbers of the person who stands behind
    a customer, by campaign id, taken back since or not, the latest first."""
    others = customers.same_person(customer_id) - {customer_id}
    if not others:
        return {}
    within = customers.list_customers(scope=scope).filter(pk=OuterRef("customer_id")).order_by()
    rows = Grant.objects.filter(customer__in=others).annotate(is_shown=Exists(within))
    found: dict[int, list[Elsewhere]] = {}
    for row in rows.select_related("customer", "campaign", "reversal").order_by("-id"):
        shown = row.customer.number if row.is_shown else ""
        found.setdefault(row.campaign_id, []).append(Elsewhere(shown, row))
    return found
