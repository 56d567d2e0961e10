"""Two who propose a control group at one instant, and some who approve it: one of them is heard."""

import pytest

from journeys.contact import operations as contact
from journeys.contact.models import ControlGroup
from portal.approvals import operations as approvals
from portal.approvals.models import Submission
from tests.factories.journeys import INSTANT
from tests.factories.portal import StaffFactory
from tests.journeys.contact.test_control import propose
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_of_two_proposals_waits_and_one_of_two_approvals_counts() -> None:
    makers = [StaffFactory(role="campaign_manager") for _number in range(4)]

    def ask(place: int) -> str:
        try:
            propose(makers[place])
        except contact.ControlNotAllowed as refusal:
            return str(refusal)
        return ""

    said = in_threads(4, ask)
    assert sorted(bool(one) for one in said) == [False, True, True, True]
    assert (ControlGroup.objects.count(), Submission.objects.count()) == (1, 1)
    checkers = [StaffFactory(role="approver") for _number in range(4)]
    waiting = Submission.objects.get().pk

    def approve(place: int) -> bool:
        try:
            approvals.decide(
                submission_id=waiting, checker=checkers[place], verdict="approve", reason="",
                at=INSTANT,
            )  # fmt: skip
        except approvals.NotPending:
            return False
        return True

    assert sorted(in_threads(4, approve)) == [False, False, False, True]
    assert ControlGroup.objects.get().state == "approved"
