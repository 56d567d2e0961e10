"""Reading what was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from campaigns.rewards.models import Grant


@dataclass(frozen=True)
class Granted:
    """Number and value (CNY) of grants."""

    count: int
    amount: Decimal


def granted_in(run_id: int) -> Granted:
    """This will sum up what a run gave."""
    found = Grant.objects.filter(run_id=run_id).aggregate(count=Count("id"), amount=Sum("amount"))
    return Granted(found["count"], found["amount"] or Decimal("0.00"))


def grant_of(*, customer_id: int, campaign_id: int) -> Grant | None:
    """This will find the reward that a customer was given in a campaign."""
    return Grant.objects.filter(customer_id=customer_id, campaign_id=campaign_id).first()


@dataclass(frozen=True)
class Given:
    """A reward that a customer has of a campaign: by which version, the tier's code, its value."""

    version_id: int
    reward: str
    amount: Decimal


def given_to(*, campaign_id: int, customer_ids: Sequence[int]) -> dict[int, list[Given]]:
    """This will return what customers have of a campaign, by customer id."""
    rows = Grant.objects.filter(campaign_id=campaign_id, customer_id__in=customer_ids)
    found: dict[int, list[Given]] = {}
    for row in rows.order_by("id"):
        given = Given(row.version_id, row.reward, row.amount)
        found.setdefault(row.customer_id, []).append(given)
    return found
