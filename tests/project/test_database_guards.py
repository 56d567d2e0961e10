"""What triggers and foreign keys refuse, whoever asks: these hold even against a wrong operation
or a hand on the database."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from portal.audit import operations as audit
from portal.models import AuditHead, AuditLink, SubmissionDecision
from tests.factories.journeys import CardFactory
from tests.factories.portal import StaffFactory
from tests.project import activity_rows, fund_rows, negotiation_rows, partnership_rows, post_rows
from tests.project.rows import DAY, INSTANT, lead_rows, return_rows, row_of, window_rows

pytestmark = pytest.mark.django_db

LATER = DAY + dt.timedelta(days=1)

LEDGERS: tuple[Any, ...] = (
    negotiation_rows, partnership_rows, post_rows, fund_rows, window_rows, lead_rows, activity_rows,
    return_rows,
)  # fmt: skip
ONLY_ADDED_TO = [
    *(row for rows in LEDGERS for row in rows.ONLY_ADDED_TO),
    ("journeys.Consent", "evidence"),
    ("journeys.DoNotContact", "words"),
    ("journeys.ErasedRefusal", "value_hash"),
    ("journeys.ContactRule", "source"),
    ("journeys.ContactHours", "source"),
    ("journeys.ConsentText", "words"),
    ("journeys.CareEvent", "words"),
    ("journeys.ComplaintRule", "source"),
    ("journeys.ComplaintRound", "cause_reference"),
    ("journeys.RevealRule", "source"),
    ("journeys.ClockRule", "source"),
    ("journeys.Reveal", "words"),
    ("journeys.ExactSearch", "door"),
    ("merchants.ContactReveal", "words"),
    ("merchants.MerchantsApart", "reason"),
    ("journeys.NoticeRule", "source"),
    ("journeys.MessageTemplate", "body"),
    ("journeys.SendingRate", "source"),
    ("journeys.TextWithdrawal", "reason"),
    ("journeys.PointsEntry", "reference"),
    ("journeys.Referral", "number"),
    ("journeys.Receipt", "gateway_reference"),
    ("journeys.ScriptUse", "variant"),
    ("journeys.CallModel", "lacks"),
    ("journeys.PotentialModel", "lacks"),
    ("journeys.DriftDay", "fact"),
    ("journeys.TraitsChoice", "reason"),
    ("journeys.RightsRule", "source"),
    ("journeys.RightsEvent", "words"),
    ("journeys.RightsCopy", "sha256"),
    ("journeys.ErasureProof", "digest"),
    ("campaigns.Grant", "reward"),
    ("campaigns.WordDecision", "source"),
    ("campaigns.ExclusiveGroup", "source"),
    ("campaigns.SubmissionRule", "source"),
    ("campaigns.EraRule", "source"),
    ("campaigns.SenderName", "source"),
    ("campaigns.GrantReversal", "kind"),
    ("campaigns.LookedAt", "reason"),
    ("campaigns.LowerTier", "answer"),
    ("campaigns.BenefitEntry", "place"),
    ("campaigns.PartnerUse", "reference"),
    ("campaigns.BudgetEntry", "party"),
    ("portal.Export", "reason"),
    ("portal.AuditEntry", "reason"),
    ("portal.SubmissionDecision", "reason"),
]


def refusal(sql: str, parameters: list[Any] | None = None) -> str:
    """What the database says to a statement that it must refuse."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        connection.cursor().execute(sql, parameters)
    return str(refused.value).partition("\n")[0]


@pytest.mark.parametrize(("label", "column"), ONLY_ADDED_TO)
def test_a_ledger_refuses_update_and_delete(label: str, column: str) -> None:
    row = row_of(label)
    model = apps.get_model(label)
    table = model._meta.db_table
    value = getattr(row, column)
    changed = refusal(f"UPDATE {table} SET {column} = 'changed'")
    deleted = refusal(f"DELETE FROM {table}")
    assert changed == f"{table} is only added to: UPDATE refused"
    assert deleted == f"{table} is only added to: DELETE refused"
    assert getattr(model._default_manager.get(pk=row.pk), column) == value


@pytest.mark.parametrize(
    ("activated", "first_used", "granted"),
    [
        (None, None, DAY),
        (DAY, None, DAY),
        (None, DAY, DAY),
        (LATER, DAY, DAY),
        (DAY, LATER, DAY),
    ],
)
def test_no_gift_before_activation_and_first_use(
    activated: dt.date | None, first_used: dt.date | None, granted: dt.date
) -> None:
    card = CardFactory(activated_date=activated, first_used_date=first_used)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        row_of("campaigns.Grant", card=card, granted_date=granted)
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == "grant_after_activation_and_first_use"
    assert apps.get_model("campaigns.Grant")._default_manager.count() == 0


