"""Leading negotiations: stages, offers, limits, signing."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from campaigns.models import BudgetBook
from merchants.models import Negotiation, Refusal, StageChange, TermsRequest
from merchants.negotiation import operations, queries
from merchants.refusals.operations import let_be
from portal.models import AuditEntry
from tests.factories import negotiation as made
from tests.factories import partnerships, posts
from tests.merchants.refusals import made as refusals
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ON = made.FIRST


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are read in English."""
    with translation.override("en"):
        yield


DAY = dt.timedelta(days=1)


def story(row: Negotiation) -> list[tuple[str, str]]:
    rows = row.changes.order_by("number").values_list("from_stage", "to_stage")
    return [(before, after) for before, after in rows]


def test_it_begins_and_goes_up_the_ladder() -> None:
    row = made.in_stage("signing")
    assert story(row) == [
        ("", "opening"), ("opening", "needs"), ("needs", "proposal"), ("proposal", "bargaining"),
        ("bargaining", "agreement"), ("agreement", "signing"),
    ]  # fmt: skip
    assert (row.stage, row.moved, row.since) == ("signing", 6, ON + 5 * DAY)
    actions = AuditEntry.objects.filter(action__startswith="negotiation.").order_by("id")
    assert [one.action for one in actions] == [
        "negotiation.opened", "negotiation.moved", *["negotiation.figure_entered"] * 4,
        "negotiation.moved", *["negotiation.offer_recorded"] * 2, *["negotiation.moved"] * 3,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "to"),
    [
        ("opening", "proposal"), ("opening", "signing"), ("needs", "bargaining"),
        ("bargaining", "signing"), ("agreement", "review"), ("signing", "closed"),
        ("review", "lost"), ("review", "bargaining"),
    ],
)  # fmt: skip
def test_a_move_that_the_table_does_not_know_is_refused(stage: str, to: str) -> None:
    row = made.in_stage(stage)
    with pytest.raises(operations.NegotiationRefused, match="does not go to"):
        made.moved(row, to, on=ON + 20 * DAY, refusal="unaware")
    row.refresh_from_db()
    assert row.stage == stage


def test_bargaining_needs_both_sides_and_agreement_an_offer() -> None:
    row = made.in_stage("proposal")
    other = made.begun(on=ON)
    made.moved(other, "needs", on=ON)
    made.moved(other, "proposal", on=ON)
    with pytest.raises(operations.NegotiationRefused, match="nothing to agree on"):
        made.moved(other, "agreement", on=ON, offer_id=1)
    made.offered(other, "bank", on=ON)
    with pytest.raises(operations.NegotiationRefused, match="nothing to bargain"):
        made.moved(other, "bargaining", on=ON)
    with pytest.raises(operations.NegotiationRefused, match="which offer"):
        made.moved(other, "agreement", on=ON)
    foreign = row.offers.get(side="bank")
    with pytest.raises(operations.ChangedMeanwhile):
        made.moved(other, "agreement", on=ON, offer_id=foreign.pk)
    assert len(story(other)) == 3


def test_only_signing_leads_to_review() -> None:
    row = made.in_stage("signing")
    with pytest.raises(operations.NegotiationRefused, match="Only signing leads here"):
        made.moved(row, "review", on=ON + 9 * DAY)


def test_a_loss_records_a_refusal_of_the_tree() -> None:
    row = made.in_stage("needs")
    with pytest.raises(operations.NegotiationRefused, match="choose a reason"):
        made.moved(row, "lost", on=ON + 3 * DAY)
    assert Refusal.objects.count() == 0
    made.moved(row, "lost", on=ON + 3 * DAY, refusal="not_urgent", reason="旺季后再议")
    change = row.changes.order_by("-number").first()
    assert change is not None
    refusal = Refusal.objects.get()
    assert (change.to_stage, change.refusal, change.reason) == ("lost", refusal, "旺季后再议")
    assert (refusal.partnership, refusal.reason.root) == (row.partnership, "not_urgent")
    assert (refusal.words, refusal.said_date, refusal.state) == (
        "旺季后再议", ON + 3 * DAY, "open",
    )  # fmt: skip
    assert made.begun(on=ON + 4 * DAY, partnership=row.partnership).stage == "opening"


