"""What flash sales add to a customer's timeline."""

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.flash import queries
from campaigns.planning.rules import plans
from portal.kit import timeline


def story(asked: timeline.Asked) -> list[timeline.Row]:
    """This will tell which units a customer claimed, and how each claim stands now."""
    rows = queries.claims_of(asked.customer_id).select_related("sale__version__campaign")
    return [
        timeline.Row(
            at=row.claimed_at,
            id=row.pk,
            title=_("Flash sale of {reward}: {state}").format(
                reward=_reward(row.sale.version.content, row.sale.tier), state=row.shown.label
            ),
            detail=row.sale.version.campaign.label,
            tone=row.tone,
            url=reverse("flash_page", args=[row.sale_id]),
        )
        for row in timeline.latest(rows, asked, at="claimed_at")
    ]


def _reward(content: dict, code: str) -> str:
    """The reward's name in the reader's language; its code where the version has none."""
    try:
        tier = plans.plan_of(content).rewards.tier(code)
    except plans.PlanWrong:  # a form of plan that is read no longer
        return code
    return tier.label if tier else code
