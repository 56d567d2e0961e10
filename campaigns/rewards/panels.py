"""What rewards add to a customer's timeline."""

from django.utils.translation import gettext as _

from campaigns.planning.rules import plans
from campaigns.rewards import queries
from campaigns.rewards.models import Grant, GrantReversal
from portal.kit import timeline

_TAKEN = 1


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell what a customer was given, and what stands no longer."""
    rows = Grant.objects.filter(customer_id=asked.customer_id)
    rows = rows.select_related("version", "campaign", "reversal", "instead_of__reversal__grant")
    backs = GrantReversal.objects.filter(grant__customer_id=asked.customer_id)
    given = [
        timeline.Row(
            at=row.granted_at,
            id=row.pk,
            title=_("Reward granted: {name}").format(name=_name(row)),
            detail=" · ".join(
                filter(
                    None,
                    [
                        row.campaign.label,
                        row.points and _("Points: {number}").format(number=f"{row.points:,}"),
                        row.get_door_display(),
                        queries.history_of(row),
                    ],
                )
            ),
            amount=row.amount,
            tone="success",
        )
        for row in timeline.latest(rows, asked, at="granted_at")
    ]
    taken = [
        timeline.Row(
            at=row.at,
            id=timeline.part_of(_TAKEN, row.pk),
            title=_("Reward stands no longer: {name}").format(name=_name(row.grant)),
            detail=f"{row.grant.campaign.label} · {row.get_kind_display()}",
            amount=-row.grant.amount,
            tone="warning",
        )
        for row in timeline.latest(
            backs.select_related("grant__version", "grant__campaign"), asked, at="at", part=_TAKEN
        )
    ]
    return timeline.cut([*given, *taken], asked)


def _name(row: Grant) -> str:
    """The reward's name in the reader's language; its code where the version has none."""
    try:
        tier = plans.plan_of(row.version.content).rewards.tier(row.reward)
    except plans.PlanWrong:  # a form of plan that is read no longer
        return row.reward
    return tier.label if tier else row.reward