def test_a_gift_on_the_day_of_first_use_is_granted() -> None:
    card = CardFactory(activated_date=DAY, first_used_date=DAY)
    assert row_of("campaigns.Grant", card=card, granted_date=DAY).customer_id == card.customer_id


def test_no_gift_for_another_customers_card() -> None:
    card = CardFactory(activated_date=DAY, first_used_date=DAY)
    other = row_of("journeys.Customer")
    with pytest.raises(DatabaseError), transaction.atomic():
        row_of("campaigns.Grant", card=card, customer=other)
    assert apps.get_model("campaigns.Grant")._default_manager.count() == 0


@pytest.mark.parametrize(
    ("rules", "number", "allowed"),
    [([], 1, 20), ([(0, 20)], 21, 20), ([(0, 20)], 1, 21), ([(1, 20)], 1, 20), ([(5, 9)], 10, 9)],
)
def test_no_value_is_revealed_beyond_the_rule_in_force(
    rules: list[tuple[int, int]], number: int, allowed: int
) -> None:
    """No rule, above its number, with another number than the rule's, before the rule's day."""
    for days, per_day in rules:
        day = DAY + dt.timedelta(days=days if days < 5 else -days)
        row_of("journeys.RevealRule", effective_date=day, per_day=per_day)
    staff, customer = StaffFactory(), row_of("journeys.Customer")
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        apps.get_model("journeys.Reveal")._default_manager.create(
            customer=customer, actor=staff, branch=staff.branch, field="phone", kind="review",
            words="x", at=INSTANT, on_date=DAY, number_of_day=number, allowed=allowed,
        )  # fmt: skip
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == "reveal_within_rule"
    assert apps.get_model("journeys.Reveal")._default_manager.count() == 0


@pytest.mark.parametrize(
    ("rules", "number", "allowed"),
    [([], 1, 30), ([(0, 30)], 31, 30), ([(0, 30)], 1, 31), ([(1, 30)], 1, 30), ([(5, 9)], 10, 9),
     ([], None, 30), ([(0, 30)], None, 29)],
)  # fmt: skip
def test_no_search_by_a_full_value_is_answered_beyond_the_rule_in_force(
    rules: list[tuple[int, int]], number: int | None, allowed: int
) -> None:
    """As with reveals; and a refusal tells of the limit that was in force."""
    for days, searches in rules:
        day = DAY + dt.timedelta(days=days if days < 5 else -days)
        row_of("journeys.RevealRule", effective_date=day, searches_per_day=searches)
    staff = StaffFactory()
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        apps.get_model("journeys.ExactSearch")._default_manager.create(
            actor=staff, branch=staff.branch, field="phone", door="customers",
            asked_hash=b"0" * 16, found=None if number is None else 0, at=INSTANT, on_date=DAY,
            number_of_day=number, allowed=allowed,
        )  # fmt: skip
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == "exact_search_within_rule"
    assert apps.get_model("journeys.ExactSearch")._default_manager.count() == 0


def test_nobody_checks_the_own_work() -> None:
    submission = row_of("portal.Submission")
    with pytest.raises(DatabaseError, match="decision_checker_is_not_maker"), transaction.atomic():
        row_of("portal.SubmissionDecision", submission=submission, checker=submission.maker)
    assert SubmissionDecision.objects.count() == 0


def test_a_decision_cannot_name_another_maker() -> None:
    submission = row_of("portal.Submission")
    with pytest.raises(DatabaseError, match="decision_names_the_maker"), transaction.atomic():
        row_of(
            "portal.SubmissionDecision",
            submission=submission,
            maker=StaffFactory(),
            checker=submission.maker,
        )
    assert SubmissionDecision.objects.count() == 0


def test_the_maker_of_a_decided_submission_stays() -> None:
    submission = row_of("portal.SubmissionDecision").submission
    other = StaffFactory()
    refusal("UPDATE portal_submission SET maker_id = %s WHERE id = %s", [other.pk, submission.pk])
    maker = submission.maker_id
    submission.refresh_from_db()
    assert submission.maker_id == maker


@pytest.mark.parametrize("table", ["portal_auditlink", "portal_audithead"])
def test_the_audit_chain_is_not_for_hands(table: str) -> None:
    audit.record(action="test.first", actor=None, at=INSTANT)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    link = AuditLink.objects.get()
    updated, deleted = refusal(f"UPDATE {table} SET hash = ''"), refusal(f"DELETE FROM {table}")
    assert updated == f"{table} is only added to: UPDATE refused"
    assert deleted == f"{table} is only added to: DELETE refused"
    assert AuditHead.objects.get().hash == link.hash == AuditLink.objects.get().hash


