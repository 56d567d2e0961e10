"""Nobody loses pay by leaving, and no pay that is booked follows a rule that came after it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from journeys.targets import operations
from journeys.targets.models import PayMonth, ScorecardRule
from portal.staff.enums import Role
from tests.factories import leads
from tests.factories import targets as made
from tests.factories.journeys import LeadFactory
from tests.factories.portal import BranchFactory
from tests.factories.quality import held
from tests.journeys.targets.test_guards import refused_by

pytestmark = pytest.mark.django_db
CLOSING = dt.date(2026, 4, 10)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.BRANCH_MANAGER}])
def test_who_worked_in_the_month_is_paid_for_it_whatever_came_after(
    change: dict[str, object],
) -> None:
    """Also who is credited with a card of the month and called nobody in it."""
    owner = made.manager()
    made.in_force(owner)
    left, credited, idle = (leads.caller(owner.branch) for _place in range(3))
    for person in (left, credited):
        made.sold(person, dt.date(2026, 3, 5))
    held(LeadFactory(branch=owner.branch), left, made.AT)
    held(LeadFactory(branch=owner.branch), idle, made.AT - 5 * DAY)  # in February
    for person in (left, credited, idle):
        for name, value in change.items():
            setattr(person, name, value)
        person.save()
    operations.settle_pay(on=CLOSING, at=made.AT)
    connection.check_constraints()
    # One of ten cards, and no complaint.
    paid = PayMonth.objects.order_by("staff").values_list("staff", "payable")
    assert list(paid) == [(left.pk, Decimal("344.00")), (credited.pk, Decimal("344.00"))]
    assert operations.settle_pay(on=CLOSING + 5 * DAY, at=made.AT) == 0


@pytest.mark.parametrize("role", [Role.TELEMARKETER, Role.BRANCH_MANAGER])
@pytest.mark.parametrize("goes_to", ["nowhere", "another", "above"])
def test_a_month_goes_by_the_scorecard_of_where_it_was_worked(goes_to: str, role: str) -> None:
    above = BranchFactory()
    owner = made.manager(BranchFactory(parent=above))
    made.in_force(owner)
    other = made.manager(above if goes_to == "above" else BranchFactory())
    if goes_to == "another":
        made.in_force(other, point_value=Decimal(99))
    person = leads.caller(owner.branch)
    made.sold(person, dt.date(2026, 3, 5))
    held(LeadFactory(branch=owner.branch), person, made.AT)
    person.branch, person.role = other.branch, role
    person.save()
    operations.settle_pay(on=CLOSING, at=made.AT)
    assert PayMonth.objects.get().payable == Decimal("344.00")


def test_a_rule_touches_no_pay_that_is_booked() -> None:
    owner = made.manager()
    made.in_force(owner)
    person = leads.caller(owner.branch)
    made.sold(person, dt.date(2026, 3, 5))
    operations.settle_pay(on=CLOSING, at=made.AT)
    for on in (dt.date(2026, 2, 15), made.MONTH):
        assert refused_by(lambda on=on: made.set_rule(on, hold_months=36)) == (
            "scorecard_rule_ahead"
        )
        with pytest.raises(ValidationError, match="2026-03"):
            ScorecardRule(effective_date=on).clean()
    ScorecardRule(effective_date=made.NEXT).clean()
    made.set_rule(made.NEXT, hold_months=36)


def test_a_scorecard_that_a_stricter_rule_overtook_is_refused_in_words() -> None:
    card = made.scorecard()
    waiting = made.scorecard(card.owner, first_date=made.NEXT)
    operations.submit_scorecard(scorecard_id=waiting.pk, actor=waiting.owner, at=made.AT)
    connection.check_constraints()
    made.set_rule(made.MONTH, margin=Decimal(20))
    with pytest.raises(operations.TargetRefused, match="20"):
        operations.submit_scorecard(scorecard_id=card.pk, actor=card.owner, at=made.AT)
    assert "20" in operations.card_unready(str(waiting.pk), {}, made.AT)
