"""What triggers refuse about rewards that are given again, and about what is given back."""

import datetime as dt
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from portal.models import Submission
from tests.factories.journeys import CardFactory
from tests.project.rows import DAY, INSTANT, approved_version, cleared_run, row_of
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