def test_there_is_one_head_of_the_chain() -> None:
    said = refusal(
        "INSERT INTO portal_audithead (id, sequence, hash) VALUES (2, 0, %s)", ["0" * 64]
    )
    assert "audit_one_head" in said


def test_a_pause_only_ends_and_only_once() -> None:
    pause = row_of("journeys.MarketingPause")
    table = "journeys_marketingpause"
    refused = "a pause is only ended: %s refused"
    assert refusal(f"DELETE FROM {table}") == refused % "DELETE"
    assert refusal(f"UPDATE {table} SET reference = 'other', until = since") == refused % "UPDATE"
    assert refusal(f"UPDATE {table} SET since = since - interval '1 day'") == refused % "UPDATE"
    connection.cursor().execute(f"UPDATE {table} SET until = since")
    assert refusal(f"UPDATE {table} SET until = NULL") == refused % "UPDATE"
    pause.refresh_from_db()
    assert pause.until == pause.since == INSTANT


# --- erasures ------------------------------------------------------------------------------------
ERASURE_REFUSED = "an erasure goes its way only: %s refused"


@pytest.mark.parametrize("state", ["approved", "carrying_out", "erased", "proven"])
def test_an_erasure_begins_with_the_asking(state: str) -> None:
    with pytest.raises(DatabaseError, match="goes its way only"), transaction.atomic():
        row_of("journeys.Erasure", state=state)


def test_an_erasure_is_allowed_by_an_approved_submission_of_the_same_persons_alone() -> None:
    erasure = row_of("journeys.Erasure")
    number, refused = erasure.request.number, ERASURE_REFUSED % "UPDATE"
    allow = "UPDATE journeys_erasure SET state = 'approved', submission_id = %s WHERE id = %s"
    others = [
        {"kind": "campaign_version"}, {"target_key": "R0"}, {"snapshot": {"persons": ["lead:1"]}},
    ]  # fmt: skip
    good = {
        "kind": "erasure", "target_key": number, "snapshot": {"persons": erasure.persons},
    }  # fmt: skip
    for changes in others:
        submission = approved_submission({**good, **changes})
        assert refusal(allow, [submission.pk, erasure.pk]) == refused
    pending = row_of("portal.Submission", **{**good, "target_key": f"{number} "})
    assert refusal(allow, [pending.pk, erasure.pk]) == refused
    connection.cursor().execute(allow, [approved_submission(good).pk, erasure.pk])
    for step in ("state = 'erased'", "state = 'carrying_out'", "persons = '{customer:1}'",
                 "state = 'carrying_out', carried_by = '1'", "submission_id = NULL",
                 "state = 'asked'"):  # fmt: skip
        assert refusal(f"UPDATE journeys_erasure SET {step}") == refused
    assert refusal("DELETE FROM journeys_erasure") == ERASURE_REFUSED % "DELETE"
    erasure.refresh_from_db()
    assert erasure.state == "approved"
    connection.cursor().execute("UPDATE journeys_erasure SET state = 'returned'")
    for state in ("asked", "approved", "carrying_out"):
        assert refusal(f"UPDATE journeys_erasure SET state = '{state}'") == refused


def approved_submission(values: dict[str, Any]) -> Any:
    """A submission that a second person approved, by the ways that the database leaves open."""
    submission = row_of("portal.Submission", **values)
    row_of("portal.SubmissionDecision", submission=submission)
    submission.state, submission.closed_at = "approved", INSTANT
    submission.save()
    return submission


