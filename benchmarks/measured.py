"""Rewards that are measured by facts: points that follow from spending, and one for each person
brought, beside hand-written SQL that finds the same customers, and beside the same rule with a
reward that is the same for all.

    python -m benchmarks.measured [CUSTOMERS]

Ours: the statement that decides about all customers, facts included. Bare: one statement each that
sums the card's purchases of the window, or counts the persons whose card is in use, for all cards
that are in use; it keeps nothing. Both must find the same customers. Then what it costs that cards
of persons who were brought mark the one who brought them: an update of all cards, with and without
the referrals.
"""

import functools
import sys
from collections.abc import Callable
from typing import Any

import yaml

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from benchmarks import evaluate  # noqa: E402
from campaigns.eligibility import queries  # noqa: E402
from campaigns.planning.rules import plans  # noqa: E402

CUSTOMERS, RUNS = 50_000, 5
_WINDOW = {
    "counted_from": "dates", "first_date": "2026-03-01", "last_date": "2026-06-30",
    "last_day": "inside", "at_least": "500.00",
}  # fmt: skip
_TIER = {"code": "x", "name": "x", "name_en": "x", "value": "20.00", "points": 10_000}
_TIERS: dict[str, dict[str, Any]] = {
    "points that follow spending": {
        **_TIER, "kind": "multiple", "times": "3", "spending": _WINDOW,
    },
    "persons brought": {
        **_TIER, "kind": "points", "for_each": {
            **_WINDOW, "at_least": 1, "most": 5, "event": "used",
        },
    },
}  # fmt: skip
# Every fifth was brought, by one of each forty.
_REFERRALS = """
INSERT INTO journeys_referral (number, application_id, referred_id, referrer_id, on_date)
SELECT application.number, application.id, application.customer_id,
       (SELECT min(id) FROM journeys_customer) + application.customer_id % (
           SELECT count(*) / 40 FROM journeys_customer) * 40,
       date '2026-01-01' + (application.id * 31 % 240)::int
FROM journeys_application application
WHERE application.id % 5 = 0
  AND (application.customer_id - (SELECT min(id) FROM journeys_customer)) % 40 <> 0
"""
_CARDS = """
SELECT DISTINCT ON (customer_id) * FROM journeys_card
WHERE is_primary AND issued_date >= '2026-01-01' AND issued_date < '2026-08-01'
  AND closed_date IS NULL ORDER BY customer_id, issued_date, id
"""
_BY_HAND = {
    "points that follow spending": f"""
SELECT count(*) FROM ({_CARDS}) card
WHERE activated_date <= '2026-08-31' AND first_used_date <= '2026-08-31' AND (
    SELECT sum(amount) FROM journeys_transaction posted WHERE posted.card_id = card.id
      AND posted_date >= '2026-03-01' AND posted_date < '2026-07-01') >= 500
""",
    "persons brought": f"""
SELECT count(*) FROM ({_CARDS}) card
JOIN (
    SELECT referrer_id FROM journeys_referral referral
    JOIN journeys_card brought ON brought.application_id = referral.application_id
    WHERE on_date >= '2026-03-01' AND on_date < '2026-07-01'
      AND brought.first_used_date <= '2026-08-31' AND brought.is_primary
    GROUP BY referrer_id
) AS counted ON counted.referrer_id = card.customer_id
WHERE activated_date <= '2026-08-31' AND first_used_date <= '2026-08-31'
""",
}
_TOUCH = (
    "UPDATE journeys_card SET activated_date = activated_date + 1 WHERE activated_date IS NOT NULL"
)


def main(customers: int) -> None:
    """This will print the times of both ways."""
    with connection.cursor() as cursor:
        cursor.execute(evaluate._BANK.format(customers=customers))
        cursor.execute("VACUUM ANALYZE")
    before = harness.median_of(3, _touch)
    with connection.cursor() as cursor:
        cursor.execute(_REFERRALS)
        print(f"{cursor.rowcount} referrals among {customers} customers")
        cursor.execute("VACUUM ANALYZE")
    after = harness.median_of(3, _touch)
    harness.report("updating all cards, with referrals and without", after, before)
    plain = harness.median_of(RUNS, lambda: _ours({**_TIER, "kind": "points"}))
    print(f"the same rule with a reward that is the same for all: {plain:.3f} s")
    for name, tier in _TIERS.items():
        found: list[int] = []
        ours = harness.median_of(RUNS, functools.partial(_note, found, _ours, tier))
        bare = harness.median_of(RUNS, functools.partial(_note, found, _count, _BY_HAND[name], {}))
        assert len(set(found)) == 1, (name, found)
        assert found[0] > 0, name
        harness.report(f"{name}: {customers} customers, {found[0]} reach it", ours, bare)


def _note(found: list[int], count: Callable[..., int], *given: Any) -> None:
    found.append(count(*given))


def _ours(tier: dict[str, Any]) -> int:
    content = yaml.safe_load(evaluate.PLAN)
    del content["code"]
    content |= {
        "rule": {"all": [{"kind": "activated"}, {"kind": "first_used"}]},
        "rewards": {"mode": "each", "tiers": [tier]},
    }
    plan = plans.read_plan(content)
    found = queries.statement_of(plan)
    values = found.parameters | queries.frame_of(plan)
    values |= {"first": 0, "end": 10**12, "on": evaluate.ON}
    # Facts are looked at too: nothing of them may be left out.
    sql = (
        "SELECT count(*) FILTER (WHERE outcome = 'qualified' AND length(facts::text) > 0)"
        f" FROM ({found.sql}) AS decided"
    )
    return _count(sql, values)


def _count(sql: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])


def _touch() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TOUCH)
        transaction.set_rollback(True)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else CUSTOMERS)
