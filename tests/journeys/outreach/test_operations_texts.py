"""Wordings are added as versions; the default ones name the sender and how to refuse."""

import pytest

from journeys.outreach import operations as outreach
from journeys.outreach import rules
from journeys.outreach.models import MessageTemplate
from portal.models import AuditEntry, Submission
from tests.factories.journeys import INSTANT
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db


def test_a_wording_is_added_as_the_next_version() -> None:
    text = {"code": "a", "channel": "sms", "language": "en", "subject": "", "at": INSTANT}
    staff = StaffFactory()
    for body in ("Hello {name}", "Dear {name}"):
        row = row_of(
            "portal.Submission", kind="message_text", target_key="a:sms:en", maker=staff,
            snapshot={"subject": "", "body": body},
        )  # fmt: skip
        row_of("portal.SubmissionDecision", submission=row)
        Submission.objects.filter(pk=row.pk).update(state="approved", closed_at=INSTANT)
        outreach.add_template(**text, body=body, actor=staff, approved_in=row.pk)
    with pytest.raises(rules.BadTemplate):
        outreach.add_template(**text, body="{name!r}", actor=staff)
    versions = MessageTemplate.objects.order_by("version").values_list("version", "body")
    assert list(versions) == [(1, "Hello {name}"), (2, "Dear {name}")]
    assert AuditEntry.objects.count() == 2


def test_the_default_texts_are_made_once() -> None:
    outreach.ensure_default_templates(at=INSTANT)
    outreach.ensure_default_templates(at=INSTANT)
    rows = MessageTemplate.objects.order_by("channel", "language")
    assert [(row.code, row.channel, row.language, row.version) for row in rows] == [
        ("first_gift", channel, language, 1)
        for channel in ("email", "sms")
        for language in ("en", "zh-hans")
    ]
    needed = {
        "zh-hans": {"card_tail", "campaign", "reward", "amount"},
        "en": {"card_tail", "campaign_en", "reward_en", "amount"},
    }
    assert all(rules.variables_of(row.body) == needed[row.language] for row in rows)
    assert all(row.body.endswith("拒收请回复R") for row in rows if row.channel == "sms")
    refusals = {"en": "unsubscribe", "zh-hans": "退订"}
    assert all(refusals[row.language] in row.body for row in rows if row.channel == "email")
