"""Days of plans: nothing is committed after the last one, and no partner gets money from two plans
of the same days."""

import datetime as dt
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
from merchants.models import FundAccount, FundEntry, FundLine, FundPlan, Merchant, Partnership
from portal.approvals import operations as approvals
from portal.kit import clock
from tests.factories import funds as made
from tests.factories import partnerships
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LATE = clock.start_of(made.LAST + DAY)
# The last instant of the plan's last day, and one long before its first.
ON_TIME = LATE - dt.timedelta(microseconds=1)
AFTER = made.LAST + DAY, made.LAST + 90 * DAY


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def constraint_of(step: Callable[[], Any]) -> str | None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        step()
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def figures(line: FundLine) -> tuple[Decimal, ...]:
    account = FundAccount.objects.get(line=line)
    return account.committed, account.claimed, account.paid


def submitted_for(row: Partnership, **values: Any) -> FundPlan:
    """A plan of its own with this partner, before its approvers."""
    plan = made.plan(owner=row.manager, **values)
    made.line(plan, row)
    return made.submitted(made.solved(plan))


def amended(plan: FundPlan, **values: Any) -> FundPlan:
    amendment = operations.amend_plan(
        plan_id=plan.pk, reason="延长档期", actor=plan.owner, at=made.AT
    )
    if values:
        operations.change_plan(plan_id=amendment.pk, values=values, actor=plan.owner, at=made.AT)
    return made.solved(amendment)


def test_money_is_committed_ahead_of_the_plan_and_to_its_last_instant_but_not_after() -> None:
    line = made.first_line(made.approved(partners=1))
    early = made.booked(line, "commit", "1000")
    assert early.on_date < line.plan.first_date
    made.booked(line, "commit", "500", at=ON_TIME)
    with pytest.raises(operations.FundsRefused) as refusal:
        made.booked(line, "commit", "1", at=LATE)
    assert str(refusal.value) == (
        f"The last day of {line.plan.code} was 2026-09-30: nothing more is committed of it. Amend "
        "it to a later last day, or take the partner into a plan of these days. Claims and "
        "payments of what was committed go on."
    )
    assert figures(line) == (1500, 0, 0)
    # What was committed in time is claimed, paid and taken back later too.
    claim = made.booked(line, "claim", "800", against=early, at=LATE)
    payment = made.booked(line, "pay", "300", against=claim, at=LATE + 40 * DAY)
    made.reversed_(payment, "100", at=LATE + 41 * DAY)
    made.reversed_(early, "200", at=LATE + 41 * DAY)
    assert figures(line) == (1300, 800, 200)


def test_what_was_taken_back_late_by_mistake_is_committed_again_once() -> None:
    line = made.first_line(made.approved(partners=1))
    early = made.booked(line, "commit", "1000")
    made.reversed_(early, "400", at=LATE)
    again = {"amount": Decimal(401), "on_date": made.LAST + DAY, "at": LATE}
    with pytest.raises(operations.FundsRefused, match="400"):
        made.booked(line, "commit", "401", at=LATE + DAY)
    assert (
        constraint_of(lambda: row_of("merchants.FundEntry", account=line.account, **again))
        == "fund_commit_in_time"
    )
    made.booked(line, "commit", "300", at=LATE + DAY)
    made.booked(line, "commit", "100", at=LATE + 2 * DAY)
    with pytest.raises(operations.FundsRefused, match="nothing more is committed"):
        made.booked(line, "commit", "1", at=LATE + 2 * DAY)
    assert figures(line) == (1000, 0, 0)


def test_a_form_sent_twice_over_midnight_returns_what_was_booked() -> None:
    line = made.first_line(made.approved(partners=1))
    key = "5b2f7a3e-92f7-4f6d-8f43-0c1f3c5f0a02"
    first = made.booked(line, "commit", "10", key=key, at=ON_TIME)
    assert made.booked(line, "commit", "10", key=key, at=LATE) == first


def test_the_database_refuses_a_late_commitment_whichever_of_its_days_is_late() -> None:
    line = made.first_line(made.approved(partners=1))

    def entry(**values: Any) -> FundEntry:
        return row_of("merchants.FundEntry", account=line.account, **values)

    late = "fund_commit_in_time"
    assert constraint_of(lambda: entry(on_date=made.LAST + DAY, at=ON_TIME)) == late
    assert constraint_of(lambda: entry(on_date=made.LAST, at=LATE)) == late
    base = entry(on_date=made.LAST, at=ON_TIME)
    entry(kind="claim", against=base, on_date=made.LAST + DAY, at=LATE, amount=Decimal(9))
    entry(reverses=base, words="x", amount=Decimal(-1), on_date=made.LAST + DAY, at=LATE)
    assert figures(line) == (9, 9, 0)


