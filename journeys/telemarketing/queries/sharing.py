"""Reading by what leads are shared out, and how those of somebody would be."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from journeys.telemarketing import rules
from journeys.telemarketing.enums import PassedOver, ReliefWhy
from journeys.telemarketing.models import Lead, LeadMove
from journeys.telemarketing.queries.leads import callable_among
from journeys.telemarketing.queries.pools import (
    open_leads_of,
    paths_of,
    policies_in_force,
)
from journeys.telemarketing.queries.watching import callers_of
from merchants.posts import queries as people
from merchants.posts.enums import QualificationKind
from portal.kit import clock
from portal.staff.access import Scope
from portal.staff.models import Staff


@dataclass(frozen=True)
class Relief:
    """What is proposed for the leads of somebody: which ones go, why, and how many each person
    gets, and has open then. `stay` is how many open ones the person keeps."""

    lead_ids: list[int]
    why: ReliefWhy
    gets: list[tuple[Staff, int, int]]
    stay: int


def shares_among(takers: Sequence[rules.Taker], *, on: dt.date) -> list[rules.Share]:
    """This will tell of each person who takes part what an assignment asks: the open leads, and
    what keeps the person out on a day."""
    ids = [one.staff_id for one in takers]
    held, out = open_leads_of(ids), _out_of(ids, on)
    ordered = sorted(takers, key=lambda one: one.staff_id)
    return [
        rules.Share(
            one.staff_id, one.weight, one.quota, held.get(one.staff_id, 0), out[one.staff_id]
        )
        for one in ordered
    ]


def _out_of(ids: Sequence[int], on: dt.date) -> dict[int, str]:
    absent = people.absent_among(ids, on=on)
    qualified = people.qualified_among(ids, kind=QualificationKind.CARDS, on=on)

    def out(staff_id: int) -> str:
        if staff_id in absent:
            return PassedOver.ABSENT.value
        return "" if staff_id in qualified else PassedOver.UNQUALIFIED.value

    return {pk: out(pk) for pk in ids}


def wanted_by(
    leads: Sequence[Lead], staff: Collection[Staff], *, at: dt.datetime
) -> list[rules.Wanted]:
    """This will tell what keeps whom of these people from each lead, in the order of the leads."""
    ids = [row.pk for row in leads]
    owners = [one.pk for one in staff]
    cooling = LeadMove.objects.filter(lead__in=ids, from_owner__in=owners, cools_until__gt=at)
    barred: dict[int, dict[int, str]] = {pk: {} for pk in ids}
    for lead_id, staff_id in cooling.values_list("lead", "from_owner"):
        barred[lead_id][staff_id] = PassedOver.COOLS_DOWN.value
    places = paths_of({row.branch_id for row in leads})
    policies = policies_in_force(list(places), on=clock.bank_day(at))
    caps = {pk: policies[pk].claim_cap if pk in policies else 0 for pk in places}
    for row in leads:
        for one in staff:
            if not places[row.branch_id].startswith(one.branch.path):
                barred[row.pk][one.pk] = PassedOver.OTHER_BRANCH.value
    return [rules.Wanted(row.pk, caps[row.branch_id], barred[row.pk]) for row in leads]


def relief_of(
    person: Staff, leads: Sequence[Lead], *, scope: Scope, at: dt.datetime
) -> Relief | None:
    """This will propose what becomes of somebody's open `leads`, as an assignment would share them
    out; None where nothing speaks for it, or nobody may have any. What is in hand, may not be
    called, or may be had by nobody stays."""
    on = clock.bank_day(at)
    others = {one.pk: one for one in callers_of(scope) if one.pk != person.pk}
    asked = shares_among([rules.Taker(pk) for pk in others], on=on)
    shares = [share for share in asked if not share.out]
    may = callable_among([lead.pk for lead in leads], at=at)
    free = [
        lead for lead in leads
        if lead.pk in may and lead.holder_id is None and lead.left_at is None
    ]  # fmt: skip
    held = open_leads_of([person.pk]).get(person.pk, 0)
    open_ones = [
        rules.Open(lead.pk, lead.promised_at is not None, _is_overdue(lead, at)) for lead in free
    ]
    out = _out_of([person.pk], on)[person.pk]
    chosen, why = rules.to_hand_over(
        open_ones, out=out, held=held, others=[share.held for share in shares]
    )
    # In the order of the page, which is that in which they are asked for.
    going = [lead for lead in free if lead.pk in set(chosen)]
    wanted = wanted_by(going, [others[share.staff_id] for share in shares], at=at)
    given = [line for line in rules.share_out(wanted, shares) if line.staff_id is not None]
    if why is None or not given:
        return None
    gets = Counter(line.staff_id for line in given)
    told = [
        (others[share.staff_id], gets[share.staff_id], share.held + gets[share.staff_id])
        for share in shares
        if gets[share.staff_id]
    ]
    return Relief([line.lead_id for line in given], why, told, held - len(given))


def _is_overdue(lead: Lead, at: dt.datetime) -> bool:
    return lead.promised_at is not None and lead.promised_at <= at
