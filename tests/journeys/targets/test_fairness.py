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
from tests.factories.quality import held
from tests.journeys.targets.test_guards import refused_by

pytestmark = pytest.mark.django_db
CLOSING = dt.date(2026, 4, 10)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.BRANCH_MANAGER}])
def test_who_worked_in_the_month_is_paid_for_it_whatever_came_after(
    change: dict[str, object],
) -> None:
    owner = made.manager()
    made.in_force(owner)
    left, idle = leads.caller(owner.branch), leads.caller(owner.branch)
    for person in (left, idle):
        made.sold(person, dt.date(2026, 3, 5))
    held(LeadFactory(branch=owner.branch), left, made.AT)
    held(LeadFactory(branch=owner.branch), idle, made.AT - 5 * DAY)  # in February
    for person in (left, idle):
        for name, value in change.items():
            setattr(person, name, value)
        person.save()
    operations.settle_pay(on=CLOSING, at=made.AT)
    connection.check_constraints()
    # One of ten cards, and no complaint.
    assert list(PayMonth.objects.values_list("staff", "payable")) == [(left.pk, Decimal("344.00"))]
    assert operations.settle_pay(on=CLOSING + 5 * DAY, at=made.AT) == 0


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