def test_a_plan_that_is_amended_goes_by_the_days_of_its_amendment() -> None:
    plan = made.approved(partners=1)
    longer = amended(plan, last_date=made.LAST + 30 * DAY)
    made.decided(made.submitted(longer))
    line = made.first_line(longer)
    made.booked(line, "commit", "100", at=LATE)
    shorter = amended(longer, last_date=made.LAST - DAY)
    made.decided(made.submitted(shorter))
    line = made.first_line(shorter)
    with pytest.raises(operations.FundsRefused, match="was 2026-09-29"):
        made.booked(line, "commit", "1", at=ON_TIME)
    assert figures(line) == (100, 0, 0)


def test_a_partner_of_a_plan_that_waits_or_is_approved_is_in_no_other_of_its_days() -> None:
    row = made.partner()
    first = submitted_for(row, name="国庆档期")
    for state in ("waiting", "approved"):
        first.refresh_from_db()
        assert first.state == state
        for days in (
            {"first_date": made.LAST, "last_date": AFTER[1]},
            {"first_date": made.FIRST - 90 * DAY, "last_date": made.FIRST},
        ):
            with pytest.raises(operations.FundsRefused) as refusal:
                submitted_for(row, **days)
            waits, cure = {
                "waiting": ("waits for approval and ",
                            f"have {first.owner.label} take {first.code} back"),
                "approved": ("", f"amend {first.code}"),
            }[state]  # fmt: skip
            assert str(refusal.value) == (
                f"{first.code} 国庆档期 (2026-07-01 to 2026-09-30, {first.owner.label}) {waits}"
                f"gives money on some of the same days to: {row.merchant.label}. A partner gets "
                "its money from one plan at a time: leave it out here, choose other days, or "
                f"{cure}."
            )
        if state == "waiting":
            made.decided(first)
    assert FundPlan.objects.exclude(state="draft").count() == 1
    after = submitted_for(row, first_date=AFTER[0], last_date=AFTER[1])
    assert made.decided(after).state == "approved"


def test_a_partner_is_the_same_after_its_partnership_began_anew() -> None:
    row = made.partner()
    first = made.decided(submitted_for(row))
    partnerships.moved(row, "ended", on=clock.bank_day(made.AT))
    anew = made.partner(leader=row.manager, merchant=row.merchant)
    with pytest.raises(operations.FundsRefused, match=first.code):
        submitted_for(anew)
    assert queries.given_by_others(made.plan(), [anew.pk]) == {anew.pk: first}
    assert anew not in queries.candidates(first)


def test_a_partner_is_the_same_as_what_was_merged_into_it() -> None:
    kept, merged = made.partner(), made.partner()
    first = made.decided(submitted_for(merged))
    partnerships.moved(merged, "ended", on=clock.bank_day(made.AT))
    Merchant.objects.filter(pk=merged.merchant_id).update(
        merged_into=kept.merchant, is_partner=False
    )
    with pytest.raises(operations.FundsRefused, match=first.code):
        submitted_for(kept)
    assert queries.given_by_others(made.plan(), [kept.pk]) == {kept.pk: first}


def test_who_gets_nothing_and_a_plan_that_was_taken_back_are_in_nobodys_way() -> None:
    row, other = made.partner(), made.partner()
    plan = made.plan(owner=row.manager, budget="5000")
    made.line(plan, row, ceiling=Decimal(1))
    made.line(plan, made.partner(leader=row.manager))
    made.submitted(made.solved(plan))
    assert plan.lines.get(partnership=row).chosen == 0
    assert submitted_for(row).state == "waiting"
    back = submitted_for(other)
    operations.withdraw_plan(plan_id=back.pk, actor=back.owner, at=made.AT)
    assert submitted_for(other).state == "waiting"
    with pytest.raises(operations.FundsRefused, match="gives money on some of the same days"):
        made.submitted(back)


