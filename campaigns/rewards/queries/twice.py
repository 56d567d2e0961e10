"""Reading who was given something twice because it came out later that two customer numbers are one
person's: of one campaign, or of two of an exclusive group."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.rewards.enums import ClawBackState
from campaigns.rewards.models import ClawBack, Grant, LookedAt
from campaigns.rewards.queries.given import reward_of
from portal.kit import languages, money
from portal.kit.registry import Digest
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
, lines AS (
    SELECT FALSE AS of_group, array_agg(id ORDER BY id) AS ids, max(id) AS latest
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
)
SELECT line.of_group, line.ids, looked.id FROM lines line
LEFT JOIN campaigns_lookedat looked
    ON looked.grant_id = line.latest AND looked.grants = line.ids
   AND looked.of_group = line.of_group
WHERE (%(grant_id)s::bigint IS NULL OR %(grant_id)s = ANY(line.ids))
  AND (looked.id IS NULL OR NOT %(open_only)s)
ORDER BY looked.id IS NOT NULL, line.latest DESC, line.of_group LIMIT %(most)s
"""
_EVERYWHERE = Scope(branch_path="")


@dataclass(frozen=True)
class Held:
    """A reward that one of the numbers has; `is_shown` where the reader's scope reaches it,
    `is_first` tells that the person had something under this number first; `asked` is what waits
    for approval to claim it back."""

    grant: Grant
    is_first: bool
    is_shown: bool
    asked: ClawBack | None = None


@dataclass(frozen=True)
class Twice:
    """What a person holds under several numbers, in the order in which it was given; `of_group`
    where it is of campaigns of which one alone may give something."""

    of_group: bool
    held: Sequence[Held]
    looked: LookedAt | None = None

    @property
    def latest(self) -> Grant:
        """What was given last; with `of_group` it names the line."""
        return self.held[-1].grant

    @property
    def ids(self) -> list[int]:
        return [one.grant.pk for one in self.held]

    @property
    def known(self) -> Held:
        """A number that the reader may see, by which the person is named."""
        return next(one for one in self.held if one.is_shown)


def _lines(
    scope: Scope, most: int | None = None, *, grant_id: int | None = None, open_only: bool = False
) -> list[tuple[bool, list[int], int | None]]:
    """Whether of a group, the grants by their ids, and the mark of who looked at them."""
    values: dict[str, Any] = {
        "path": scope.branch_path, "most": most, "grant_id": grant_id, "open_only": open_only,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TWICE, values)
        return list(cursor.fetchall())


def count_twice(*, scope: Scope, most: int) -> int:
    """This will count the lines at which nobody looked yet, up to `most`."""
    return len(_lines(scope, most, open_only=True))


def given_twice(*, scope: Scope, most: int) -> list[Twice]:
    """This will list what persons hold under several numbers and would be refused today, what was
    given last first, of those of whom the scope reaches one number; at the end those at which
    somebody looked."""
    return _with_rows(_lines(scope, most), scope)


def twice_of(grant_id: int, *, of_group: bool, scope: Scope) -> Twice | None:
    """This will find the line of which a grant was given last."""
    found = [
        line
        for line in _lines(scope, grant_id=grant_id)
        if line[0] == of_group and line[1][-1] == grant_id
    ]
    return next(iter(_with_rows(found, scope)), None)


def held_beside(grant_id: int) -> list[int]:
    """This will list the rewards that a person holds beside one under other numbers, and would be
    refused today."""
    lines = _lines(_EVERYWHERE, grant_id=grant_id)
    return sorted({pk for _of_group, ids, _looked in lines for pk in ids} - {grant_id})


def can_be_claimed(grant_id: int, *, scope: Scope) -> bool:
    """This will tell whether a reward is one of several that a person holds, of a customer whom the
    scope reaches."""
    reached = Grant.objects.filter(scope.branches("customer__branch"), pk=grant_id).exists()
    return reached and bool(held_beside(grant_id))


def _with_rows(
    found: Sequence[tuple[bool, list[int], int | None]], scope: Scope
) -> list[Twice]:  # fmt: skip
    known = {pk for _of_group, ids, _looked in found for pk in ids}
    rows = Grant.objects.filter(pk__in=known)
    rows = rows.select_related("customer__branch", "campaign", "version", "group")
    grants = {row.pk: row for row in rows}
    waiting = ClawBack.objects.filter(grant__in=known, state=ClawBackState.ASKED)
    asked = {row.grant_id: row for row in waiting.select_related("asked_by")}
    marks = LookedAt.objects.filter(pk__in={one for _of_group, _ids, one in found if one})
    looked = {row.pk: row for row in marks.select_related("looked_by")}
    return [
        Twice(of_group, _held([grants[pk] for pk in ids], scope, asked), looked.get(mark or 0))
        for of_group, ids, mark in found
    ]


def _held(grants: Sequence[Grant], scope: Scope, asked: dict[int, ClawBack]) -> list[Held]:
    first = grants[0].customer_id
    return [
        Held(
            one, one.customer_id == first, scope.reaches(one.customer.branch), asked.get(one.pk)
        )
        for one in grants
    ]  # fmt: skip


def claw_backs(*, scope: Scope) -> QuerySet[ClawBack]:
    """This will list what was asked to be claimed back of customers of a person's branches."""
    rows = ClawBack.objects.filter(scope.branches("grant__customer__branch"))
    return rows.select_related(
        "grant__customer__branch", "grant__campaign", "grant__version", "asked_by", "settled_by"
    )


def reached_grant(grant_id: int, *, scope: Scope) -> Grant:
    """This will return a grant to a customer whom the scope reaches."""
    rows = Grant.objects.filter(scope.branches("customer__branch"))
    return rows.select_related("customer", "campaign", "version").get(pk=grant_id)


def claw_back_digest(snapshot: dict[str, Any]) -> Digest:
    """This will lay out what is to be claimed back for those who decide about it."""
    facts = [
        (_("Customer"), snapshot["customer"]),
        (_("Value"), money.show(Decimal(snapshot["amount"]))),
        (_("Given on"), snapshot["granted_on"]),
        (_("Rewards beside it under other numbers"), str(len(snapshot["beside"]))),
        (_("Reason"), snapshot["reason"]),
    ]
    return Digest(languages.in_each(lambda: _words_of(snapshot)), facts)


def _words_of(snapshot: dict[str, Any]) -> str:
    """In the active language; by codes where the grant is of another database."""
    rows = Grant.objects.select_related("campaign", "version")
    grant = rows.filter(pk=snapshot["grant"]).first()
    names = (grant.campaign.label, reward_of(grant)) if grant else (
        snapshot["campaign"], snapshot["reward"]
    )  # fmt: skip
    return _("{reward} of {campaign} is claimed back from customer {number}.").format(
        campaign=names[0], reward=names[1], number=snapshot["customer"]
    )
