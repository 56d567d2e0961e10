"""An approved plan is changed by an amendment: what is booked binds it, and it is approved anew."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from merchants.allocation import operations, queries
from merchants.allocation.queries.digests import digest_of
from merchants.models import FundAccount, FundEntry, FundLine, FundPlan
from portal.approvals import operations as approvals
from portal.models import AuditEntry, Submission, SubmissionDecision
from portal.staff.enums import Role
from tests.factories import funds as made
from tests.factories import partnerships
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def amended(plan: FundPlan, **values: Any) -> FundPlan:
    given = {"reason": "追加预算", "actor": plan.owner, "at": made.AT, **values}
    return operations.amend_plan(plan_id=plan.pk, **given)


def submitted_with_a_budget_of(budget: int, plan: FundPlan) -> tuple[FundPlan, Submission]:
    amendment = amended(plan)
    operations.change_plan(
        plan_id=amendment.pk, values={"budget": Decimal(budget)}, actor=plan.owner, at=made.AT
    )
    made.submitted(made.solved(amendment))
    amendment.refresh_from_db()
    assert amendment.submission is not None
    return amendment, amendment.submission


def accounts() -> list[tuple[int, int, Decimal, Decimal]]:
    """Of each account its plan, its partner, what it is given and what of it is committed."""
    rows = FundAccount.objects.order_by("id")
    return list(rows.values_list("line__plan", "line__partnership", "allocated", "committed"))


def refused(match: str, step: Callable[[], Any]) -> None:
    before = accounts()
    with translation.override("en"), pytest.raises(operations.FundsRefused, match=match):
        step()
    assert accounts() == before


def renamed(plan: FundPlan) -> FundPlan:
    return operations.change_plan(
        plan_id=plan.pk, values={"name": "另一个名称"}, actor=plan.owner, at=made.AT
    )


def change(line: FundLine, plan: FundPlan, **values: Any) -> FundLine:
    return operations.change_line(line_id=line.pk, values=values, actor=plan.owner, at=made.AT)


def test_an_amendment_takes_the_ledger_over_and_is_approved_by_another() -> None:
    plan = made.approved()
    first, second = queries.lines_of(plan)
    base = made.booked(first, "commit", "3500")
    claim = made.booked(first, "claim", "2000", against=base)
    made.booked(first, "pay", "1500", against=claim)
    amendment = amended(plan)
    assert (amendment.amends, amendment.amend_reason, amendment.state, amendment.owner) == (
        plan, "追加预算", "draft", plan.owner,
    )  # fmt: skip
    one, two = queries.lines_of(amendment)
    assert [(row.partnership_id, row.least, row.most) for row in (one, two)] == [
        (first.partnership_id, 3500, 5000), (second.partnership_id, 0, 5000),
    ]  # fmt: skip
    change(one, amendment, most=Decimal(3500))
    change(two, amendment, most=Decimal(8000))
    third = made.line(amendment)
    operations.change_plan(
        plan_id=amendment.pk, values={"budget": Decimal(12_000)}, actor=plan.owner, at=made.AT
    )
    made.submitted(made.solved(amendment))
    money = {line.pk: line.chosen for line in queries.lines_of(amendment)}
    assert money == {one.pk: 3500, two.pk: 4000, third.pk: 4000}
    before = accounts()
    assert {row[0] for row in before} == {plan.pk}
    entries = list(FundEntry.objects.order_by("id").values_list("id", "account", "amount"))
    made.decided(amendment)
    plan.refresh_from_db()
    assert (plan.state, amendment.state) == ("amended", "approved")
    assert accounts() == [
        (amendment.pk, first.partnership_id, money[one.pk], 3500),
        (amendment.pk, second.partnership_id, money[two.pk], 0),
        (amendment.pk, third.partnership_id, money[third.pk], 0),
    ]
    assert list(FundEntry.objects.order_by("id").values_list("id", "account", "amount")) == entries
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    two.refresh_from_db()
    assert made.booked(two, "commit", str(money[two.pk])).account.line == two
    refused("No plan that is approved", lambda: made.booked(second, "commit", "1"))
    assert [row.plan for row in queries.of_partnership(partnership_id=first.partnership_id)] == [
        amendment
    ]
    assert queries.line_in_force(FundLine.objects.get(pk=first.pk)) == one
    entry = AuditEntry.objects.get(action="funds.amended")
    assert (entry.target_key, entry.reason, entry.changes) == (
        str(amendment.pk), "追加预算", {"amends": plan.code},
    )  # fmt: skip


def test_nobody_gets_less_than_what_is_committed_also_meanwhile() -> None:
    plan = made.approved()
    first = made.first_line(plan)
    made.booked(first, "commit", "3000")
    amendment = amended(plan)
    one, two = queries.lines_of(amendment)
    refused("3,000", lambda: change(one, amendment, least=Decimal("2999.99")))
    refused("is not left out", lambda: operations.remove_line(
        line_id=two.pk, actor=plan.owner, at=made.AT))  # fmt: skip
    change(one, amendment, most=Decimal(3000))
    made.solved(amendment)
    made.booked(first, "commit", "500")
    refused("More is committed by now", lambda: made.submitted(amendment))
    made.solved(amendment)
    assert FundLine.objects.get(pk=one.pk).chosen == 3500
    made.submitted(amendment)
    late = made.booked(first, "commit", "1000")
    before = accounts()
    with translation.override("en"), pytest.raises(approvals.NotReady, match="More is committed"):
        made.decided(amendment)
    amendment.refresh_from_db()
    plan.refresh_from_db()
    assert (amendment.state, plan.state, accounts()) == ("waiting", "approved", before)
    made.reversed_(late, "1000")
    made.decided(amendment)
    assert accounts()[0] == (amendment.pk, first.partnership_id, 3500, 3500)


def test_one_amendment_at_a_time_of_an_approved_plan_by_who_may_plan() -> None:
    draft, plan = made.plan(), made.approved()
    stranger = partnerships.manager()
    refused("Only an approved plan", lambda: amended(draft))
    made.line(draft)
    made.submitted(made.solved(draft))
    taken_back = f"waits for approval.*{draft.owner.name_en} takes it back first"
    for step in (lambda: amended(draft), lambda: renamed(draft)):
        refused(taken_back, step)
    refused("is approved and stays as it is: amend it", lambda: renamed(plan))
    refused("may only read it", lambda: amended(plan, actor=stranger))
    refused("Give a reason", lambda: amended(plan, reason=" "))
    amendment = amended(plan)
    refused("amended by", lambda: amended(plan))
    refused("first day", lambda: operations.change_plan(
        plan_id=amendment.pk, values={"first_date": made.LAST}, actor=plan.owner,
        at=made.AT))  # fmt: skip
    made.decided(made.submitted(made.solved(amendment)))
    refused("was amended and stays as it is", lambda: renamed(plan))
    again = amended(amendment)
    made.decided(made.submitted(made.solved(again)))
    amendment.refresh_from_db()
    assert (amendment.state, {row[0] for row in accounts()}) == ("amended", {again.pk})


def test_a_digest_says_what_the_amendment_changes() -> None:
    plan = made.approved(partners=1)
    _amendment, submission = submitted_with_a_budget_of(11_000, plan)
    with translation.override("en"):
        facts = dict(digest_of(submission.snapshot).facts)
    merchant = queries.lines_of(plan)[0].partnership.merchant
    with translation.override("en"):
        name = merchant.label
    assert (facts["Amends the plan"], facts["Why it is amended"]) == (plan.code, "追加预算")
    assert facts[name].count("5,000") == 2
    assert "amends" not in (plan.submission.snapshot if plan.submission else {})


def test_the_page_begins_an_amendment_and_leads_to_it(client_of: ClientOf) -> None:
    plan = made.approved(partners=1)
    line, client = made.first_line(plan), client_of(plan.owner)
    url = reverse("fund_amend", args=[plan.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    answer = client.post(url, {"reason": "商户增加门店"})
    amendment = FundPlan.objects.get(amends=plan)
    assert answer["Location"] == reverse("fund_page", args=[amendment.pk])
    page = client.get(reverse("fund_page", args=[plan.pk]))
    assert (page.context["amendment"], page.context["may_amend"]) == (amendment, True)
    assert client.get(answer["Location"]).status_code == 200
    made.decided(made.submitted(made.solved(amendment)))
    assert client.get(reverse("fund_page", args=[plan.pk])).status_code == 200
    answer = client.get(reverse("fund_ledger", args=[line.pk]))
    now = made.first_line(amendment)
    assert answer["Location"] == reverse("fund_ledger", args=[now.pk])
    stranger = client_of(partnerships.manager())
    assert stranger.post(url, {"reason": "商户增加门店"}).status_code == 404


def test_an_old_page_of_the_ledger_books_with_the_amendment(client_of: ClientOf) -> None:
    plan = made.approved(partners=1, **made.lasting())
    line, client = made.first_line(plan), client_of(plan.owner)
    amendment = amended(plan)
    made.decided(made.submitted(made.solved(amendment)))
    now = made.first_line(amendment)
    given = {"amount": "300", "document": "HT-9", "key": "5b2f7a3e-92f7-4f6d-8f43-0c1f3c5f0a01"}
    answer = client.post(reverse("fund_book", args=[line.pk, "commit"]), given)
    assert (answer.status_code, answer.get("Location")) == (
        302, reverse("fund_ledger", args=[now.pk]),
    )  # fmt: skip
    assert accounts() == [(amendment.pk, line.partnership_id, 5000, 300)]


def test_a_plan_that_gives_nothing_says_nothing_of_the_income_there() -> None:
    shares = {"inputs_source": "财务部"}
    plan = made.approved(partners=1, income_percent=Decimal(2), **shares)
    row = made.first_line(plan).partnership
    later = made.plan(owner=plan.owner, budget="5000", income_percent=Decimal(3), **shares)
    made.line(later)
    made.line(later, row, ceiling=Decimal(1))
    made.decided(made.submitted(made.solved(later)))
    assert later.lines.get(partnership=row).chosen == 0
    told = queries.incomes_of(merchant_ids=[row.merchant_id], on=made.LAST)
    assert told == {row.merchant_id: 2}


def test_who_got_nothing_and_was_left_out_of_the_amendment_has_no_ledger(
    client_of: ClientOf,
) -> None:
    plan = made.plan(budget="5000")
    given, none = made.line(plan), made.line(plan, ceiling=Decimal(1))
    made.decided(made.submitted(made.solved(plan)))
    none.refresh_from_db()
    assert none.chosen == 0
    amendment = amended(plan)
    left_out = amendment.lines.get(partnership=none.partnership)
    operations.remove_line(line_id=left_out.pk, actor=plan.owner, at=made.AT)
    made.decided(made.submitted(made.solved(amendment)))
    assert [row[1] for row in accounts()] == [given.partnership_id]
    client = client_of(plan.owner)
    assert client.get(reverse("fund_page", args=[plan.pk])).status_code == 200
    assert client.get(reverse("fund_ledger", args=[none.pk])).status_code == 404


def _and_commit(step: Callable[[], Any]) -> None:
    """A step, with what is asked of it when it is committed."""
    step()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def constraint_of(step: Callable[[], Any]) -> str | None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        _and_commit(step)
    cause = refusal.value.__cause__ or refusal.value
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def put_by_hand(plan: FundPlan) -> None:
    """A plan put before one approver by a hand on the database."""
    submission = row_of("portal.Submission", kind="fund_plan", target_key=str(plan.pk))
    FundPlan.objects.filter(pk=plan.pk).update(state="waiting", submission=submission, gap=0)


def test_the_database_holds_what_an_amendment_is_of() -> None:
    plan, draft = made.approved(), made.plan()
    rows = FundPlan.objects.filter(pk=plan.pk)
    new = {"branch": plan.branch, "owner": plan.owner, "amend_reason": "x"}

    def begun(**values: Any) -> Any:
        return row_of("merchants.FundPlan", **{**new, "first_date": made.FIRST,
                                               "last_date": made.LAST, **values})  # fmt: skip

    assert constraint_of(lambda: begun(amends=draft)) == "fund_plan_amends_approved"
    assert constraint_of(lambda: begun(amends=plan, first_date=made.LAST)) == (
        "fund_plan_amends_same"
    )
    assert constraint_of(lambda: rows.update(state="amended")) == "fund_plan_amended_whole"
    mine = FundPlan.objects.filter(pk=amended(plan).pk)
    assert constraint_of(lambda: mine.update(amends=None, amend_reason="")) == (
        "fund_plan_amends_that"
    )


def test_the_database_leads_the_money_over_as_a_whole_whoever_writes() -> None:
    plan = made.approved()
    first = made.first_line(plan)
    made.booked(first, "commit", "3000")
    line, amendment = FundLine.objects.get(pk=first.pk), amended(plan)
    mine = FundPlan.objects.filter(pk=amendment.pk)
    made.solved(amendment)
    FundLine.objects.filter(plan=amendment, partnership=line.partnership).update(
        least=0, chosen=Decimal(2000)
    )
    assert constraint_of(lambda: put_by_hand(amendment)) == "fund_amendment_holds"
    made.submitted(made.solved(amendment))
    amendment.refresh_from_db()
    assert amendment.submission is not None

    def approve_alone() -> None:
        given = amendment.submission
        assert given is not None
        SubmissionDecision.objects.create(
            submission=given, maker=given.maker, checker=made.chief(plan), verdict="approve",
            at=made.AT,
        )  # fmt: skip
        Submission.objects.filter(pk=given.pk).update(state="approved", closed_at=made.AT)
        mine.update(state="approved")

    assert constraint_of(approve_alone) == "fund_amendment_replaces"
    moved = FundAccount.objects.filter(line=first)
    other = FundLine.objects.get(plan=amendment, partnership=first.partnership)

    def give_twice() -> None:
        approve_alone()
        FundAccount.objects.create(line=other, allocated=other.chosen or 0)

    assert constraint_of(give_twice) == "fund_account_goes_over"
    assert constraint_of(lambda: moved.update(line=other, allocated=other.chosen)) == (
        "fund_account_is_its_entries"
    )
    made.decided(amendment)
    assert constraint_of(lambda: FundAccount.objects.filter(line=other).update(allocated=1)) == (
        "fund_account_is_its_entries"
    )


@pytest.mark.parametrize(("budget", "needed"), [("9999.99", 1), ("10000", 2), ("20000", 3)])
def test_as_many_people_approve_as_the_budget_asks(budget: str, needed: int) -> None:
    made.set_level(10_000, 2)
    made.set_level(20_000, 3)
    plan = made.plan(budget=budget)
    made.line(plan, most=Decimal(1000))
    made.submitted(made.solved(plan))
    plan.refresh_from_db()
    assert plan.submission is not None
    assert plan.submission.approvals_needed == needed
    for count in range(needed):
        assert (plan.state, count < needed) == ("waiting", True)
        checker = StaffFactory(role=Role.APPROVER, branch=plan.branch)
        approvals.decide(
            submission_id=plan.submission_id or 0, checker=checker, verdict="approve", reason="",
            at=made.AT,
        )  # fmt: skip
        plan.refresh_from_db()
    assert plan.state == "approved"


def test_an_amendment_is_measured_by_its_whole_budget() -> None:
    made.set_level(11_000, 2)
    plan = made.approved(partners=1)
    amendment, submission = submitted_with_a_budget_of(11_000, plan)
    assert submission.approvals_needed == 2
    assert made.decided(amendment).state == "waiting"
    assert made.decided(amendment).state == "approved"


def test_without_levels_nothing_is_submitted_and_the_database_asks_for_them_too() -> None:
    plan = made.plan()
    made.line(plan)
    made.solved(plan)
    early = made.AT.replace(year=2019)
    refused("No levels of approval", lambda: operations.submit_plan(
        plan_id=plan.pk, actor=plan.owner, at=early))  # fmt: skip
    made.set_level(5000, 2)
    assert constraint_of(lambda: put_by_hand(plan)) == "fund_plan_by_levels"
    assert made.submitted(plan).state == "waiting"
