"""From a plan to its approval, and what the ledger books and refuses."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from merchants.allocation import operations, queries
from merchants.models import FundAccount, FundEntry, FundLine, FundPlan, Merchant
from portal.approvals import operations as approvals
from portal.models import AuditEntry
from tests.factories import funds as made
from tests.factories import partnerships
from tests.factories.merchants import CategoryFactory

pytestmark = pytest.mark.django_db


def figures(line: object) -> tuple[Decimal, ...]:
    account = FundAccount.objects.get(line=line)
    return account.allocated, account.committed, account.claimed, account.paid


def test_a_plan_is_split_approved_and_its_accounts_opened() -> None:
    plan = made.plan()
    strong = made.line(plan, ceiling=Decimal(900_000))
    weak = made.line(plan)
    none = made.line(plan, ceiling=Decimal(10), half=Decimal(100_000))
    made.solved(plan)
    money = {row.pk: row.chosen for row in queries.lines_of(plan)}
    assert money == {strong.pk: 5000, weak.pk: 5000, none.pk: 0}
    made.submitted(plan)
    assert FundAccount.objects.count() == 0
    assert made.decided(plan).state == "approved"
    assert [row.allocated for row in FundAccount.objects.order_by("id")] == [5000, 5000]
    actions = AuditEntry.objects.filter(action__startswith="funds.").order_by("id")
    assert list(actions.values_list("action", flat=True))[-3:] == [
        "funds.solved", "funds.submitted", "funds.approved",
    ]  # fmt: skip


def test_its_owner_does_not_approve_it_and_a_return_gives_it_back() -> None:
    plan = made.plan()
    made.line(plan)
    made.submitted(made.solved(plan))
    plan.refresh_from_db()
    assert plan.submission_id is not None
    with pytest.raises(approvals.NotAllowed):
        approvals.decide(
            submission_id=plan.submission_id, checker=plan.owner, verdict="approve", reason="",
            at=made.AT,
        )  # fmt: skip
    assert made.decided(plan, "return", "请补充依据").state == "draft"
    made.submitted(plan)
    operations.withdraw_plan(plan_id=plan.pk, actor=plan.owner, at=made.AT)
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_a_split_that_is_of_another_question_is_not_submitted() -> None:
    plan = made.plan()
    line = made.line(plan)
    made.solved(plan)
    operations.change_line(
        line_id=line.pk, values={"most": Decimal(6000)}, actor=plan.owner, at=made.AT
    )
    with pytest.raises(operations.FundsRefused):
        made.submitted(plan)
    made.solved(plan)
    operations.change_plan(
        plan_id=plan.pk, values={"budget": Decimal(100)}, actor=plan.owner, at=made.AT
    )
    with pytest.raises(operations.FundsRefused):
        made.submitted(plan)
    assert FundPlan.objects.get().state == "draft"


def test_a_partner_without_response_and_bounds_that_conflict_are_named() -> None:
    plan = made.plan()
    with pytest.raises(operations.FundsRefused):
        made.solved(plan)
    row = made.line(plan)
    operations.change_line(
        line_id=row.pk, actor=plan.owner, at=made.AT,
        values={"basis": "", "ceiling": None, "half": None},
    )  # fmt: skip
    with pytest.raises(operations.FundsRefused) as lacking:
        made.solved(plan)
    assert row.partnership.merchant.label in str(lacking.value)
    operations.change_line(
        line_id=row.pk, actor=plan.owner, at=made.AT,
        values={"least": Decimal(20_000), "most": Decimal(30_000), "basis": "entered",
                "ceiling": Decimal(9), "half": Decimal(9)},
    )  # fmt: skip
    with pytest.raises(operations.FundsRefused) as conflict:
        made.solved(plan)
    assert "¥10,000" in str(conflict.value)
    assert "¥20,000" in str(conflict.value)


def test_money_is_committed_claimed_and_paid_within_what_there_is() -> None:
    line = made.first_line(made.approved(partners=1))
    commitment = made.booked(line, "commit", "3000")
    claim = made.booked(line, "claim", "2000.01", against=commitment)
    payment = made.booked(line, "pay", "500", against=claim)
    assert figures(line) == (5000, 3000, Decimal("2000.01"), 500)
    with pytest.raises(operations.OverLimit) as refused:
        made.booked(line, "commit", "2000.01")
    assert "¥2,000 " in str(refused.value)
    with pytest.raises(operations.OverLimit):
        made.booked(line, "claim", "1000", against=commitment)
    with pytest.raises(operations.OverLimit):
        made.booked(line, "pay", "1500.02", against=claim)
    with pytest.raises(operations.OverLimit):
        made.reversed_(claim, "1500.02")
    with pytest.raises(operations.FundsRefused):
        made.booked(line, "claim", "1", against=payment)
    with pytest.raises(operations.FundsRefused):
        made.booked(line, "claim", "1")
    assert figures(line) == (5000, 3000, Decimal("2000.01"), 500)
    made.reversed_(payment, "500")
    made.reversed_(claim, "2000.01")
    made.reversed_(commitment, "3000")
    assert figures(line) == (5000, 0, 0, 0)
    made.booked(line, "commit", "5000")
    assert figures(line) == (5000, 5000, 0, 0)


def test_whoever_noted_a_claim_does_not_pay_it() -> None:
    plan = made.approved(partners=1)
    line, chief = made.first_line(plan), made.chief(plan)
    commitment = made.booked(line, "commit", "100")
    own = made.booked(line, "claim", "60", against=commitment, actor=chief)
    with pytest.raises(operations.FundsRefused):
        made.booked(line, "pay", "60", against=own, actor=chief)
    with pytest.raises(operations.FundsRefused):
        made.booked(line, "pay", "60", against=own, actor=plan.owner)
    made.booked(line, "pay", "60", against=own, actor=made.chief(plan))
    assert figures(line) == (5000, 100, 60, 60)


def test_a_stranger_books_nothing_and_a_form_sent_twice_books_once() -> None:
    line, key = made.first_line(made.approved(partners=1)), uuid.uuid4()
    with pytest.raises(operations.FundsRefused):
        made.booked(line, "commit", "100", actor=partnerships.manager())
    first = made.booked(line, "commit", "100", key=key)
    assert made.booked(line, "commit", "100", key=key) == first
    assert FundEntry.objects.count() == 1


def test_a_partner_takes_over_what_the_last_plan_knew_and_what_the_same_days_were_paid() -> None:
    """The plan a year before counts by the days that it shares; a plan of this year is none."""
    plan = made.approved(partners=1)
    line = made.first_line(plan)
    claim = made.booked(line, "claim", "920", against=made.booked(line, "commit", "920"))
    made.booked(line, "pay", "920", against=claim)

    def taken(first: dt.date, last: dt.date) -> FundLine:
        newer = operations.make_plan(
            name="x", first_date=first, last_date=last, budget=Decimal(10_000), actor=plan.owner,
            at=made.AT,
        )  # fmt: skip
        return operations.add_partners(
            plan_id=newer.pk, partnership_ids=[line.partnership_id], actor=plan.owner, at=made.AT
        )[0]

    a_year_on = taken(dt.date(2027, 7, 1), dt.date(2027, 9, 30))
    assert (a_year_on.basis, a_year_on.half, a_year_on.last_year) == ("entered", 5000, 920)
    assert (a_year_on.least, a_year_on.most, a_year_on.step) == (0, 2000, 200)
    part = taken(dt.date(2027, 6, 1), dt.date(2027, 7, 23))
    assert part.last_year == Decimal("230.00")  # 23 of its 92 days
    for first, last in (
        (made.FIRST, made.LAST),
        (dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
        (dt.date(2027, 10, 1), dt.date(2027, 12, 31)),
    ):
        other = taken(first, last)
        assert (other.half, other.last_year) == (5000, None)


def test_whoever_wrote_in_a_plan_does_not_approve_it() -> None:
    plan = made.plan()
    line, writer, reader = made.line(plan), made.chief(plan), made.chief(plan)
    operations.change_line(
        line_id=line.pk, values={"most": Decimal(9000)}, actor=writer, at=made.AT
    )
    made.submitted(made.solved(plan))
    plan.refresh_from_db()
    assert plan.submission_id is not None
    decision: dict[str, Any] = {"verdict": "approve", "reason": "", "at": made.AT}
    with pytest.raises(approvals.NotAllowed):
        approvals.decide(submission_id=plan.submission_id, checker=writer, **decision)
    approvals.decide(submission_id=plan.submission_id, checker=reader, **decision)
    plan.refresh_from_db()
    assert plan.state == "approved"


def _in_a_share(plan: FundPlan) -> Any:
    """Two partners, of whom those that serve meals get half at most; the merchant of the first."""
    first = made.line(plan, ceiling=Decimal(900_000))
    made.line(plan)
    shop = first.partnership.merchant
    Merchant.objects.filter(pk=shop.pk).update(
        category=CategoryFactory(mcc="5411", scenario="groceries")
    )
    operations.set_share(
        plan_id=plan.pk, kind="scenario", value="dining", least=0, most=30, actor=plan.owner,
        at=made.AT,
    )  # fmt: skip
    return shop


def test_a_split_that_breaks_a_share_by_now_is_not_submitted() -> None:
    plan = made.plan()
    shop = _in_a_share(plan)
    made.solved(plan)
    before = shop.category_id
    Merchant.objects.filter(pk=shop.pk).update(category=before)
    with pytest.raises(operations.FundsRefused):
        made.submitted(plan)
    made.submitted(made.solved(plan))


def test_groups_are_approved_with_a_plan_and_stay_those_of_its_submission() -> None:
    plan = made.plan()
    shop = _in_a_share(plan)
    made.submitted(made.solved(plan))
    dining = shop.category_id
    groceries = Merchant.objects.get(pk=shop.pk).category_id
    Merchant.objects.filter(pk=shop.pk).update(category=dining)
    with pytest.raises(approvals.ChangedSince):
        made.decided(plan)
    plan.refresh_from_db()
    assert plan.state == "draft"
    Merchant.objects.filter(pk=shop.pk).update(category=groceries)
    made.decided(made.submitted(plan))
    shown = queries.shown(FundPlan.objects.get(pk=plan.pk))
    Merchant.objects.filter(pk=shop.pk).update(category=dining)
    after = queries.shown(FundPlan.objects.get(pk=plan.pk))
    assert [one.breaks for one in after.splits] == [one.breaks for one in shown.splits]
    assert [row.why for row in after.rows] == [row.why for row in shown.rows]
    assert after.shares[0][2] == shown.shares[0][2]
