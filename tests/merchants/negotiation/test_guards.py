"""What was offered, moved and signed stands, by the database too."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from merchants.directory import operations as directory
from merchants.directory.rules import last_day
from merchants.models import (
    DataClause,
    MerchantContract,
    Negotiation,
    Offer,
    SignedTerms,
    StageChange,
)
from merchants.negotiation import operations, queries
from portal.approvals import operations as approvals
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


def refused_by_the_database(change: Callable[[], Any], match: str | None = None) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        change()


def test_signed_terms_are_changed_by_nobody() -> None:
    row = made.in_stage("review")
    signed = SignedTerms.objects.get()
    for model, pk, values in (
        (SignedTerms, signed.pk, {"last_date": dt.date(2030, 1, 1)}),
        (Offer, signed.offer_id, {"cost_share": 1}),
        (StageChange, row.changes.last().pk, {"reason": "x"}),  # type: ignore[union-attr]
        (MerchantContract, signed.contract_id, {"first_date": dt.date(2026, 1, 1)}),
        (MerchantContract, signed.contract_id, {"number": "x"}),
        (MerchantContract, signed.contract_id, {"last_date": dt.date(2030, 1, 1)}),
        (MerchantContract, signed.contract_id, {"last_date": None}),
        (MerchantContract, signed.contract_id, {"renewal": "automatic", "renewal_months": 24}),
        (MerchantContract, signed.contract_id, {"notice_days": 300}),
        (Negotiation, row.pk, {"stage": "bargaining"}),
    ):
        refused_by_the_database(lambda m=model, k=pk, v=values: m.objects.filter(pk=k).update(**v))
    for model, pk in ((SignedTerms, signed.pk), (MerchantContract, signed.contract_id)):
        refused_by_the_database(lambda m=model, k=pk: m.objects.filter(pk=k)._raw_delete("default"))


def test_the_directory_says_why_a_signed_contract_stands() -> None:
    row = made.in_stage("review")
    contract = SignedTerms.objects.get().contract
    assert contract.last_date is not None
    facts = directory.ContractFacts(
        number=contract.number, signed_date=contract.signed_date, first_date=contract.first_date,
        last_date=contract.last_date + DAY, notice_days=30, renewal="talks", renewal_months=None,
        words="",
    )  # fmt: skip
    given: dict[str, Any] = {
        "merchant": row.partnership.merchant, "contract": contract,
        "actor": row.partnership.manager, "at": made.at(ON + 30 * DAY),
    }  # fmt: skip
    with pytest.raises(directory.DirectoryRefused, match="signed by a negotiation"):
        directory.save_contract(facts=facts, **given)
    contract.refresh_from_db()
    earlier = directory.ContractFacts(
        **{**vars(facts), "last_date": contract.last_date - 30 * DAY, "words": "提前终止"}
    )
    directory.save_contract(facts=earlier, **given)  # an earlier end is no other term
    contract.refresh_from_db()
    assert contract.last_date == dt.date(2027, 6, 6) - 30 * DAY


def test_a_clause_that_was_signed_with_terms_stands() -> None:
    row = made.in_stage("signing", agreed={"data_clause": "clause"})
    signed = made.signed(
        row, on=ON + 20 * DAY, purposes=["redemption"], data_kinds="卡号后四位", handling="核销"
    )
    clause = DataClause.objects.filter(pk=signed.clause_id)
    refused_by_the_database(lambda: clause.update(data_kinds="手机号"))
    refused_by_the_database(lambda: clause.update(last_date=dt.date(2030, 1, 1)))
    clause.update(last_date=ON + 60 * DAY)


def test_the_history_of_moves_is_held_by_the_database() -> None:
    row = made.in_stage("agreement", agreed={"months": 36})
    good: dict[str, Any] = {
        "negotiation": row, "number": row.moved + 1, "from_stage": "agreement",
        "on_date": ON + 9 * DAY, "at": made.at(ON + 9 * DAY), "reason": "x",
        "actor": row.partnership.manager,
    }  # fmt: skip

    other = made.asked(made.in_stage("agreement", agreed={"months": 36}), on=ON + 9 * DAY)
    made.decided(other, "approve", on=ON + 9 * DAY)

    def write(match: str, **values: Any) -> None:
        refused_by_the_database(lambda: StageChange.objects.create(**{**good, **values}), match)

    write("need a second person", to_stage="signing")
    write("does not allow", to_stage="signing", approval_id=other.submission_id)
    write("does not follow", to_stage="bargaining", number=9)
    write("not put before another", to_stage="bargaining", on_date=ON)
    write("does not follow", to_stage="review", from_stage="signing")
    assert row.changes.count() == row.moved


def test_the_database_lets_nothing_into_review_without_a_signature() -> None:
    row = made.in_stage("signing")
    refused_by_the_database(
        lambda: StageChange.objects.create(
            negotiation=row, number=row.moved + 1, from_stage="signing", to_stage="review",
            on_date=ON + 9 * DAY, at=made.at(ON + 9 * DAY), reason="x",
            actor=row.partnership.manager,
        ),
        "no signed terms",
    )  # fmt: skip


def test_the_database_holds_offers_to_their_rounds_and_stages() -> None:
    row = made.in_stage("bargaining")
    good: dict[str, Any] = {
        **made.USUAL, "negotiation": row, "number": 3, "round": 2, "side": "bank",
        "on_date": ON + 9 * DAY, "at": made.at(ON + 9 * DAY),
        "recorded_by": row.partnership.manager,
    }  # fmt: skip
    for values in ({"number": 5}, {"round": 1}, {"round": 3}, {"at": made.at(ON - DAY)}):
        refused_by_the_database(lambda v=values: Offer.objects.create(**{**good, **v}))
    done = made.in_stage("agreement")
    refused_by_the_database(lambda: Offer.objects.create(**{**good, "negotiation": done}))
    Offer.objects.create(**good)


def test_the_database_signs_only_what_was_agreed() -> None:
    row = made.in_stage("signing")
    day = ON + 20 * DAY
    last = dt.date(2027, 6, 20)
    contract = row_of(
        "merchants.MerchantContract", merchant=row.partnership.merchant, signed_date=day,
        first_date=day, last_date=last,
    )  # fmt: skip
    good: dict[str, Any] = {
        "negotiation": row, "offer": queries.agreed_offer(row), "contract": contract,
        "signed_date": day, "first_date": day, "last_date": last, "at": made.at(day),
        "signed_by": row.partnership.manager,
    }  # fmt: skip
    clause = ClauseFactory(merchant=row.partnership.merchant)
    for values in (
        {"offer": row.offers.get(side="bank")},
        {"contract": row_of("merchants.MerchantContract")},
        {"last_date": last - DAY},
        {"clause": clause},
        {"negotiation": made.in_stage("agreement")},
    ):
        refused_by_the_database(lambda v=values: SignedTerms.objects.create(**{**good, **v}))


def test_the_database_lets_nothing_be_signed_before_the_agreement_or_ahead() -> None:
    row = made.in_stage("signing")
    agreed = row.changes.get(to_stage="agreement").on_date

    def sign(signed: dt.date, first: dt.date, on: dt.date) -> None:
        last = last_day(first, 12)
        contract = row_of(
            "merchants.MerchantContract", merchant=row.partnership.merchant, signed_date=signed,
            first_date=first, last_date=last,
        )  # fmt: skip
        SignedTerms.objects.create(
            negotiation=row, offer=queries.agreed_offer(row), contract=contract,
            signed_date=signed, first_date=first, last_date=last, at=made.at(on),
            signed_by=row.partnership.manager,
        )  # fmt: skip

    refused_by_the_database(lambda: sign(agreed - DAY, agreed, agreed), "holds before")
    refused_by_the_database(lambda: sign(agreed, agreed - DAY, agreed), "holds before")
    refused_by_the_database(lambda: sign(agreed + DAY, agreed, agreed), "has not come")
    sign(agreed, agreed, agreed)
    # Signed terms that no move follows would leave it in talks.
    StageChange.objects.create(
        negotiation=row, number=row.moved + 1, from_stage="signing", to_stage="review",
        on_date=row.since, at=made.at(ON + 9 * DAY), reason="x", actor=row.partnership.manager,
    )  # fmt: skip


def test_no_negotiation_with_a_partnership_that_has_ended() -> None:
    ended = partnerships.in_phase("ended")
    refused_by_the_database(
        lambda: Negotiation.objects.create(
            partnership=ended, purpose="first", opened_at=made.at(ON)
        )
    )


def test_ending_a_partnership_leaves_the_talks_to_be_lost() -> None:
    row = made.in_stage("signing")
    row.partnership.refresh_from_db()
    partnerships.moved(row.partnership, "ended", on=ON + 9 * DAY)
    for step in (
        lambda: made.signed(row, on=ON + 9 * DAY),
        lambda: made.moved(row, "bargaining", on=ON + 9 * DAY),
    ):
        with pytest.raises(operations.NegotiationRefused, match="ended"):
            step()
    refused_by_the_database(
        lambda: StageChange.objects.create(
            negotiation=row, number=row.moved + 1, from_stage="signing", to_stage="bargaining",
            on_date=ON + 9 * DAY, at=made.at(ON + 9 * DAY), reason="x",
            actor=row.partnership.manager,
        ),
        "has ended",
    )  # fmt: skip
    made.moved(row, "lost", on=ON + 9 * DAY, refusal="need_missed")


def test_with_a_partnership_that_has_ended_nothing_is_offered() -> None:
    row = made.in_stage("proposal")
    row.partnership.refresh_from_db()
    partnerships.moved(row.partnership, "ended", on=ON + 9 * DAY)
    with pytest.raises(operations.NegotiationRefused, match="ended"):
        made.offered(row, "bank", on=ON + 9 * DAY)
    with pytest.raises(operations.NegotiationRefused, match="ended"):
        made.figured(row, on=ON + 9 * DAY)
    refused_by_the_database(
        lambda: Offer.objects.create(
            **made.USUAL, negotiation=row, number=3, round=2, side="bank", on_date=ON + 9 * DAY,
            at=made.at(ON + 9 * DAY), recorded_by=row.partnership.manager,
        ),
        "has ended",
    )  # fmt: skip


def test_terms_that_wait_are_void_once_the_partnership_has_ended() -> None:
    row = made.in_stage("agreement", agreed={"months": 36})
    request = made.asked(row, on=ON + 9 * DAY)
    row.partnership.refresh_from_db()
    partnerships.moved(row.partnership, "ended", on=ON + 9 * DAY)
    with pytest.raises(approvals.ChangedSince):
        made.decided(request, "approve", on=ON + 9 * DAY)
    row.refresh_from_db()
    assert (row.stage, row.requests.get().state) == ("agreement", "returned")


def test_who_recorded_the_offer_or_a_figure_does_not_allow_the_terms() -> None:
    row = made.in_stage("agreement", agreed={"months": 36})
    chief = partnerships.chief(row.partnership)
    operations.enter_figure(
        negotiation_id=row.pk, code="joint_cost", value=Decimal(1), source="口头",
        actor=chief, at=made.at(ON + 9 * DAY),
    )  # fmt: skip
    request = made.asked(row, on=ON + 9 * DAY)
    with pytest.raises(approvals.OwnWork):
        approvals.decide(
            submission_id=request.submission_id, checker=chief, verdict="approve", reason="",
            at=made.at(ON + 9 * DAY, 10),
        )  # fmt: skip
    row.refresh_from_db()
    assert row.stage == "agreement"
