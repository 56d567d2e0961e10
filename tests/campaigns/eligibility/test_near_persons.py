"""Nobody is near who is given nothing any more: one person under several customer numbers."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from campaigns.models import CampaignVersion, ExclusiveGroup, Grant, Run
from journeys.models import Card
from tests.campaigns.eligibility.test_near import SPENT, USED, near, ran, told
from tests.campaigns.rewards.test_bearers import is_known, rows_for, take_back
from tests.campaigns.rewards.test_groups import group, of_group
from tests.factories.campaigns import ON, approved, card_in_use
from tests.factories.rewards import used_card

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)
RULE: dict[str, Any] = {"all": [USED, SPENT]}


def close(**fields: Any) -> Card:
    """Of a customer who lacks one yuan."""
    return card_in_use(spent="499.00", **fields)


def both(run: Run) -> set[int]:
    """Whom the page lists with a yuan or so, who are those whom a second campaign would write
    to."""
    listed = {who for who, gap, _last in near(run) if Decimal(gap) <= 150}
    assert told(f"near-{run.pk}") == listed
    return listed


def held_by(other: CampaignVersion, *cards: Card, named: ExclusiveGroup) -> None:
    """Another campaign of the group gave these something yesterday."""
    on = ON - ONE
    held = (on, None if named.days is None else on + named.days * ONE)
    Grant.objects.bulk_create(rows_for(other, *cards, group=named, held=held, granted_date=on))


@pytest.mark.parametrize(("term", "is_near"), [(None, False), (32, False), (31, True)])
def test_who_is_held_under_another_number_to_the_end_is_not_near(
    term: int | None, is_near: bool
) -> None:
    """The campaign works off its last day on that on which it ends, in thirty days."""
    named = group(term)
    other = of_group("other", named)
    me, mine, free = close(), used_card(), close()
    is_known(me, mine)
    held_by(other, mine, named=named)
    ends = (ON + 30 * ONE).isoformat()
    version = approved(rule=RULE, group=named.code, runs_to=ends)
    assert both(ran(version)) == {free.customer_id} | ({me.customer_id} if is_near else set())


def test_what_holds_another_number_does_not_hold_one_that_was_given_something_here() -> None:
    """It was taken back, and the same campaign may give anew: it came out later that the two are
    one person."""
    named = group()
    other, version = of_group("other", named), approved(rule=RULE, group=named.code)
    me, mine = close(), used_card()
    held_by(other, mine, named=named)
    held_by(version, me, named=named)
    is_known(me, mine)
    take_back(me)
    assert both(ran(version)) == {me.customer_id}


def test_who_has_the_reward_under_another_number_is_not_near_until_it_is_taken_back() -> None:
    version = approved(rule=RULE)
    me, mine = close(), used_card()
    is_known(me, mine)
    Grant.objects.bulk_create(rows_for(version, mine, granted_date=ON - ONE))
    run = ran(version)
    assert both(run) == set()
    take_back(mine)
    assert {who for who, _gap, _last in near(run)} == {me.customer_id, mine.customer_id}
    assert told("again") == {me.customer_id}
