"""A merchant becomes a partner by two people, through the approvals of the house."""

import datetime as dt

import pytest
from django.utils import translation

from merchants.directory import operations, queries
from merchants.models import Merchant, PartnerRequest
from portal.approvals import operations as approvals
from portal.approvals.models import Submission
from portal.audit.models import AuditEntry
from tests.factories.merchants import ContactFactory, MerchantFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)


def ready() -> Merchant:
    """A merchant of which all is known that a partner needs."""
    merchant = MerchantFactory(
        legal_name="杭州山月餐饮有限公司", credit_code="91440300708461136T",
        manager=StaffFactory(role="relationship_manager"),
    )  # fmt: skip
    ContactFactory(merchant=merchant, is_main=True)
    return merchant


def ask(merchant: Merchant, step: str = "admit") -> Submission:
    operations.ask_partner(
        merchant=merchant, step=step, reason="客流稳定", actor=merchant.manager, at=AT
    )
    return Submission.objects.get(kind="merchant_partner", state="pending")


def decide(submission: Submission, verdict: str = "approve") -> None:
    approvals.decide(
        submission_id=submission.pk,
        checker=StaffFactory(role="approver"),
        verdict=verdict,
        reason="资料不全",
        at=AT,
    )


def test_what_is_missing_is_said_before_anything_is_asked() -> None:
    merchant = MerchantFactory()
    with translation.override("en"), pytest.raises(operations.DirectoryRefused) as refused:
        operations.ask_partner(
            merchant=merchant, step="admit", reason="客流稳定", actor=StaffFactory(), at=AT
        )
    assert str(refused.value) == (
        "Its registered name and unified social credit code are missing. "
        "It has no relationship manager. It has no main contact."
    )
    assert (PartnerRequest.objects.count(), Submission.objects.count()) == (0, 0)


def test_a_partner_is_admitted_and_released_by_a_second_person() -> None:
    merchant = ready()
    submission = ask(merchant)
    merchant.refresh_from_db()
    assert (merchant.is_partner, submission.maker) == (False, merchant.manager)
    with pytest.raises(approvals.NotAllowed):
        approvals.decide(
            submission_id=submission.pk, checker=merchant.manager, verdict="approve", reason="",
            at=AT,
        )  # fmt: skip
    decide(submission)
    merchant.refresh_from_db()
    assert (merchant.is_partner, merchant.joined_date) == (True, dt.date(2026, 3, 2))
    decide(ask(merchant, "release"))
    merchant.refresh_from_db()
    assert (merchant.is_partner, merchant.joined_date) == (False, dt.date(2026, 3, 2))
    assert [row.state for row in PartnerRequest.objects.order_by("id")] == ["approved"] * 2
    done = AuditEntry.objects.filter(action__startswith="merchant.partner_").order_by("id")
    assert [entry.action.rpartition("_")[2] for entry in done] == [
        "asked", "admitted", "asked", "released",
    ]  # fmt: skip


def test_what_is_returned_changes_nothing_and_can_be_asked_again() -> None:
    merchant = ready()
    submission = ask(merchant)
    with pytest.raises(operations.DirectoryRefused):
        ask(merchant)
    decide(submission, "return")
    merchant.refresh_from_db()
    assert (merchant.is_partner, PartnerRequest.objects.get().state) == (False, "returned")
    decide(ask(merchant))
    merchant.refresh_from_db()
    assert merchant.is_partner is True


def test_what_was_taken_back_is_closed_too() -> None:
    merchant = ready()
    submission = ask(merchant)
    approvals.withdraw(submission_id=submission.pk, maker=merchant.manager, at=AT)
    assert PartnerRequest.objects.get().state == "returned"
    assert queries.pending_request(merchant=merchant) is None


def test_a_merchant_that_changed_since_is_not_approved() -> None:
    merchant = ready()
    submission = ask(merchant)
    Merchant.objects.filter(pk=merchant.pk).update(legal_name="另一家有限公司")
    with pytest.raises(approvals.ChangedSince):
        decide(submission)
    merchant.refresh_from_db()
    assert (merchant.is_partner, PartnerRequest.objects.get().state) == (False, "returned")


def test_the_checker_reads_what_is_asked_in_words() -> None:
    merchant = ready()
    ask(merchant)
    with translation.override("en"):
        digest = queries.digest_of(queries.partner_snapshot(merchant.number))
    assert digest is not None
    facts = dict(digest.facts)
    assert (facts["What is asked"], facts["Unified social credit code"]) == (
        "Admit as a partner", "91440300708461136T",
    )  # fmt: skip
    assert [code for code, _name, _words in digest.texts] == ["en", "zh-hans"]
