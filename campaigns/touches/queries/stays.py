"""Reading who is inside a touch plan."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef

from campaigns.conditions.rules import findings
from campaigns.eligibility import queries as eligibility
from campaigns.eligibility.enums import Outcome, RunKind, RunState
from campaigns.eligibility.models import Run
from campaigns.planning import queries as planning
from campaigns.planning.enums import Anchor
from campaigns.planning.models import Campaign, CampaignVersion
from campaigns.planning.rules import plans
from campaigns.touches.enums import EnrolmentState, StepState
from campaigns.touches.models import Enrolment, TouchStep
from campaigns.touches.queries import asking
from portal.staff.access import Scope


@dataclass(frozen=True)
class Stay:
    """One stay: whose it is, on which version, and why it ended; "" where it has not."""

    enrolment_id: int
    version_id: int
    customer_id: int
    because: str = ""


_NAMED = """
SELECT stay.customer_id, stay.campaign_id, stay.rotation, stay.id, stay.version_id,
       stay.left_because
FROM campaigns_enrolment stay
JOIN unnest(%(customers)s::bigint[], %(campaigns)s::bigint[], %(rotations)s::int[])
    AS named(customer_id, campaign_id, rotation) USING (customer_id, campaign_id, rotation)
"""


def stays_of(
    named: Sequence[tuple[int, int, str, int]],
) -> dict[tuple[int, int, int], Stay]:
    """This will find stays by customer, campaign and rotation; each is named beside the code of a
    step, which is not asked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            _NAMED,
            {
                "customers": [one[0] for one in named],
                "campaigns": [one[1] for one in named],
                "rotations": [one[3] for one in named],
            },
        )
        return {
            (customer, campaign, rotation): Stay(key, version, customer, because)
            for customer, campaign, rotation, key, version, because in cursor.fetchall()
        }


def stays_inside(customer_ids: Sequence[int]) -> list[Stay]:
    """This will list the stays of customers who are inside, in the order of their ids."""
    rows = Enrolment.objects.filter(customer__in=customer_ids, state=EnrolmentState.INSIDE)
    return [Stay(*row) for row in rows.order_by("id").values_list("id", "version", "customer")]


def stays_after(
    version_id: int, after: int, most: int, *, scope: Scope | None = None
) -> list[Stay]:
    """This will list stays inside a version with ids above `after`, in their order: all, or those
    of customers whom a scope reaches."""
    rows = Enrolment.objects.filter(version=version_id, state=EnrolmentState.INSIDE, id__gt=after)
    if scope is not None:
        rows = rows.filter(scope.branches("customer__branch"))
    found = rows.order_by("id").values_list("id", "version", "customer")[:most]
    return [Stay(*row) for row in found]


def ended(*, at: dt.datetime, most: int) -> list[int]:
    """This will list stays whose longest time is over, in the order of their ids."""
    rows = Enrolment.objects.filter(state=EnrolmentState.INSIDE, ends_at__lte=at)
    return sorted(rows.order_by("ends_at").values_list("id", flat=True)[:most])


def versions_with_people() -> list[CampaignVersion]:
    """This will list the versions that somebody is inside of, with their campaigns."""
    inside = Enrolment.objects.filter(version=OuterRef("pk"), state=EnrolmentState.INSIDE)
    rows = CampaignVersion.objects.filter(Exists(inside)).select_related("campaign")
    return list(rows.order_by("id"))


def versions_in_force() -> list[CampaignVersion]:
    """This will list the versions in force that have a touch plan, of campaigns that are not
    stopped."""
    return [row for row in planning.in_force() if "touches" in row.content]


def due_among(step_ids: Sequence[int], *, at: dt.datetime) -> set[int]:
    """This will tell which of these steps still wait and are due."""
    rows = TouchStep.objects.filter(pk__in=step_ids, state=StepState.WAITING, due_at__lte=at)
    return set(rows.values_list("id", flat=True))


def versions_with_people_of(campaign_id: int, *, but: int) -> list[int]:
    """This will list the versions of a campaign that somebody is inside of, without one."""
    inside = Enrolment.objects.filter(version=OuterRef("pk"), state=EnrolmentState.INSIDE)
    rows = CampaignVersion.objects.filter(Exists(inside), campaign=campaign_id).exclude(pk=but)
    return list(rows.order_by("id").values_list("id", flat=True))


def versions_to_move_to() -> list[CampaignVersion]:
    """This will list the versions in force of campaigns of which somebody is inside an earlier
    one, whether they have a touch plan or not."""
    found = []
    for campaign in Campaign.objects.filter(
        pk__in={version.campaign_id for version in versions_with_people()}
    ).order_by("id"):
        now = planning.approved_version(campaign)
        if now is not None and versions_with_people_of(campaign.pk, but=now.pk):
            found.append(now)
    return found


def covered_by(plan: plans.Plan, customer_ids: Sequence[int], *, on: dt.date) -> set[int]:
    """This will tell whom a plan is about: customers of its branches who hold a card of it or, as
    long as nobody of them can, have applied for one. Nobody where it has no touch plan."""
    if plan.touches is None:
        return set()
    joins, day, _key = asking.event_sql(Anchor.APPLICATION_FILED)
    asked = findings.findings_of([])
    outside = "AND asked.branch_id = ANY(%(branches)s)" if plan.branches else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT asked.customer_id FROM ({asked.sql}) AS asked {joins}"
            f" WHERE (asked.card_id IS NOT NULL OR {day} IS NOT NULL) {outside}",
            asking.frame_of(plan, campaign_id=0, on=on) | {"among": list(customer_ids)},
        )
        return {row[0] for row in cursor.fetchall()}


def newest_live_run(version_id: int) -> Run | None:
    """This will return the live run of a version that ended well last."""
    rows = Run.objects.filter(version=version_id, kind=RunKind.LIVE, state=RunState.DONE)
    return rows.order_by("-id").first()


def qualified_in(run: Run, *, after: int, most: int) -> list[int]:
    """This will list those of whom it stands in a run that they qualify, with ids above `after`, in
    their order."""
    rows = eligibility.standing(run).filter(outcome=Outcome.QUALIFIED, customer_id__gt=after)
    return list(rows.order_by("customer_id").values_list("customer_id", flat=True)[:most])
