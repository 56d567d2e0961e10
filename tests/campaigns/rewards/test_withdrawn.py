"""A referral that was recorded wrongly and withdrawn: what was granted for it is taken back, caps
count anew, and the right one brings the reward to whom it belongs."""

from decimal import Decimal

import psycopg
import pytest
from django.db import IntegrityError, transaction

from campaigns.budgets import queries as budgets
from campaigns.models import Decision, Grant, GrantReversal, ToLookAt
from campaigns.rewards import operations as giving
from campaigns.rewards import queries as rewards
from campaigns.rewards.rules import Candidate
from journeys.models import Referral
from journeys.points import queries as points
from journeys.referrals import operations as referrals
from portal.staff.access import Scope
from tests.campaigns.rewards.test_multiples import ran
from tests.campaigns.rewards.test_persons import ONE, brings, given_for, version_of
from tests.factories.campaigns import AT, ON, card_in_use
from tests.factories.journeys import DAY
from tests.factories.portal import StaffFactory
from tests.factories.rewards import ask, used_of
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db


def withdraw(row: Referral) -> None:
    referrals.withdraw_referral(
        referral_id=row.pk,
        reason="登记有误",
        scope=Scope(branch_path=""),
        actor=StaffFactory(role="branch_manager"),
        at=AT,
    )


def said_anew(row: Referral, by: object) -> Referral:
    """The same applicant, brought by somebody else."""
    return row_of("journeys.Referral", application=row.application, referrer=by)


def test_what_was_granted_is_taken_back_and_the_right_one_is_rewarded() -> None:
    version = version_of(budget={"total": "1000.00"})
    wrong, right = card_in_use(), card_in_use()
    said = brings(wrong)
    ran(version)
    assert [row[0] for row in given_for(wrong)] == [said.pk]
    withdraw(said)
    anew = said_anew(said, right.customer)
    # Before it is taken back, nobody else is given anything for this person.
    ran(version, on=ON + ONE)
    assert given_for(right) == []
    assert giving.reopen_grants(on=ON + ONE, at=AT) == 1
    assert giving.reopen_grants(on=ON + ONE, at=AT) == 0
    reversal = GrantReversal.objects.get()
    assert (reversal.kind, reversal.on_date, reversal.failed_at) == ("not_brought", ON, None)
    assert (points.balance_of(wrong.customer_id), used_of(version, "campaign")) == (0, 0)
    (told,) = rewards.explained([reversal])
    assert told.condition == reversal.get_kind_display()
    assert str(ON) in rewards.history_of(reversal.grant)
    # The run stands on the one before, and looks at both again.
    ran(version, on=ON + 2 * ONE)
    assert [row[0] for row in given_for(right)] == [anew.pk]
    assert given_for(wrong) == []
    assert used_of(version, "campaign") == Decimal("30.00")
    assert budgets.differences(version.campaign_id) == []
    assert not ToLookAt.objects.filter(due_date__lte=ON).exists()


def test_the_cap_counts_anew() -> None:
    version = version_of(budget={"total": "1000.00"})
    me = card_in_use()
    first, second, third = (brings(me, DAY + number * ONE) for number in range(3))
    ran(version)
    assert [row[0] for row in given_for(me)] == [first.pk, second.pk]
    withdraw(first)
    giving.reopen_grants(on=ON, at=AT)
    ran(version, on=ON + ONE)
    assert sorted(row[0] for row in given_for(me)) == [second.pk, third.pk]
    again = Grant.objects.get(referral=third)
    assert (again.place, again.round) == (1, 2)


def test_one_that_was_withdrawn_before_counts_for_nothing() -> None:
    version = version_of(budget={"total": "1000.00"})
    me = card_in_use()
    withdraw(brings(me))
    run = ran(version)
    assert given_for(me) == []
    assert Decision.objects.get(run=run, card=me).outcome == "no_tier"


def test_what_was_decided_before_it_was_withdrawn_gives_nothing_after() -> None:
    version = version_of()
    me = card_in_use()
    said, stays = brings(me), brings(me)
    asked = Candidate(
        me.customer_id, me.pk, me.customer.branch_id, (0,), {}, {0: (said.pk, stays.pk)}
    )
    withdraw(said)
    ask(version, [asked])
    assert [row[0] for row in given_for(me)] == [stays.pk]


@pytest.mark.parametrize(
    ("is_withdrawn", "guard"),
    [(True, "grant_of_standing_referral"), (False, "grant_once_for_brought")],
)
def test_the_database_refuses_what_would_be_given_twice(is_withdrawn: bool, guard: str) -> None:
    version = version_of()
    wrong, right = card_in_use(), card_in_use()
    said, never_given = brings(wrong), brings(wrong, None)
    run = ran(version)
    withdraw(said)
    withdraw(never_given)
    again = never_given if is_withdrawn else said_anew(said, right.customer)
    card = wrong if is_withdrawn else right
    place = 2 if is_withdrawn else 1
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        row_of(
            "campaigns.Grant", run=run, card=card, reward="friend", slot=f"friend:{place}",
            place=place, most=2, referral=again, campaign=version.campaign,
        )  # fmt: skip
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == guard
