"""Reading who is near to what a campaign gives, and who or what stands in the way of it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.utils.translation import gettext as _

from campaigns.budgets import queries as budgets
from campaigns.budgets.enums import LimitKind
from campaigns.conditions.rules import barring
from campaigns.eligibility.models import Decision, Run
from campaigns.eligibility.queries.carrying import standing
from campaigns.groups import queries as groups
from campaigns.planning import queries as planning
from campaigns.planning.enums import VersionState
from portal.staff import queries as staff
from portal.staff.access import Scope

_GOAL = barring.GOAL.format(version="asked.version_id", day="asked.day")
_FREE = f"""NOT EXISTS (SELECT FROM (VALUES (%(expressions)s)) asked(id, version_id, day)
    CROSS JOIN LATERAL {_GOAL} WHERE {barring.is_barred("asked.id")})"""
_FREE_OF = f"""
SELECT asked.id FROM unnest(%(customers)s::bigint[]) AS asked(id)
CROSS JOIN {barring.GOAL.format(version="%(version)s", day="%(day)s")}
WHERE {barring.IS_LEFT} AND NOT {barring.is_barred("asked.id")}
"""
# For each tier of each version what one more of it would break, or nothing.
_USED_UP = f"""
SELECT asked.id, tier.code, broken.kind, broken.key
FROM unnest(%(versions)s::bigint[]) AS asked(id)
CROSS JOIN LATERAL {barring.GOAL.format(version="asked.id", day="NULL")}
CROSS JOIN LATERAL {barring.TIERS} tier
LEFT JOIN LATERAL ({barring.BROKEN}) broken ON TRUE
"""
_BRANCHES = f"""
SELECT spent.id FROM {barring.GOAL.format(version="%(version)s", day="NULL")}
CROSS JOIN LATERAL ({barring.BROKEN_BRANCHES}) spent
"""
_ORDER = [kind.value for kind in LimitKind]


def near_misses(run: Run, *, scope: Scope, on: dt.date) -> QuerySet[Decision]:
    """This will list those who lacked a sum of spending alone, for the rule or the lowest tier, and
    could still reach it after the run's day, the smallest gap first. Nobody is near what is given
    no more, or used up; left out is who is given nothing more, as of the day `on`."""
    rows = (
        standing(run)
        .filter(scope.branches("customer__branch"), gap__isnull=False, deadline__gt=run.on_date)
        .select_related("customer__branch", "card")
        .order_by("gap", "deadline", "id")
    )
    if is_over(run) or used_up([run.version]):
        return rows.none()
    asked = F("customer_id"), Value(run.version_id), Value(on)
    return rows.filter(Func(*asked, template=_FREE, output_field=BooleanField()))


def is_over(run: Run) -> bool:
    """This will tell whether nothing is given any more by what a run found: its campaign is
    stopped, or its version came back or lost its approval."""
    state = run.version.state
    is_out = (
        state != VersionState.APPROVED
        if run.is_live
        else state in (VersionState.RETURNED, VersionState.VETOED)
    )
    return is_out or run.version.campaign.is_stopped


def still_given(version_id: int, customer_ids: Sequence[int], *, on: dt.date) -> set[int]:
    """This will choose those to whom a version can still give something: it is not used up, and
    neither another campaign of its group nor another number of the person stands in the way."""
    values: dict[str, Any] = {"customers": list(customer_ids), "version": version_id, "day": on}
    with connection.cursor() as cursor:
        cursor.execute(_FREE_OF, values)
        return {row[0] for row in cursor.fetchall()}


@dataclass(frozen=True)
class Spent:
    """A limit (its kind and key) that leaves too little for one more of a tier."""

    kind: str
    key: str
    tier: str

    @property
    def label(self) -> str:
        """What is used up, in the active language."""
        if self.kind == LimitKind.STOCK:
            return _("the stock of {reward}").format(reward=self.tier)
        if self.kind == LimitKind.TIER:
            return _("the budget of {reward}").format(reward=self.tier)
        if self.kind == LimitKind.PARTY:
            named = dict(budgets.party_names([self.key]))
            return _("what {party} bears").format(party=named[self.key])
        return _("the budget of the campaign")


def used_up(versions: Collection[Any]) -> dict[int, list[Spent]]:
    """This will tell by which limits versions give nothing to anybody any more, by version id; a
    version that can give one more of a tier is left out. Of a newer version than that by which
    something was given last its own plan counts."""
    broken: dict[int, dict[str, list[Spent]]] = {}
    known = {row.pk: planning.plan_of(row) for row in versions}
    with connection.cursor() as cursor:
        cursor.execute(_USED_UP, {"versions": list(known)})
        for pk, code, kind, key in cursor.fetchall():
            tier = known[pk].rewards.tier(code)
            found = broken.setdefault(pk, {}).setdefault(code, [])
            if kind is not None:
                found.append(Spent(kind, key, tier.label if tier else code))
    return {
        pk: _in_order([one for found in tiers.values() for one in found])
        for pk, tiers in broken.items()
        if all(tiers.values())
    }


def _in_order(found: Sequence[Spent]) -> list[Spent]:
    """Each limit once; where the campaign's budget is used up, what parties bear of it is too."""
    once = {(one.kind, one.key): one for one in found}
    if (LimitKind.CAMPAIGN.value, "") in once:
        once = {key: one for key, one in once.items() if one.kind != LimitKind.PARTY}
    return sorted(once.values(), key=lambda one: (_ORDER.index(one.kind), one.key))


def left_out(run: Run) -> list[str]:
    """This will say, in the active language, who is left out of the near-misses of a run."""
    plan = planning.plan_of(run.version)
    said = [_("who has this reward under another customer number")]
    if plan.group:
        group = groups.named([plan.group])[plan.group]
        said.append(
            _("whom another campaign of the group {group} rules out to the end").format(
                group=group.label
            )
        )
    with connection.cursor() as cursor:
        cursor.execute(_BRANCHES, {"version": run.version_id})
        spent = [row[0] for row in cursor.fetchall()]
    if spent:
        said.append(
            _("customers of branches whose budget is used up: {branches}").format(
                branches=_(", ").join(sorted(staff.branch_labels(spent).values()))
            )
        )
    return said
