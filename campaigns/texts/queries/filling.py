"""What a wording says to a real customer: masked, as messages are, and with invented values where
only a live campaign knows more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from campaigns.planning import queries as planning
from campaigns.planning.models import Campaign
from campaigns.planning.rules import plans
from campaigns.texts.rules import Variable, variables
from journeys.cards import queries as cards
from journeys.customers import queries as customers
from journeys.notices import queries as notices
from journeys.points import queries as points
from portal.kit import masking, money
from portal.staff.access import Scope

# A customer of the journeys, whose model is not ours to name.
Customer = Any


@dataclass(frozen=True)
class Filled:
    """A value of the preview: what it is, how it reads, and whether it is invented."""

    variable: Variable
    text: str
    is_invented: bool


def campaigns() -> QuerySet[Campaign]:
    """This will list the campaigns that a text can be looked at with, by name."""
    return planning.campaigns().order_by("name", "code")


def customer_for(*, scope: Scope, number: str) -> Customer | None:
    """This will find the customer to look with: that of the number within the scope, without a
    number the last one who has a card."""
    if number:
        return customers.one_customer(scope=scope, number=number)
    return customers.latest_with_card(scope=scope)


def filled(
    *, texts: list[str], is_result: bool, customer: Customer | None, campaign: Campaign | None
) -> list[Filled]:
    """This will fill in what texts name: from the customer and the campaign where these know it,
    else with what is invented. Raises outreach's BadTemplate."""
    known = _of_result(customer) if is_result else _of_customer(customer) | _of_plan(campaign)
    return [
        Filled(one, known.get(one.name, one.example), one.name not in known)
        for one in variables.used_in(texts, is_result=is_result)
    ]


def values_of(found: list[Filled]) -> Mapping[str, str]:
    """This will return the values by their names."""
    return {one.variable.name: one.text for one in found}


def _of_customer(customer: Customer | None) -> dict[str, str]:
    if customer is None:
        return {}
    known = {"name": masking.mask_name(customer.name)}
    held = cards.cards_held(customer.pk).order_by("-issued_date", "-id")
    tail = next((card.masked_number[-4:] for card in held[:5] if card.masked_number), "")
    if tail:
        known["card_tail"] = tail
    for batch in points.account_of(customer_id=customer.pk).batches:
        if batch.expires_date is not None:
            soonest = {"points": f"{batch.left:,}", "expires": batch.expires_date.isoformat()}
            return known | soonest
    return known


def _of_plan(campaign: Campaign | None) -> dict[str, str]:
    """What the latest version of a campaign says; a draft that is not whole yet says its name
    alone."""
    if campaign is None:
        return {}
    known = {"campaign": campaign.name, "campaign_en": campaign.name_en}
    version = planning.latest_version(campaign)
    try:
        tiers = plans.plan_of(version.content).rewards.tiers if version else ()
    except plans.PlanWrong:
        tiers = ()
    if not tiers:
        return known
    first = tiers[0]
    known |= {"reward": first.name, "reward_en": first.name_en}
    return known | ({"amount": money.show(first.value)} if first.value else {})


def _of_result(customer: Customer | None) -> dict[str, str]:
    if customer is None:
        return {}
    found = cards.applications_of(customer.pk).filter(decided_date__isnull=False)
    latest = found.select_related("product", "branch").order_by("-decided_date", "-id").first()
    return notices.values_of(latest) if latest else {}
