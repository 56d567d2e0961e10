"""What the database holds of promotion money, whoever asks."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction

from merchants.models import FundAccount, FundLine, FundPlan, FundShare
from tests.factories import funds as made
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db


def refused_by(step: Callable[[], Any]) -> str | None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        step()
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def entry(line: Any, **values: Any) -> Any:
    return row_of("merchants.FundEntry", account=line.account, **values)


def test_a_plan_begins_as_a_draft_and_goes_its_way() -> None:
    assert refused_by(lambda: row_of("merchants.FundPlan", state="waiting")) == "fund_plan_begins"
    assert refused_by(lambda: row_of("merchants.FundPlan", gap=Decimal(0))) == "fund_plan_begins"
    plan = made.plan()
    made.line(plan)
    made.solved(plan)
    rows = FundPlan.objects.filter(pk=plan.pk)
    assert refused_by(lambda: rows.update(state="approved")) == "fund_plan_goes"
    assert refused_by(lambda: rows.update(state="moon")) == "fund_plan_goes"
    assert refused_by(lambda: rows.update(state="waiting")) == "fund_plan_approved"
    made.submitted(plan)
    assert refused_by(lambda: rows.update(state="approved")) == "fund_plan_approved"
    assert refused_by(lambda: rows.update(budget=Decimal(1))) == "fund_plan_stays"
    made.decided(plan)
    assert refused_by(lambda: rows.update(state="draft")) == "fund_plan_goes"
    assert refused_by(lambda: rows._raw_delete("default")) is None


def test_what_was_submitted_has_a_split_within_its_budget() -> None:
    plan = made.plan()
    made.line(plan)
    made.line(plan)
    submission = row_of("portal.Submission", kind="fund_plan", target_key=str(plan.pk))
    given = {"state": "waiting", "submission": submission}
    rows, lines = FundPlan.objects.filter(pk=plan.pk), FundLine.objects.filter(plan=plan)
    assert refused_by(lambda: rows.update(gap=0, **given)) == "fund_plan_within_budget"
    lines.update(chosen=Decimal(5000))
    assert refused_by(lambda: rows.update(**given)) == "fund_plan_submitted"
    rows.update(budget=Decimal(9999))
    assert refused_by(lambda: rows.update(gap=0, **given)) == "fund_plan_within_budget"
    rows.update(budget=Decimal(10_000))
    rows.update(gap=0, **given)
    assert FundPlan.objects.get().state == "waiting"


def test_whatever_changes_of_a_draft_forgets_the_proof_of_its_split() -> None:
    plan = made.plan()
    line = made.line(plan)
    changes: list[Callable[[], Any]] = [
        lambda: FundLine.objects.filter(pk=line.pk).update(most=Decimal(4000), chosen=None),
        lambda: row_of("merchants.FundShare", plan=plan, least_percent=0),
        lambda: FundShare.objects.update(most_percent=60),
        lambda: FundShare.objects.all().delete(),
        lambda: row_of("merchants.ResponseLevel", line=line),
        lambda: FundPlan.objects.update(budget=Decimal(9000)),
        lambda: FundLine.objects.filter(pk=line.pk).update(chosen=Decimal(1)),
    ]
    for change in changes:
        made.solved(plan)
        assert FundPlan.objects.get().gap == 0
        change()
        assert FundPlan.objects.get().gap is None


def test_parts_of_a_plan_stay_with_it_and_as_they_were_submitted() -> None:
    plan, other = made.plan(), made.plan()
    line = made.line(plan)
    rows = FundLine.objects.filter(pk=line.pk)
    assert refused_by(lambda: rows.update(plan=other)) == "fund_part_stays"
    made.submitted(made.solved(plan))
    assert refused_by(lambda: rows.update(most=Decimal(1))) == "fund_plan_stays"
    assert refused_by(lambda: rows.update(chosen=Decimal(1))) == "fund_plan_stays"
    assert refused_by(lambda: rows.delete()) == "fund_plan_stays"
    for label in ("merchants.FundLine", "merchants.FundShare"):
        assert refused_by(lambda: row_of(label, plan=plan)) == "fund_plan_stays"  # noqa: B023
    assert refused_by(lambda: row_of("merchants.ResponseLevel", line=line)) == "fund_plan_stays"


def test_an_account_holds_what_was_approved_and_what_its_entries_say() -> None:
    plan = made.plan()
    line = made.line(plan)
    made.solved(plan)
    fund = FundAccount.objects
    opened = "fund_account_as_approved"
    assert refused_by(lambda: fund.create(line=line, allocated=Decimal(5000))) == opened
    made.submitted(plan)
    made.decided(plan)
    rows = fund.filter(line=line)
    kept = "fund_account_is_its_entries"
    for name in ("allocated", "committed", "claimed", "paid"):
        assert refused_by(lambda: rows.update(**{name: Decimal(7)})) == kept  # noqa: B023
    again = refused_by(lambda: fund.create(line=line, allocated=Decimal(5000)))
    assert again == "merchants_fundaccount_line_id_key"
    more = refused_by(lambda: fund.create(line=line, allocated=Decimal(5001)))
    assert more == opened
    assert refused_by(lambda: rows.delete()) is None


def test_entries_keep_within_what_they_rest_on() -> None:
    line, other = (made.first_line(made.approved(partners=1)) for _number in range(2))
    one, two = StaffFactory(), StaffFactory()
    commitment = entry(line, amount=Decimal(5000), actor=one)
    assert refused_by(lambda: entry(line, amount=Decimal("0.01"))) == "fund_commit_within"
    given: dict[str, Any] = {"kind": "claim", "against": commitment, "actor": one}
    claim = entry(line, amount=Decimal(3000), **given)
    within = "fund_entry_within"
    assert refused_by(lambda: entry(line, amount=Decimal("2000.01"), **given)) == within
    rests = "fund_entry_rests_on_its_kind"
    assert refused_by(lambda: entry(other, **given)) == rests
    assert refused_by(lambda: entry(line, kind="pay", against=commitment)) == rests
    assert refused_by(lambda: entry(line, kind="claim", against=claim)) == rests
    pay: dict[str, Any] = {"kind": "pay", "against": claim}
    assert refused_by(lambda: entry(line, actor=one, **pay)) == "fund_pay_by_another"
    paid = entry(line, actor=two, amount=Decimal(2500), **pay)
    assert refused_by(lambda: entry(line, actor=two, amount=Decimal(501), **pay)) == within
    account = FundAccount.objects.get(line=line)
    assert (account.committed, account.claimed, account.paid) == (5000, 3000, 2500)
    taken = {"reverses": claim, "words": "x", **given}
    rest = "fund_entry_reverses_the_rest"
    assert refused_by(lambda: entry(line, amount=Decimal("-500.01"), **taken)) == rest
    entry(line, amount=Decimal(-500), **taken)
    like = "fund_entry_reverses_its_like"
    for wrong in ({"reverses": paid}, {"reverses": commitment}):
        assert refused_by(lambda: entry(line, amount=Decimal(-1), **taken | wrong)) == like  # noqa: B023
    unsaid = {"reverses": claim, **given}
    assert refused_by(lambda: entry(line, amount=Decimal(-1), **unsaid)) == (
        "fund_entry_reverses_the_rest"
    )
    entry(line, kind="pay", against=claim, reverses=paid, words="x", amount=Decimal(-2500))
    assert refused_by(lambda: entry(line, amount=Decimal(-1), **unsaid)) == "fund_entry_sign"
    account.refresh_from_db()
    assert (account.committed, account.claimed, account.paid) == (5000, 2500, 0)


def test_no_key_is_used_twice() -> None:
    line = made.first_line(made.approved(partners=1))
    first = entry(line)
    again = refused_by(lambda: entry(line, key=first.key))
    assert again == "merchants_fundentry_key_key"


def test_an_entry_rests_on_none_that_is_not_there_itself_included() -> None:
    """Keys are looked at when all is written: an entry that named its own would have found one."""
    line = made.first_line(made.approved(partners=1))
    one = StaffFactory()
    commitment = entry(line, amount=Decimal(5000), actor=one)
    claim = entry(line, kind="claim", against=commitment, amount=Decimal(3000), actor=one)
    own = claim.pk + 1000
    base = "fund_entry_has_its_base"
    pay: dict[str, Any] = {"pk": own, "kind": "pay", "actor": one, "amount": Decimal(3000)}
    assert refused_by(lambda: entry(line, against_id=own, **pay)) == base
    undone: dict[str, Any] = {"pk": own, "amount": Decimal(-2000), "words": "x"}
    assert refused_by(lambda: entry(line, reverses_id=own, **undone)) == base
    assert refused_by(lambda: entry(line, against_id=own + 1, **pay)) == base
    account = FundAccount.objects.get(line=line)
    assert (account.committed, account.claimed, account.paid) == (5000, 3000, 0)
