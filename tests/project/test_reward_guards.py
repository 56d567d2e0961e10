"""What triggers refuse about rewards that are given again, and about what is given back."""

import datetime as dt
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from journeys.models import Customer
from portal.models import Submission
from tests.factories.journeys import CardFactory
from tests.project.rows import DAY, INSTANT, approved_version, cleared_run, row_of
from tests.project.test_database_guards import refusal
from tests.project.test_version_guards import version_that_is

pytestmark = pytest.mark.django_db

LATER = DAY + dt.timedelta(days=1)


def _guard_of(label: str, **values: Any) -> str | None:
    """The name under which the database refuses a row."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        row_of(label, **values)
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def test_a_reward_is_given_again_only_after_it_was_taken_back() -> None:
    first = row_of("campaigns.Grant")
    again = {"run": first.run, "card": first.card, "round": 2}
    assert _guard_of("campaigns.Grant", **again) == "grant_after_reversal"
    row_of("campaigns.GrantReversal", grant=first)
    assert _guard_of("campaigns.Grant", **again | {"round": 3}) == "grant_after_reversal"
    assert row_of("campaigns.Grant", **again).round == 2


def test_a_campaign_gives_a_person_once_whatever_the_customer_number() -> None:
    first = row_of("campaigns.Grant")
    bearer = {"id_number_sealed": b"x", "id_number_index": b"x", "bearer": bytes(16)}
    other = CardFactory(activated_date=DAY, first_used_date=DAY)
    Customer.objects.filter(pk__in=[first.customer_id, other.customer_id]).update(**bearer)
    again = {"run": first.run, "card": other}
    assert _guard_of("campaigns.Grant", **again) == "grant_once_for_bearer"
    row_of("campaigns.GrantReversal", grant=first)
    assert row_of("campaigns.Grant", **again).customer_id == other.customer_id


@pytest.mark.parametrize("change", [{"amount": -1}, {"units": 0}, {"party": "M1"}, {"day": LATER}])
def test_a_party_gets_back_what_it_was_charged(change: dict[str, Any]) -> None:
    charged = row_of("campaigns.BudgetEntry")
    back = {
        "kind": "release", "grant": charged.grant, "book": charged.book,
        "amount": -charged.amount, "units": -1,
    }  # fmt: skip
    guard = "entry_released_as_reserved"
    assert _guard_of("campaigns.BudgetEntry", **back) == guard, "the grant stands"
    row_of("campaigns.GrantReversal", grant=charged.grant)
    assert _guard_of("campaigns.BudgetEntry", **back | change) == guard
    assert row_of("campaigns.BudgetEntry", **back).amount == -charged.amount


@pytest.mark.parametrize(("closed", "is_refused"), [(DAY, True), (LATER, False)])
def test_no_gift_for_a_closed_card(closed: dt.date, is_refused: bool) -> None:
    card = CardFactory(activated_date=DAY, first_used_date=DAY, closed_date=closed)
    values = {"card": card, "granted_date": DAY}
    if is_refused:
        guard = "grant_after_activation_and_first_use"
        assert _guard_of("campaigns.Grant", **values) == guard
    else:
        assert row_of("campaigns.Grant", **values).card_id == card.pk


GUARD = "grant_of_approved_version"


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "vetoed"])
def test_no_gift_of_a_version_that_is_not_approved(state: str) -> None:
    run = row_of(
        "campaigns.Run", version=version_that_is(state), kind="live", state="done",
        finished_at=INSTANT, cleared_at=INSTANT, texts=[],
    )  # fmt: skip
    assert _guard_of("campaigns.Grant", run=run) == GUARD


@pytest.mark.parametrize("kind", ["live", "dry_run", "preview"])
def test_no_gift_by_a_run_that_was_not_held_against_its_approval(kind: str) -> None:
    ended = {"state": "done", "finished_at": INSTANT}
    run = row_of("campaigns.Run", version=approved_version(), kind=kind, **ended)
    assert _guard_of("campaigns.Grant", run=run) == GUARD
    row_of("campaigns.FlashSale", run=run)
    assert row_of("campaigns.Grant", run=run).run_id == run.pk, "a flash sale sells of it"


def test_no_gift_of_one_campaign_by_a_run_of_another() -> None:
    run, other = cleared_run(), cleared_run()
    assert _guard_of("campaigns.Grant", run=run, version=other.version) == GUARD
    assert _guard_of("campaigns.Grant", run=run, campaign=other.version.campaign) == GUARD


def test_all_rows_of_a_statement_are_looked_at() -> None:
    good, bad = row_of("campaigns.Grant"), version_that_is("draft")
    run = row_of("campaigns.Run", version=bad)
    with pytest.raises(DatabaseError, match="no gift of a version"), transaction.atomic():
        connection.cursor().execute(
            """INSERT INTO campaigns_grant (campaign_id, version_id, run_id, customer_id, card_id,
                   reward, slot, round, amount, granted_date, granted_at, door)
               SELECT campaign_id, version_id, run_id, customer_id, card_id, 'x', 'x', 1, amount,
                   granted_date, granted_at, door FROM campaigns_grant
               UNION ALL
               SELECT %s, %s, %s, customer_id, card_id, 'x', 'x', 1, amount, granted_date,
                   granted_at, door FROM campaigns_grant""",
            [bad.campaign_id, bad.pk, run.pk],
        )
    assert type(good).objects.count() == 1


@pytest.mark.parametrize(("state", "kind", "is_given"), [
    ("returned", "condition_lost", True), ("returned", "exchanged", False),
    ("returned", "less_spent", True), ("vetoed", "less_spent", False),
    ("vetoed", "condition_lost", False), ("returned", None, False),
])  # fmt: skip
def test_what_is_given_for_one_that_was_taken_back_outlives_its_approval(
    state: str, kind: str | None, is_given: bool
) -> None:
    first = row_of("campaigns.Grant")
    submission = Submission.objects.get(target_key=str(first.version_id))
    if state == "vetoed":
        row_of("portal.SubmissionDecision", submission=submission, verdict="veto", reason="x")
    submission.state = "vetoed" if state == "vetoed" else "voided"
    submission.save()
    first.version.state, first.version.approved_at = state, None
    first.version.save()
    again: dict[str, Any] = {"run": first.run, "card": first.card}
    if kind:
        lost = {"failed_at": None if kind == "exchanged" else 0}
        row_of("campaigns.GrantReversal", grant=first, kind=kind, **lost)
        again["round"] = 2
    else:
        again["card"] = CardFactory(activated_date=DAY, first_used_date=DAY)
    if is_given:
        assert row_of("campaigns.Grant", **again).round == 2
    else:
        assert _guard_of("campaigns.Grant", **again) == GUARD


# --- member benefits --------------------------------------------------------------------------
def _entry_guard(benefit: Any, kind: str, units: int, **values: Any) -> str | None:
    used = {"used_date": DAY if kind == "use" else None}
    return _guard_of(
        "campaigns.BenefitEntry", benefit=benefit, kind=kind, units=units, **used | values
    )


def test_a_benefit_begins_whole_and_is_moved_by_its_entries_alone() -> None:
    grant, other = row_of("campaigns.Grant"), row_of("campaigns.Grant")
    begun = "benefit_of_its_grant"
    assert _guard_of("campaigns.Benefit", grant=grant, customer=other.customer) == begun
    assert _guard_of("campaigns.Benefit", grant=grant, from_date=LATER) == begun
    assert _guard_of("campaigns.Benefit", grant=grant, left=1) == begun
    benefit = row_of("campaigns.Benefit", grant=grant)
    for change in (
        '"left" = 1',
        "uses = 9",
        "end_date = '2030-01-01'",
        "from_date = from_date - 1",
    ):
        assert _refused(f"UPDATE campaigns_benefit SET {change}") == "benefit_moved_by_entries"
    assert _refused("DELETE FROM campaigns_benefit") == "benefit_moved_by_entries"
    row_of("campaigns.BenefitEntry", benefit=benefit)
    benefit.refresh_from_db()
    assert benefit.left == 1
    assert (
        _entry_guard(benefit, "use", -1, customer=other.customer) == "benefit_entry_of_its_holder"
    )


def _refused(sql: str) -> str | None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        connection.cursor().execute(sql)
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def test_a_benefit_is_used_on_its_days_and_expires_after_them() -> None:
    benefit = row_of("campaigns.Benefit", end_date=LATER)
    in_time = "benefit_used_in_time"
    for day in (DAY - dt.timedelta(days=1), LATER):
        assert _entry_guard(benefit, "use", -1, used_date=day, at=AFTERWARDS) == in_time
    endless = row_of("campaigns.Benefit")
    assert _entry_guard(endless, "use", -1, used_date=LATER) == in_time, "not come yet"
    assert _entry_guard(benefit, "expire", -2) == "benefit_expires_in_time"
    assert _entry_guard(endless, "expire", -2, at=AFTERWARDS) == "benefit_expires_in_time"
    assert _entry_guard(benefit, "expire", -1, at=AFTERWARDS) == "benefit_ends_whole"
    row_of(
        "campaigns.BenefitEntry", benefit=benefit, kind="expire", units=-2, used_date=None,
        at=AFTERWARDS,
    )  # fmt: skip
    assert _entry_guard(benefit, "use", -1) == "benefit_left_within_uses"


AFTERWARDS = INSTANT + dt.timedelta(days=3)


def test_what_was_taken_back_is_not_used() -> None:
    benefit = row_of("campaigns.Benefit")
    assert _entry_guard(benefit, "take_back", -1) == "benefit_ends_whole"
    taken = row_of(
        "campaigns.BenefitEntry", benefit=benefit, kind="take_back", units=-2, used_date=None
    )
    assert _entry_guard(benefit, "use", -1) == "benefit_not_taken_back"
    for wrong in ({"kind": "undo"}, {"units": 1}, {"benefit": row_of("campaigns.Benefit")}):
        values = {
            "benefit": benefit, "kind": "restore", "units": 2, "undoes": taken, "reason": "x",
        } | wrong  # fmt: skip
        assert _entry_guard(**values) == "benefit_undone_whole"
    undo: dict[str, Any] = {"benefit": benefit, "kind": "restore", "units": 2, "undoes": taken}
    assert _entry_guard(**undo) == "benefit_entry_has_reason"
    row_of("campaigns.BenefitEntry", **undo, used_date=None, reason="x")
    row_of("campaigns.BenefitEntry", benefit=benefit)
    row_of("campaigns.GrantReversal", grant=benefit.grant)
    assert _entry_guard(benefit, "use", -1) == "benefit_not_taken_back"


@pytest.mark.parametrize("outcome", ["", "paid", "waived"])
def test_what_was_lost_is_not_used_until_it_is_given_back(outcome: str) -> None:
    words: dict[str, Any] = (
        {"words": "x", "settled_by": row_of("portal.Staff"), "settled_at": INSTANT}
        if outcome
        else {}
    )
    lost = row_of("campaigns.UsedBefore", outcome=outcome, **words)
    assert _entry_guard(lost.benefit, "use", -1) == "benefit_not_taken_back"
    if outcome:
        assert _refused("UPDATE campaigns_usedbefore SET words = 'y'") == "used_before_stays"
    assert _refused("UPDATE campaigns_usedbefore SET noted_at = now()") == "used_before_stays"
    assert _refused("DELETE FROM campaigns_usedbefore") == "used_before_stays"


def test_a_voucher_is_used_again_only_after_its_use_was_undone() -> None:
    merchant = row_of("merchants.Merchant")
    voucher = {"merchant": merchant, "reference": "V1"}
    used = row_of("campaigns.BenefitEntry", **voucher)
    guard = "benefit_voucher_after_undo"
    assert _entry_guard(used.benefit, "use", -1, **voucher, round=2) == guard
    row_of(
        "campaigns.BenefitEntry", benefit=used.benefit, kind="undo", units=1, used_date=None,
        undoes=used, reason="x",
    )  # fmt: skip
    assert _entry_guard(used.benefit, "use", -1, **voucher, round=3) == guard
    assert row_of("campaigns.BenefitEntry", **voucher, round=2).round == 2


def test_a_flash_claim_is_of_a_unit_that_there_is_and_granted_by_a_grant_of_its_own() -> None:
    claim = row_of("campaigns.FlashClaim")
    sale = row_of("campaigns.FlashSale", run=claim.sale.run)
    row_of("campaigns.FlashUnit", sale=sale)
    move = "sale_id, number, customer_id, card_id, state, claimed_at, held_until"
    assert "flash_claim_of_a_unit" in refusal(
        f"INSERT INTO campaigns_flashclaim ({move}) SELECT %s, 1000000, customer_id, card_id,"
        " state, claimed_at, held_until FROM campaigns_flashclaim",
        [sale.pk],
    )
    other = row_of("campaigns.Grant")
    granted = "UPDATE campaigns_flashclaim SET state = 'granted', settled_at = now(), grant_id = %s"
    assert refusal(granted, [other.pk]) == "a claim is granted by a grant to its customer"
    of_a_run = row_of("campaigns.Grant", run=cleared_run(claim.sale.version), card=claim.card)
    assert refusal(granted, [of_a_run.pk]) == "a claim is granted by a grant to its customer"
