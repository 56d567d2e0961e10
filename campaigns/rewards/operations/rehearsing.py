"""Keeping what a back-test gave on an evening, for its evenings to come."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

from campaigns.budgets.rules import Booked
from campaigns.rewards import rules
from campaigns.rewards.models import TrialGrant


class Given(Protocol):
    """A gift of a candidate, as it was booked."""

    @property
    def candidate(self) -> rules.Candidate: ...
    @property
    def gift(self) -> rules.Gift: ...
    @property
    def booked(self) -> Booked: ...


def keep(*, run_id: int, given: Sequence[Any], on: dt.date) -> None:
    """This will keep what was given on a day, and end what it was exchanged for."""
    over = [one.gift.instead_of.grant_id for one in given if one.gift.instead_of]
    # Grants that stand are none of these; nobody is given anything by a back-test.
    TrialGrant.objects.filter(run=run_id, pk__in=[-pk for pk in over]).update(is_over=True)
    TrialGrant.objects.bulk_create(_row(run_id, one, on) for one in given)


def _row(run_id: int, one: Given, on: dt.date) -> TrialGrant:
    person = one.gift.person
    return TrialGrant(
        run_id=run_id,
        customer_id=one.candidate.customer_id,
        branch_id=one.candidate.branch_id,
        reward=one.gift.tier.code,
        slot=one.gift.slot,
        round=one.gift.round,
        amount=one.gift.tier.value,
        points=rules.points_of(one.gift.tier),
        referral_id=person.referral_id if person else None,
        granted_date=on,
        parts=dict(one.booked.parts),
    )