def test_a_loss_names_a_refusal_that_was_recorded_before_and_no_other() -> None:
    row, other = made.in_stage("needs"), made.begun(on=ON)

    def lost(refusal: Refusal) -> None:
        made.moved(row, "lost", on=ON + 3 * DAY, lost=operations.Lost(refusal_id=refusal.pk))

    given = {"said_date": ON, "at": made.at(ON)}
    over = refusals.refused(row.partnership, **given)
    let_be(refusal_id=over.pk, why="以后再说", actor=row.partnership.manager, at=made.at(ON))
    for foreign in (refusals.refused(other.partnership, **given), over):
        with pytest.raises(operations.NegotiationRefused, match="open no more"):
            lost(foreign)
    own = refusals.refused(row.partnership, **given)
    before = Refusal.objects.count()
    lost(own)
    assert (row.changes.get(to_stage="lost").refusal, Refusal.objects.count()) == (own, before)


def test_the_database_takes_no_refusal_of_another_partner() -> None:
    row = made.in_stage("needs")
    good: dict[str, Any] = {
        "negotiation": row, "number": row.moved + 1, "from_stage": "needs", "to_stage": "lost",
        "on_date": ON + 9 * DAY, "at": made.at(ON + 9 * DAY), "reason": "x",
        "actor": row.partnership.manager,
    }  # fmt: skip
    foreign = row_of("merchants.Refusal")
    with pytest.raises(DatabaseError, match="is none of the partner"), transaction.atomic():
        StageChange.objects.create(**good, refusal=foreign)
    own = row_of("merchants.Refusal", partnership=row.partnership)
    other = {**good, "to_stage": "proposal"}
    with pytest.raises(DatabaseError, match="lost_has_refusal"), transaction.atomic():
        StageChange.objects.create(**other, refusal=own)
    StageChange.objects.create(**good, refusal=own)


def test_one_at_a_time_and_about_the_right_thing() -> None:
    row = made.begun()
    with pytest.raises(operations.NegotiationRefused, match="talks already"):
        made.begun(partnership=row.partnership)
    partnership = partnerships.in_phase("confirmed", on=dt.date(2026, 1, 5))
    for purpose in ("first",):
        with pytest.raises(operations.NegotiationRefused, match="renewal or an amendment"):
            made.begun(partnership=partnership, purpose=purpose)
    fresh = partnerships.begun()
    with pytest.raises(operations.NegotiationRefused, match="No contract holds"):
        made.begun(partnership=fresh, purpose="renewal")
    ended = partnerships.in_phase("ended")
    with pytest.raises(operations.NegotiationRefused, match="has ended"):
        made.begun(partnership=ended)
    assert Negotiation.objects.count() == 1


def test_who_may_only_read_takes_no_step() -> None:
    row = made.in_stage("proposal")
    stranger = partnerships.manager(branch=row.partnership.branch)
    with pytest.raises(operations.NegotiationRefused, match="may only read it"):
        made.moved(row, "needs", on=ON + 9 * DAY, actor=stranger)
    with pytest.raises(operations.NegotiationRefused, match="may only read it"):
        operations.record_offer(
            negotiation_id=row.pk, side="bank", terms=made.terms(), words="", seen=2,
            actor=stranger, at=made.at(ON + 9 * DAY),
        )  # fmt: skip


def test_rounds_follow_from_who_spoke() -> None:
    row = made.in_stage("bargaining")
    day = ON + 9 * DAY
    for side in ("bank", "bank", "merchant", "bank"):
        made.offered(row, side, on=day)
    rows = row.offers.order_by("number").values_list("number", "round", "side")
    assert list(rows) == [
        (1, 1, "bank"), (2, 1, "merchant"), (3, 2, "bank"), (4, 3, "bank"), (5, 3, "merchant"),
        (6, 4, "bank"),
    ]  # fmt: skip


def test_of_two_who_record_at_once_the_second_looks_again() -> None:
    row = made.in_stage("bargaining")
    with pytest.raises(operations.ChangedMeanwhile, match="recorded another offer"):
        operations.record_offer(
            negotiation_id=row.pk, side="bank", terms=made.terms(), words="", seen=1,
            actor=row.partnership.manager, at=made.at(ON + 9 * DAY),
        )  # fmt: skip
    assert row.offers.count() == 2


