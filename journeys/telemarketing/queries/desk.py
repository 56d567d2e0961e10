"""Reading what the desk and the pool's pages show."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext as _

from journeys.telemarketing.enums import NextReason, PassedOver, PoolSight
from journeys.telemarketing.models import Lead, LeadHold, LeadMove, PoolPolicy
from journeys.telemarketing.queries.callbacks import promises_by_owner
from journeys.telemarketing.queries.leads import OPEN, list_leads
from journeys.telemarketing.queries.walking import Place, free_after, pools_of
from portal.staff.access import Scope, scope_of
from portal.staff.enums import Role
from portal.staff.models import Staff


@dataclass(frozen=True)
class PoolPage:
    """Leads that may be taken, from which place the list goes on, None at its end, and whether it
    did not begin with the best."""

    rows: list[Lead]
    goes_on: Place | None
    is_further: bool


@dataclass(frozen=True)
class Told:
    """A move with the sentence that says why the lead went this way, "" where there is none."""

    move: LeadMove
    why: str


def own_leads(*, scope: Scope, staff_id: int, at: dt.datetime) -> QuerySet[Lead]:
    """This will list a person's open leads within a scope: what was promised first, then those
    whose protection ends first."""
    rows = list_leads(scope=scope, at=at).filter(owner=staff_id, state__in=OPEN)
    return rows.select_related("holder").order_by(
        F("promised_at").asc(nulls_last=True), "protected_until", "pk"
    )


def pool_page(
    *, staff: Staff, policy: PoolPolicy | None, at: dt.datetime, after: Place | None, size: int
) -> PoolPage:
    """This will list the leads of the pool that a person may take, the higher priority first, so
    many at most of those after a place."""
    if policy is None or policy.sight == PoolSight.GIVEN:
        return PoolPage([], None, after is not None)
    pools = pools_of(scope_of(staff), is_of_team=policy.sight == PoolSight.TEAM)
    found = free_after(pools, at=at, most=size + 1, after=after, team_id=staff.team_id)
    rows = Lead.objects.select_related("branch", "team", "owner")
    leads = rows.in_bulk([one.lead_id for one in found[:size]])
    shown = [leads[one.lead_id] for one in found[:size] if one.lead_id in leads]
    return PoolPage(shown, found[size - 1].place if len(found) > size else None, after is not None)


def hold_of(*, staff_id: int, at: dt.datetime) -> LeadHold | None:
    """This will return what a person has in hand at `at`."""
    rows = LeadHold.objects.filter(holder=staff_id, ended_at=None, lead__held_until__gt=at)
    return rows.select_related("lead__branch", "lead__owner").first()


def holders(*, scope: Scope, at: dt.datetime) -> list[Staff]:
    """This will list the telemarketers of a scope, by branch and name, each with the open leads
    (`held`), how many promises are due (`due`), when the first protection ends
    (`first_end`), and the number of the lead in hand (`in_hand`)."""
    is_open = Q(leads__state__in=OPEN)
    rows = Staff.objects.filter(scope.branches(), role=Role.TELEMARKETER, is_active=True).annotate(
        held=Count("leads", filter=is_open),
        first_end=Min("leads__protected_until", filter=is_open),
    )
    people: list[Staff] = list(
        rows.select_related("branch", "team").order_by("branch__path", "name", "pk")
    )
    in_hand = dict(
        Lead.objects.filter(holder__in=people, held_until__gt=at).values_list("holder", "number")
    )
    promised = promises_by_owner([one.pk for one in people], at=at)
    for one in people:
        one.due = promised.get(one.pk, (0, 0))[0]  # type: ignore[attr-defined]
        one.in_hand = in_hand.get(one.pk, "")  # type: ignore[attr-defined]
    return people


def one_holder(*, scope: Scope, username: str) -> Staff | None:
    """This will return a person of the scope who has leads or may have some, or None."""
    rows = Staff.objects.filter(scope.branches(), username=username)
    may = Q(role=Role.TELEMARKETER) | Q(
        pk__in=Lead.objects.filter(owner__username=username).values("owner")
    )
    return rows.filter(may).select_related("branch").first()


def reason_words(reasons: Sequence[dict[str, Any]]) -> list[str]:
    """This will say why a lead was given."""
    found = []
    for one in reasons:
        if "code" in one:
            found.append(str(NextReason(one["code"]).label))
        else:
            found.append(
                _("Priority {priority} of 100, call {call} of {most}.").format(
                    priority=one["priority"], call=one["attempts"] + 1, most=one["most"]
                )
            )
    return found


def told_moves(lead: Lead) -> list[Told]:
    """This will list what became of a lead, the latest first, each with why."""
    rows = lead.moves.select_related("actor", "from_owner", "to_owner").order_by("-number")
    moves = list(rows[:200])
    ids = {who for move in moves for who, _why in (move.line or {}).get("passed", [])}
    names = {one.pk: one.label for one in Staff.objects.filter(pk__in=ids)}
    return [Told(move, _line_words(move.line, names) or move.why) for move in moves]


def _line_words(line: dict[str, Any] | None, names: dict[int, str]) -> str:
    if not line:
        return ""
    words = _(
        "Lead {place} of the assignment: had {given} of them by then, with weight {weight} of "
        "{weights}."
    ).format(**{name: line[name] for name in ("place", "given", "weight", "weights")})
    passed = [
        f"{names.get(who, '–')}: {PassedOver(why).label}" for who, why in line.get("passed", [])
    ]
    if not passed:
        return words
    return f"{words} {_('Passed over: {people}.').format(people=' · '.join(passed))}"
