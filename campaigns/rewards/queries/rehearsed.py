"""What a back-test gave on its earlier evenings. Its ids are below 0, so that they are told from
those of grants, beside which they stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from campaigns.budgets import queries as budgets
from campaigns.budgets import rules as booking
from campaigns.rewards import rules
from campaigns.rewards.models import TrialGrant

# In the form of what is read of grants.
_GIVEN = """
SELECT given.customer_id, -given.id, run.version_id, given.slot, given.round, given.reward,
       given.amount, given.points, given.referral_id, given.is_over
FROM unnest(%(customers)s::bigint[]) AS asked(customer_id)
JOIN campaigns_trialgrant given ON given.customer_id = asked.customer_id
    AND given.run_id = %(run_id)s
JOIN campaigns_run run ON run.id = given.run_id
ORDER BY given.id
"""


def beside(given: Sequence[Any], *, run_id: int, customer_ids: Sequence[int]) -> list[Any]:
    """This will add to the grants of customers, as they were read, what a back-test gave them: a
    grant that it gave more instead of stands no longer."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, {"run_id": run_id, "customers": list(customer_ids)})
        rows = cursor.fetchall()
    taken = {(row[0], row[3]) for row in rows}
    return [(*row[:-1], row[-1] or (row[0], row[3]) in taken) for row in given] + rows


def charged_for(
    trial_ids: Sequence[int], shares: Mapping[int, Mapping[str, int]]
) -> dict[int, rules.Charged]:
    """This will return what was charged for what a back-test gave, by its id below 0."""
    rows = TrialGrant.objects.filter(pk__in=[-pk for pk in trial_ids]).order_by("id")
    lines = budgets.branch_lines().lines if trial_ids else {}
    return {
        -row.pk: rules.Charged(
            row.branch_id,
            row.granted_date,
            booking.booked_again(
                row.reward,
                booking.keys_of(
                    day=row.granted_date.isoformat(),
                    branches=lines[row.branch_id],
                    customer=row.customer_id,
                ),
                row.parts,
                shares[-row.pk],
            ),
        )
        for row in rows
    }


def customers_between(*, run_id: int, first: int, end: int) -> list[int]:
    """This will list to whom of a span a back-test has given something."""
    rows = TrialGrant.objects.filter(run=run_id, customer__gte=first, customer__lt=end)
    return list(rows.order_by("customer").values_list("customer", flat=True).distinct())