def test_offers_are_recorded_while_terms_are_on_the_table() -> None:
    row = made.in_stage("agreement")
    with pytest.raises(operations.NegotiationRefused, match="while terms are on the table"):
        made.offered(row, "bank", on=ON + 9 * DAY)


# --- limits ----------------------------------------------------------------------------------
def test_terms_beyond_a_limit_need_a_second_person() -> None:
    row = made.in_stage("agreement", agreed={"cost_share": Decimal("60.5")})
    with pytest.raises(operations.SecondPersonNeeded, match=r"60\.5 % of the cost; up to 60 %"):
        made.moved(row, "signing", on=ON + 9 * DAY)
    request = made.asked(row, on=ON + 9 * DAY)
    with pytest.raises(operations.NegotiationRefused, match="wait for a second person"):
        made.moved(row, "bargaining", on=ON + 9 * DAY)
    made.decided(request, "approve", on=ON + 9 * DAY)
    row.refresh_from_db()
    change = row.changes.order_by("-number").first()
    assert change is not None
    assert (row.stage, change.approval_id) == ("signing", request.submission_id)
    assert change.actor == row.partnership.manager
    assert TermsRequest.objects.get().state == "approved"


def test_at_the_limit_nobody_else_is_needed() -> None:
    row = made.in_stage(
        "agreement", both={"posts": 0}, agreed={"cost_share": Decimal(60), "months": 24}
    )
    made.recorded(row, on=ON + 9 * DAY, joint_cost=400_000)  # 20 points more: 80,000 given up
    with pytest.raises(operations.NegotiationRefused, match="within the limits"):
        made.asked(row, on=ON + 9 * DAY)
    made.moved(row, "signing", on=ON + 9 * DAY)
    row.refresh_from_db()
    assert row.stage == "signing"


def test_what_is_not_known_is_beyond_the_limit() -> None:
    row = made.begun()
    for to in ("needs", "proposal"):
        made.moved(row, to, on=ON)
    offer = made.offered(row, "bank", on=ON)
    made.moved(row, "agreement", on=ON, offer_id=offer.pk)
    with pytest.raises(operations.SecondPersonNeeded, match="not known what the bank pays"):
        made.moved(row, "signing", on=ON)
    made.figured(row, on=ON)
    with pytest.raises(operations.SecondPersonNeeded, match="records do not tell: Cost of joint"):
        made.moved(row, "signing", on=ON)


def test_a_low_estimate_keeps_nobody_within_the_limit() -> None:
    row = made.in_stage("agreement", both={"posts": 0})
    day = ON + 9 * DAY
    made.figured(row, on=day, joint_cost=1)
    made.recorded(row, on=day, joint_cost=2_000_000)  # 40 of 100 are more than 500,000
    with pytest.raises(operations.SecondPersonNeeded, match=r"by its records, ¥0\.40 as it was"):
        made.moved(row, "signing", on=day)
    request = made.asked(row, on=day)
    snapshot = request.submission.snapshot
    assert (snapshot["figures"]["joint_cost"], snapshot["records"]["joint_cost"]) == (
        "1.00", "2000000.00",
    )  # fmt: skip
    row_of(  # records go on, and what waits stays what it is
        "campaigns.BudgetEntry", book=BudgetBook.objects.get(), day=day - 20 * DAY,
        amount=Decimal(9),
    )  # fmt: skip
    made.decided(request, "approve", on=day)
    row.refresh_from_db()
    assert row.stage == "signing"


def test_records_within_the_limit_let_one_person_go_on() -> None:
    row = made.in_stage("agreement", both={"posts": 0})
    made.recorded(row, on=ON + 9 * DAY, joint_cost=1_000_000)
    made.moved(row, "signing", on=ON + 9 * DAY)
    row.refresh_from_db()
    assert (row.stage, row.requests.count()) == ("signing", 0)


