"""Messages of steps that tell of a reward, and whether what they tell still holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaigns.planning import queries as planning
from campaigns.planning.enums import Anchor
from campaigns.planning.rules.touch_linting import OF_GRANT
from campaigns.rewards import queries as rewards
from campaigns.touches.enums import StepState
from campaigns.touches.models import TouchStep
from campaigns.touches.rules import naming
from journeys.outreach import queries as outreach

Place = tuple[int, int, str, int]


@dataclass(frozen=True)
class Told:
    """The latest message of a step that tells of a reward: the step, its stay, and the message."""

    step_id: int
    enrolment_id: int
    code: str
    message: outreach.Written


def of_rewards(customer_ids: Sequence[int]) -> list[Told]:
    """This will list, for each step of these people that told of a reward and counts as sent, the
    latest message of it."""
    latest: dict[Place, outreach.Written] = {}
    for one in outreach.written_to(customer_ids=customer_ids, prefix=naming.PREFIX):
        parts = naming.parts_of(one.dedup_key)
        if parts is not None:
            latest[(one.customer_id, *parts)] = one
    if not latest:
        return []
    rows = TouchStep.objects.filter(
        enrolment__customer__in={place[0] for place in latest}, state=StepState.SENT
    ).order_by("id")
    found = [
        (version, code, Told(step, stay, code, message))
        for step, stay, customer, campaign, version, code, rotation in rows.values_list(
            "id", "enrolment", "customer", "enrolment__campaign", "version", "code",
            "enrolment__rotation",
        )
        if (message := latest.get((customer, campaign, code, rotation))) is not None
    ]  # fmt: skip
    about = _steps_of_grants({version for version, _code, _told in found})
    return [told for version, code, told in found if code in about[version]]


def _steps_of_grants(version_ids: set[int]) -> dict[int, set[str]]:
    return {
        version: {
            step.code
            for step in (plan.touches.steps if plan.touches else ())
            if step.anchor == Anchor.GRANT
        }
        for version, plan in planning.plans_of(version_ids).items()
    }


def untrue(told: Sequence[Told]) -> list[Told]:
    """This will return those messages that tell of rewards otherwise than they stand: nothing is
    there any more, or something else is."""
    by_campaign: dict[int, list[Told]] = {}
    for one in told:
        parts = naming.parts_of(one.message.dedup_key)
        if parts is not None:
            by_campaign.setdefault(parts[0], []).append(one)
    found = []
    for campaign_id, mine in sorted(by_campaign.items()):
        ids = sorted({one.message.customer_id for one in mine})
        given = rewards.given_to(campaign_id=campaign_id, customer_ids=ids)
        tiers = planning.tiers_of(campaign_id)
        stands = {customer: rewards.told(had, tiers) for customer, had in given.items()}
        found += [one for one in mine if not _holds(one.message, stands)]
    return found


def _holds(message: outreach.Written, stands: Mapping[int, Mapping[str, str]]) -> bool:
    now = stands.get(message.customer_id)
    if now is None:
        return False
    return all(message.context.get(name, now[name]) == now[name] for name in OF_GRANT)
