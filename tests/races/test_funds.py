"""Many writers on one partner's money: no limit is broken, and no fen is lost."""

import itertools
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import IntegrityError

from merchants.allocation import operations
from merchants.models import FundAccount, FundEntry, FundPlan
from tests.factories import funds as made
from tests.project.rows import row_of
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 16


def look_at(account: FundAccount) -> None:
    """This will add up the entries once more, and hold them against their limits."""
    account.refresh_from_db()
    sums: dict[str, Decimal] = defaultdict(Decimal)
    left: dict[int, Decimal] = {}
    for one in FundEntry.objects.filter(account=account).order_by("id"):
        sums[one.kind] += one.amount
        if one.reverses_id is None:
            left[one.pk] = one.amount
        else:
            left[one.reverses_id] += one.amount
        if one.against_id is not None:
            left[one.against_id] -= one.amount
        assert min(left.values()) >= 0
    found = (account.committed, account.claimed, account.paid)
    assert found == (sums["commit"], sums["claim"], sums["pay"])
    assert account.allocated >= account.committed >= account.claimed >= account.paid >= 0


@pytest.mark.parametrize("rounds", [2, pytest.param(25, marks=pytest.mark.chaos)])
def test_many_writers_keep_every_limit_and_use_what_there_is(rounds: int) -> None:
    plan = made.approved(partners=1)
    line, chief = made.first_line(plan), made.chief(plan)

    def write(place: int) -> int:
        refused = 0
        for number in range(rounds):
            amount = str(Decimal(311 + 7 * place + number).quantize(Decimal("0.01")))
            try:
                commitment = made.booked(line, "commit", amount)
                claim = made.booked(line, "claim", amount, against=commitment)
                made.booked(line, "pay", amount, against=claim, actor=chief)
            except operations.OverLimit:
                refused += 1
        return refused

    assert sum(in_threads(WRITERS, write)) > 0
    account = FundAccount.objects.get(line=line)
    look_at(account)
    # Whoever was refused found less than the own amount: little is left.
    assert account.free < 311 + 7 * WRITERS + rounds
    assert account.committed == account.claimed == account.paid


def test_claims_payments_and_reversals_of_one_commitment_at_once() -> None:
    plan = made.approved(partners=1)
    line, chief = made.first_line(plan), made.chief(plan)
    commitment = made.booked(line, "commit", "1000")
    claims = [made.booked(line, "claim", "100", against=commitment) for _number in range(4)]

    def write(place: int) -> int:
        done = 0
        for step, claim in zip(itertools.count(place), claims, strict=False):
            try:
                if step % 3 == 0:
                    made.booked(line, "claim", "90", against=commitment)
                elif step % 3 == 1:
                    made.booked(line, "pay", "60", against=claim, actor=chief)
                else:
                    made.reversed_(claim, "60")
                done += 1
            except operations.OverLimit:
                continue
        return done

    assert sum(in_threads(12, write)) > 0
    look_at(FundAccount.objects.get(line=line))


def test_hands_on_the_database_do_not_get_past_it_either() -> None:
    line = made.first_line(made.approved(partners=1))

    def write(place: int) -> bool:
        try:
            row_of("merchants.FundEntry", account=line.account, amount=Decimal(700 + place))
        except IntegrityError:
            return False
        return True

    assert sum(in_threads(12, write)) in (6, 7)
    look_at(FundAccount.objects.get(line=line))


@pytest.mark.parametrize("attempt", range(3))
def test_of_plans_submitted_at_once_for_one_partner_one_is(attempt: int) -> None:
    row = made.partner()
    plans = [made.plan(owner=row.manager, name=f"方案{place}") for place in range(4)]
    for plan in plans:
        made.line(plan, row)
        made.solved(plan)

    def submit(place: int) -> str:
        try:
            made.submitted(plans[place])
        except operations.FundsRefused as refused:
            return str(refused)
        return ""

    said = in_threads(len(plans), submit)
    [waits] = FundPlan.objects.filter(state="waiting")
    assert said.count("") == 1
    # Each of the others is told of the one that was first.
    assert all(waits.code in one for one in said if one)


def test_of_two_hands_on_the_database_one_puts_its_plan_through() -> None:
    row = made.partner()
    plans = [made.plan(owner=row.manager) for _place in range(2)]
    for plan in plans:
        made.line(plan, row)
        made.solved(plan)
    papers = [
        row_of("portal.Submission", kind="fund_plan", target_key=str(one.pk)) for one in plans
    ]

    def put(place: int) -> bool:
        rows = FundPlan.objects.filter(pk=plans[place].pk)
        try:
            rows.update(state="waiting", submission=papers[place])
        except IntegrityError:
            return False
        return True

    assert sorted(in_threads(2, put)) == [False, True]
    assert FundPlan.objects.filter(state="waiting").count() == 1