def test_what_was_asked_for_before_records_were_told_says_nothing_of_them() -> None:
    row = made.in_stage("agreement")
    snapshot = made.asked(row, on=ON + 9 * DAY).submission.snapshot
    assert dict(queries.digest_of(snapshot).facts)["Card turnover at the merchant a year"].endswith(
        "(no record of it)"
    )
    before = {name: value for name, value in snapshot.items() if name != "records"}
    assert "record" not in str(queries.digest_of(before).facts)


@pytest.mark.parametrize(("days", "told"), [(182, 1_000), (181, None)])
def test_records_of_less_than_half_a_year_tell_no_year(days: int, told: int | None) -> None:
    row = made.begun(on=ON)
    made.recorded(row, on=ON, joint_cost=1_000, begun=days)
    assert queries.records_of(row, on=ON)["joint_cost"] == told


def test_what_who_leads_the_talks_said_of_a_post_is_no_record() -> None:
    row = made.begun(on=ON)
    merchant = row.partnership.merchant
    merchant.is_partner = True
    merchant.save(update_fields=["is_partner"])
    post = posts.post_at(posts.store_of(merchant=merchant))
    posts.stood(post)
    posts.cost(post, amount=Decimal(1))
    on = posts.DAY + 200 * DAY
    assert posts.leader(post) == row.partnership.manager
    assert queries.records_of(row, on=on)["post_cost"] is None
    posts.cost(post, amount=Decimal(40), first_date=posts.DAY, actor=posts.chief(post.branch))
    assert queries.records_of(row, on=on)["post_cost"] == 320


def test_what_comes_back_can_be_bargained_about_again() -> None:
    row = made.in_stage("agreement", agreed={"months": 36})
    request = made.asked(row, on=ON + 9 * DAY)
    made.decided(request, "return", on=ON + 9 * DAY, reason="期限过长")
    row.refresh_from_db()
    assert (row.stage, TermsRequest.objects.get().state) == ("agreement", "returned")
    made.moved(row, "bargaining", on=ON + 10 * DAY)


def test_nobody_allows_the_own_terms() -> None:
    from portal.approvals import operations as approvals

    row = made.in_stage("agreement", agreed={"months": 36})
    chief = partnerships.chief(row.partnership)
    request = operations.ask_terms(
        negotiation_id=row.pk, after=row.moved, reason="自批", actor=chief,
        at=made.at(ON + 9 * DAY),
    )  # fmt: skip
    with pytest.raises(approvals.OwnWork):
        approvals.decide(
            submission_id=request.submission_id, checker=chief, verdict="approve", reason="",
            at=made.at(ON + 9 * DAY),
        )  # fmt: skip
    row.refresh_from_db()
    assert row.stage == "agreement"


def test_figures_that_wait_with_the_terms_stand() -> None:
    row = made.in_stage("agreement", agreed={"months": 36})
    made.asked(row, on=ON + 9 * DAY)
    with pytest.raises(operations.NegotiationRefused, match="with these figures"):
        made.figured(row, on=ON + 9 * DAY)


def test_turnover_of_the_evidence_is_kept_with_the_agreement() -> None:
    row = made.in_stage("bargaining")
    row_of("merchants.EvidenceOfTurnover", merchant=row.partnership.merchant, level=1000,
           on=dt.date(2026, 5, 25))  # fmt: skip
    plain = made.begun(partnership=partnerships.in_phase("comparison", on=ON - 90 * DAY))
    row_of("merchants.EvidenceOfTurnover", merchant=plain.partnership.merchant, level=1000,
           on=dt.date(2026, 5, 25))  # fmt: skip
    assert queries.basis_of(row, on=ON)["turnover"] == 2_000_000  # what was entered
    assert queries.basis_of(plain, on=ON)["turnover"] == 52_000
    for to in ("needs", "proposal"):
        made.moved(plain, to, on=ON)
    offer = made.offered(plain, "bank", on=ON)
    made.moved(plain, "agreement", on=ON, offer_id=offer.pk)
    row_of("merchants.EvidenceOfTurnover", merchant=plain.partnership.merchant, level=9000,
           on=dt.date(2026, 6, 1))  # fmt: skip
    assert queries.basis_of(plain, on=ON + 9 * DAY)["turnover"] == 52_000
