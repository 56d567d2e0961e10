"""The message texts of the demo bank that are on their way to approval."""

import pytest

from campaigns.demo import texts
from campaigns.texts import queries
from journeys.models import MessageTemplate
from tests.factories.campaigns import AT
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def test_two_wait_and_one_came_back_with_a_reason() -> None:
    maker = StaffFactory(role="campaign_manager", username="campaign_manager")
    checker = StaffFactory(role="approver", username="approver")
    texts.propose(at=AT)
    found = {one.key.code: one.submission for one in queries.all_on_their_way()}
    assert {code: row.state for code, row in found.items()} == {
        "touch_to_go": "pending", "touch_activate": "pending", "birthday_month": "returned",
    }  # fmt: skip
    assert {row.maker for row in found.values()} == {maker}
    (decision,) = found["birthday_month"].decisions.all()
    assert (decision.checker, decision.reason != "") == (checker, True)
    assert not MessageTemplate.objects.exists()
