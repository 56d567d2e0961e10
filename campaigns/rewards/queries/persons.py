"""Reading who is on file under several customer numbers, and what was given under the others."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from campaigns.budgets.rules import known_until
from campaigns.rewards import rules

# Few share an ID number; of these alone it is asked what the others have.
_SHARING = """
SELECT me.id, me.bearer
FROM unnest(%(customers)s::bigint[]) AS asked(id) JOIN journeys_customer me USING (id)
WHERE EXISTS (SELECT FROM journeys_customer same WHERE same.bearer = me.bearer AND same.id <> me.id)
"""
# A run that only reckons goes by what it has answered about the others as well.
_HAD = """
SELECT DISTINCT me.id
FROM unnest(%(customers)s::bigint[]) AS asked(id) JOIN journeys_customer me USING (id)
JOIN journeys_customer same ON same.bearer = me.bearer AND same.id <> me.id
WHERE EXISTS (
    SELECT FROM campaigns_grant given
    WHERE given.customer_id = same.id AND given.campaign_id = %(campaign_id)s
      AND given.granted_date <= %(until)s
      AND NOT EXISTS (SELECT FROM campaigns_grantreversal back WHERE back.grant_id = given.id)
) OR EXISTS (
    SELECT FROM campaigns_decision reckoned
    WHERE reckoned.run_id = %(reckoning)s AND reckoned.customer_id = same.id
      AND reckoned.award = 'granted'
)
"""


@dataclass(frozen=True)
class Sharing:
    """Of candidates whose ID number stands under other customer numbers too, the lasting hash of
    that number, by customer id; those of them who have something of the campaign there; and the
    hashes of those who were given something since."""

    bearers: dict[int, bytes]
    had: frozenset[int]
    served: set[bytes] = field(default_factory=set)

    def serve(self, customer_id: int) -> None:
        """This will note that something was given to a customer, for the same person's others."""
        if customer_id in self.bearers:
            self.served.add(self.bearers[customer_id])

    def bars(self, candidate: rules.Candidate, customer: rules.Customer) -> bool:
        """This will tell whether a candidate is given nothing because the same person has something
        of the campaign under another number. What somebody has under this one goes on."""
        is_first = customer.is_in_use and not customer.standing and bool(candidate.reached)
        who = candidate.customer_id
        return is_first and (who in self.had or self.bearers.get(who) in self.served)


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
        return Sharing(bearers, frozenset(row[0] for row in cursor.fetchall()))


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
