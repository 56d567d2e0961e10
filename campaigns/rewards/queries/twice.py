"""Reading who was given something twice because it came out later that two customer numbers are one
person's: of one campaign, or of two of an exclusive group."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from campaigns.rewards.models import Grant
from portal.staff.access import Scope

# Few share an ID number: they are found by its index, and what stands of these alone is read.
_TWICE = """
WITH shared AS MATERIALIZED (
    SELECT bearer FROM journeys_customer WHERE bearer IS NOT NULL
    GROUP BY bearer HAVING count(*) > 1
), given AS MATERIALIZED (
    SELECT person.bearer, starts_with(branch.path, %(path)s) AS is_shown, had.*
    FROM shared JOIN journeys_customer person USING (bearer)
    JOIN portal_branch branch ON branch.id = person.branch_id
    CROSS JOIN LATERAL (
        SELECT one.id, one.customer_id, one.campaign_id, one.group_id, one.held
        FROM campaigns_grant one
        WHERE one.customer_id = person.id AND NOT EXISTS (
            SELECT FROM campaigns_grantreversal back WHERE back.grant_id = one.id)
        OFFSET 0
    ) had
)
SELECT FALSE AS of_group, array_agg(id ORDER BY id), max(id) AS latest
FROM given GROUP BY bearer, campaign_id
HAVING count(DISTINCT customer_id) > 1 AND bool_or(is_shown)
UNION ALL
SELECT TRUE, array_agg(id ORDER BY id), max(id)
FROM given WHERE EXISTS (
    SELECT FROM given other
    WHERE other.bearer = given.bearer AND other.group_id = given.group_id
      AND other.customer_id <> given.customer_id AND other.campaign_id <> given.campaign_id
      AND other.held && given.held)
GROUP BY bearer, group_id HAVING bool_or(is_shown)
ORDER BY latest DESC, of_group LIMIT %(most)s
"""


@dataclass(frozen=True)
class Held:
    """A reward that one of the numbers has; the customer is None where the reader's scope does not
    reach it, `is_first` tells that the person had something under this number first."""

    grant: Grant
    is_first: bool
    is_shown: bool


@dataclass(frozen=True)
class Twice:
    """What a person holds under several numbers, in the order in which it was given; `of_group`
    where it is of campaigns of which one alone may give something."""

    of_group: bool
    held: Sequence[Held]

    @property
    def known(self) -> Held:
        """A number that the reader may see, by which the person is named."""
        return next(one for one in self.held if one.is_shown)


def given_twice(*, scope: Scope, most: int) -> list[Twice]:
    """This will list what persons hold under several numbers and would be refused today, what was
    given last first, of those of whom the scope reaches one number."""
    with connection.cursor() as cursor:
        cursor.execute(_TWICE, {"path": scope.branch_path, "most": most})
        found = [(of_group, ids) for of_group, ids, _latest in cursor.fetchall()]
    rows = Grant.objects.filter(pk__in={pk for _of_group, ids in found for pk in ids})
    rows = rows.select_related("customer__branch", "campaign", "version", "group")
    grants = {row.pk: row for row in rows}
    return [Twice(of_group, _held([grants[pk] for pk in ids], scope)) for of_group, ids in found]


def _held(grants: Sequence[Grant], scope: Scope) -> list[Held]:
    first = grants[0].customer_id
    return [
        Held(one, one.customer_id == first, scope.reaches(one.customer.branch)) for one in grants
    ]
