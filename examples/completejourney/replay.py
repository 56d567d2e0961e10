"""Replays redemptions through the portal itself: whoever comes is a candidate for the reward of the
campaign, day by day, first come, first served, by `campaigns.rewards.operations.award`.

    python -m benchmarks.redemptions [FOLDER]

does it for all campaigns of the data in a scratch database.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping

from django.db import transaction

from campaigns.models import CampaignVersion, Run
from campaigns.planning.rules import plans
from campaigns.rewards import operations as rewards
from campaigns.rewards.rules import Award, Book, Candidate
from examples.completejourney.plain import Redemption
from portal.kit import clock


def replay(
    come: Iterable[Redemption],
    *,
    version: CampaignVersion,
    run: Run,
    holders: Mapping[int, Candidate],
) -> list[tuple[Redemption, Award]]:
    """This will ask for the reward of a version on behalf of those who come, each day's in one
    transaction, and return the answer about each who is a candidate, in their order. `come` is in
    the order of the days; who comes twice on one day asks once. `holders` are the candidates, by
    household."""
    plan = plans.plan_of(version.content)
    book = Book(version.campaign_id, version.pk, run.pk, is_live=True)
    found: list[tuple[Redemption, Award]] = []
    for day, ones in itertools.groupby(come, key=lambda one: one.day):
        first: dict[int, Redemption] = {}
        for one in ones:
            first.setdefault(one.household, one)
        asked = [one for one in first.values() if one.household in holders]
        with transaction.atomic():
            awards = rewards.award(
                book=book,
                plan=plan,
                candidates=[holders[one.household] for one in asked],
                on=day,
                granted_date=day,
                at=clock.start_of(day) + dt.timedelta(hours=12),
            )
        found += zip(asked, awards, strict=True)
    return found
