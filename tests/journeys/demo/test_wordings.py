"""The wording that waits in the demo bank."""

import pytest

from journeys.demo import wordings
from journeys.models import MessageTemplate
from journeys.notices import operations as notices
from portal.models import Submission
from portal.staff.enums import Role
from tests.factories.notices import AT
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def test_one_wording_waits_for_another_person() -> None:
    notices.ensure_result_texts(at=AT)
    wordings.propose(at=AT)
    assert not Submission.objects.exists()
    maker = StaffFactory(role=Role.CAMPAIGN_MANAGER)
    wordings.propose(at=AT)
    (waiting,) = Submission.objects.all()
    text = MessageTemplate.objects.get(pk=int(waiting.target_key))
    assert (waiting.state, waiting.maker, text.reference) == (
        "pending", maker, "application_refused/sms/zh-hans/1",
    )  # fmt: skip
    assert waiting.snapshot["body"].startswith(text.body)
