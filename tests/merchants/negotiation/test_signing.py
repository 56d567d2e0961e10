"""Signing: contract, clause, phase and stage together, or none of them."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import translation

from merchants.models import DataClause, MerchantContract, MoveRequest, SignedTerms
from merchants.negotiation import operations
from portal.models import AuditEntry
from tests.factories import negotiation as made
from tests.factories import partnerships
from tests.factories.merchants import ClauseFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ON = made.FIRST
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are read in English."""
    with translation.override("en"):
        yield


def test_signing_sets_contract_days_and_phase() -> None:
    row = made.in_stage("signing")
    day = ON + 20 * DAY
    signed = made.signed(row, on=day, number="HT-1")
    row.refresh_from_db()
    row.partnership.refresh_from_db()
    assert (row.stage, row.partnership.phase) == ("review", "confirmed")
    assert signed.change == row.partnership.changes.get(to_phase="confirmed")
    contract = MerchantContract.objects.get()
    assert (contract.number, contract.first_date, contract.last_date, contract.notice_days) == (
        "HT-1", day, dt.date(2027, 6, 20), 30,
    )  # fmt: skip
    assert (signed.offer.side, signed.first_date, signed.last_date, signed.clause) == (
        "merchant", day, contract.last_date, None,
    )  # fmt: skip
    assert AuditEntry.objects.filter(action="negotiation.signed").count() == 1


def test_signing_is_all_or_nothing() -> None:
    row = made.in_stage("signing", agreed={"data_clause": "clause"})
    day = ON + 20 * DAY
    with pytest.raises(operations.NegotiationRefused, match="clause on data"):
        made.signed(row, on=day)
    with pytest.raises(operations.NegotiationRefused, match="has not come"):
        made.signed(row, on=day, signed_date=day + DAY)
    row.refresh_from_db()
    row.partnership.refresh_from_db()
    assert (row.stage, row.partnership.phase) == ("signing", "comparison")
    assert (MerchantContract.objects.count(), SignedTerms.objects.count()) == (0, 0)
    signed = made.signed(
        row, on=day, purposes=["redemption"], data_kinds="卡号后四位", handling="核销时比对",
    )  # fmt: skip
    clause = DataClause.objects.get()
    assert signed.clause == clause
    assert (clause.state, clause.first_date, clause.last_date, clause.purposes) == (
        "signed", day, signed.last_date, ["redemption"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "match"), [("signed_date", "signed on that day or later"), ("first_date", "earliest")]
)
def test_nothing_is_signed_or_holds_before_the_agreement(field: str, match: str) -> None:
    row = made.in_stage("signing")
    agreed = row.changes.get(to_stage="agreement").on_date
    day = agreed + 20 * DAY
    with pytest.raises(operations.NegotiationRefused, match=match):
        made.signed(row, on=day, **{field: agreed - DAY})
    row.refresh_from_db()
    assert (row.stage, MerchantContract.objects.count()) == ("signing", 0)
    assert getattr(made.signed(row, on=day, **{field: agreed}), field) == agreed


def test_what_was_agreed_on_anew_counts_from_then() -> None:
    row = made.in_stage("signing")
    agreed = row.changes.get(to_stage="agreement").on_date
    made.moved(row, "bargaining", on=agreed + 5 * DAY)
    made.moved(row, "agreement", on=agreed + 5 * DAY, offer_id=row.offers.get(side="merchant").pk)
    made.let_sign(row, on=agreed + 5 * DAY)
    with pytest.raises(operations.NegotiationRefused, match=str(agreed + 5 * DAY)):
        made.signed(row, on=agreed + 9 * DAY, signed_date=agreed + 4 * DAY)


def test_a_clause_that_covers_the_span_serves() -> None:
    row = made.in_stage("signing", agreed={"data_clause": "clause"})
    day = ON + 20 * DAY
    clause = ClauseFactory(
        merchant=row.partnership.merchant, first_date=ON, last_date=ON + 900 * DAY
    )
    assert made.signed(row, on=day).clause == clause
    assert DataClause.objects.count() == 1


def test_the_directory_must_agree() -> None:
    row = made.in_stage("signing")
    day = ON + 20 * DAY
    contract = row_of(
        "merchants.MerchantContract", merchant=row.partnership.merchant, number="HT-9",
        signed_date=day, first_date=day, last_date=day + 200 * DAY,
    )  # fmt: skip
    with pytest.raises(operations.NegotiationRefused, match="with other days"):
        made.signed(row, on=day, number="HT-9")
    contract.last_date = dt.date(2027, 6, 20)
    contract.save()
    assert made.signed(row, on=day, number="HT-9").contract == contract


def test_a_renewal_goes_on_and_an_amendment_ends_what_held() -> None:
    row = made.in_stage("review")
    first = SignedTerms.objects.get()
    again = made.in_stage(
        "signing", on=ON + 30 * DAY, partnership=row.partnership, purpose="amendment"
    )
    day = ON + 50 * DAY
    second = made.signed(again, on=day)
    first.contract.refresh_from_db()
    assert first.contract.last_date == day - DAY
    assert (second.contract.first_date, second.change) == (day, None)
    row.partnership.refresh_from_db()
    assert row.partnership.phase == "confirmed"
    first.refresh_from_db()
    assert first.last_date == dt.date(2027, 6, 6)  # what was signed stands


def test_a_phase_that_needs_a_second_person_is_asked_for_with_the_signing() -> None:
    partnership = partnerships.begun(on=ON - 20 * DAY)  # a prospect: the rule asks for a second
    row = made.in_stage("signing", partnership=partnership)
    signed = made.signed(row, on=ON + 20 * DAY)
    partnership.refresh_from_db()
    row.refresh_from_db()
    assert (row.stage, partnership.phase, signed.change) == ("review", "prospect", None)
    request = MoveRequest.objects.get()
    assert (request.to_phase, request.state) == ("confirmed", "waiting")
    partnerships.decided(request, "approve", on=ON + 21 * DAY)
    partnership.refresh_from_db()
    assert partnership.phase == "confirmed"


def test_nothing_is_signed_on_a_wavering_partnership() -> None:
    partnership = partnerships.in_phase("wavering", on=dt.date(2025, 12, 2))
    on = partnership.since + 20 * DAY if partnership.since else ON
    row = made.in_stage("signing", on=on, partnership=partnership, purpose="renewal")
    with pytest.raises(operations.NegotiationRefused, match="adjustment first"):
        made.signed(row, on=on + 20 * DAY)
    assert SignedTerms.objects.count() == 0