@pytest.fixture
def _taken_back() -> Iterator[None]:
    """An erasure that is begun and not ended is no commit: what the test did is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def carrying_out(erasure: Any) -> None:
    """An allowed erasure that begins to be carried out in this transaction."""
    values = {
        "kind": "erasure", "target_key": erasure.request.number,
        "snapshot": {"persons": erasure.persons},
    }  # fmt: skip
    connection.cursor().execute(
        "UPDATE journeys_erasure SET state = 'approved', submission_id = %s WHERE id = %s",
        [approved_submission(values).pk, erasure.pk],
    )
    connection.cursor().execute(
        "UPDATE journeys_erasure SET state = 'carrying_out',"
        " carried_by = pg_current_xact_id()::text WHERE id = %s",
        [erasure.pk],
    )


LEDGERS = [
    ("journeys.Consent", "evidence", "reference"),
    ("journeys.DoNotContact", "words", "source"),
]


@pytest.mark.usefixtures("_taken_back")
@pytest.mark.parametrize(("label", "column", "kept"), LEDGERS)
def test_a_ledger_opens_to_the_erasure_of_its_person_for_its_words_alone(
    label: str, column: str, kept: str
) -> None:
    mine = row_of(label, **{column: "打 13912345678"})
    other = row_of(label, **{column: "别人"})
    table = mine._meta.db_table
    refused = f"{table} is only added to: UPDATE refused"
    blank = f"UPDATE {table} SET {column} = '[已删除]' WHERE id = %s"
    assert refusal(blank, [mine.pk]) == refused
    request = row_of("journeys.RightsRequest", customer=mine.customer, kind="delete")
    carrying_out(row_of("journeys.Erasure", request=request))
    assert refusal(blank, [other.pk]) == refused
    for change in (
        f"{column} = '别的话'", f"{column} = '打 13912345678!'", f"{kept} = ''",
        f"{column} = '', {kept} = 'x'", f"{column} = '[已删除]打'",
    ):  # fmt: skip
        assert refusal(f"UPDATE {table} SET {change} WHERE id = %s", [mine.pk]) == refused
    deleted = f"{table} is only added to: DELETE refused"
    assert refusal(f"DELETE FROM {table} WHERE id = %s", [mine.pk]) == deleted
    connection.cursor().execute(
        f"UPDATE {table} SET {column} = '打 [已删除]' WHERE id = %s", [mine.pk]
    )
    connection.cursor().execute(blank, [mine.pk])
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (getattr(mine, column), getattr(other, column)) == ("[已删除]", "别人")


@pytest.mark.usefixtures("_taken_back")
def test_the_trail_opens_to_an_erasure_for_words_alone() -> None:
    entry = row_of("portal.AuditEntry", reason="张三来电", target_label="C1")
    cut = "UPDATE portal_auditentry SET reason = '[已删除]来电' WHERE id = %s"
    refused = "portal_auditentry is only added to: UPDATE refused"
    assert refusal(cut, [entry.pk]) == refused
    carrying_out(row_of("journeys.Erasure"))
    for change in ("reason = '李四来电'", "action = ''", "actor_label = ''", "at = now()"):
        said = refusal(f"UPDATE portal_auditentry SET {change} WHERE id = %s", [entry.pk])
        assert said == refused
    connection.cursor().execute(cut, [entry.pk])
    entry.refresh_from_db()
    assert entry.reason == "[已删除]来电"


@pytest.mark.usefixtures("_taken_back")
def test_an_erasure_that_is_begun_is_ended_in_the_same_transaction() -> None:
    carrying_out(row_of("journeys.Erasure"))
    said = refusal("SET CONSTRAINTS erasure_is_whole IMMEDIATE")
    assert said.endswith("is not carried out to its end")


def test_a_result_is_told_once() -> None:
    notice = row_of("journeys.ResultNotice")
    message = row_of("journeys.Message")
    table, refused = "journeys_resultnotice", "a result is told once: %s refused"
    assert refusal(f"DELETE FROM {table}") == refused % "DELETE"
    assert refusal(f"UPDATE {table} SET result = 'refused'") == refused % "UPDATE"
    type(notice).objects.update(state="told", message=message, told_at=INSTANT)
    for change in (
        "state = 'due', message_id = NULL, told_at = NULL",
        "told_at = told_at + interval '1 day'",
        # its message still waits, and may go at any moment
        "state = 'superseded', message_id = NULL, told_at = NULL",
    ):
        assert refusal(f"UPDATE {table} SET {change}") == refused % "UPDATE"
    type(message).objects.update(state="cancelled", failure_kind="policy", failure="replaced")
    type(notice).objects.update(state="superseded", message=None, told_at=None)
    assert refusal(f"UPDATE {table} SET state = 'due'") == refused % "UPDATE"
    type(notice).objects.update(state="due", round_number=2)


def test_a_token_is_only_used_or_revoked_and_for_good() -> None:
    token = row_of("portal.ApiToken")
    table, refused = "portal_apitoken", "a token is only used or revoked: %s refused"
    assert refusal(f"DELETE FROM {table}") == refused % "DELETE"
    for change in ("name = 'x'", f"token_hash = '{'1' * 64}'", "kinds = '{cards}'",
                   "expires_at = expires_at + interval '1 day'"):  # fmt: skip
        assert refusal(f"UPDATE {table} SET {change}") == refused % "UPDATE"
    type(token).objects.update(last_used_at=INSTANT, revoked_at=INSTANT, revoke_reason="x")
    gone = "revoked_at = NULL, revoke_reason = ''"
    assert refusal(f"UPDATE {table} SET {gone}") == refused % "UPDATE"