def test_an_amendment_is_one_with_its_plan_and_runs_into_no_other() -> None:
    row = made.partner()
    plan = submitted_for(row)
    made.decided(plan)
    next_one = submitted_for(row, first_date=AFTER[0], last_date=AFTER[1])
    made.decided(next_one)
    into = amended(plan, last_date=AFTER[0])
    with pytest.raises(operations.FundsRefused, match=next_one.code):
        made.submitted(into)
    operations.change_plan(
        plan_id=into.pk, values={"last_date": made.LAST}, actor=plan.owner, at=made.AT
    )
    made.decided(made.submitted(made.solved(into)))
    plan.refresh_from_db()
    into.refresh_from_db()
    assert (plan.state, into.state) == ("amended", "approved")
    # The plan that was amended is in nobody's way any more; its amendment is.
    with pytest.raises(operations.FundsRefused, match=into.code):
        submitted_for(row, first_date=made.LAST, last_date=made.LAST)


def test_many_partners_are_named_by_the_first_five() -> None:
    plan = made.plan(budget="70000")
    rows = [made.partner(leader=plan.owner) for _number in range(7)]
    for row in rows:
        made.line(plan, row)
    made.submitted(made.solved(plan))
    other = made.plan(owner=plan.owner, budget="70000")
    for row in rows:
        made.line(other, row)
    said = queries.double_words(other)
    names = ", ".join(row.merchant.label for row in rows[:5])
    assert f"{names} and 2 more" in said


def test_pages_of_a_draft_say_it_before_anything_is_entered(client_of: Any) -> None:
    row = made.partner()
    first = submitted_for(row)
    draft = made.plan(owner=row.manager)
    row.manager.language = "en"
    row.manager.save(update_fields=["language"])
    client: Client = client_of(row.manager)
    page = reverse("fund_page", args=[draft.pk])
    offered = client.get(reverse("fund_partners", args=[draft.pk])).context["form"]
    [(_key, label)] = offered.fields["partnerships"].choices
    assert label.endswith(f"{first.code} {first.name} gives it money on some of these days")
    assert client.get(page).context["twice"] == ""
    operations.add_partners(
        plan_id=draft.pk, partnership_ids=[row.pk], actor=row.manager, at=made.AT
    )
    assert first.code in client.get(page).context["twice"]
    assert client.get(reverse("fund_page", args=[first.pk])).context["twice"] == ""


def _by_hand(plan: FundPlan) -> None:
    submission = row_of("portal.Submission", kind="fund_plan", target_key=str(plan.pk))
    FundPlan.objects.filter(pk=plan.pk).update(state="waiting", submission=submission)


def test_the_database_refuses_the_second_plan_too() -> None:
    row = made.partner()
    submitted_for(row)
    second = made.plan(owner=row.manager)
    made.line(second, row)
    made.solved(second)
    assert constraint_of(lambda: _by_hand(second)) == "fund_plan_partner_once"
    days = {"first_date": AFTER[0], "last_date": AFTER[1]}
    FundPlan.objects.filter(pk=second.pk).update(**days)
    _by_hand(second)
    assert FundPlan.objects.filter(state="waiting").count() == 2


def _moved_by_hand(plan: FundPlan, first: dt.date, last: dt.date) -> None:
    """Puts a plan on the days of another, as both may have stood before the rule was there."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE merchants_fundplan DISABLE TRIGGER USER")
        FundPlan.objects.filter(pk=plan.pk).update(first_date=first, last_date=last)
        cursor.execute("ALTER TABLE merchants_fundplan ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    plan.refresh_from_db()


def test_what_stood_double_before_the_rule_is_brought_down_not_up() -> None:
    row = made.partner()
    first = made.decided(submitted_for(row))
    second = submitted_for(row, first_date=AFTER[0], last_date=AFTER[1])
    _moved_by_hand(first, *AFTER)
    # What waits is not approved, whoever approves it.
    with pytest.raises(approvals.NotReady, match=first.code):
        made.decided(second)
    second.refresh_from_db()
    assert second.state == "waiting"
    less = amended(first)
    line = less.lines.get(partnership=row)

    def at_most(money: int) -> FundPlan:
        operations.change_line(
            line_id=line.pk, values={"most": Decimal(money)}, actor=first.owner, at=made.AT
        )
        return made.solved(less)

    def until(last: dt.date) -> FundPlan:
        operations.change_plan(
            plan_id=less.pk, values={"last_date": last}, actor=first.owner, at=made.AT
        )
        return made.solved(less)

    for more in (lambda: at_most(6000), lambda: (at_most(4000), until(AFTER[1] + DAY))):
        more()
        with pytest.raises(operations.FundsRefused, match=second.code):
            made.submitted(less)
    made.decided(made.submitted(until(AFTER[1])))
    less.refresh_from_db()
    assert (less.state, less.lines.get(partnership=row).chosen) == ("approved", 4000)
