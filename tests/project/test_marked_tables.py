"""No fact that a decision is read of goes unmarked: the database says which tables and columns the
statements of a live run read, and which of them its triggers follow."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest
from django.db import connection

from campaigns.conditions.rules import kinds, statement, tree
from campaigns.eligibility import operations as eligibility
from campaigns.models import Decision, FactChange, Run
from journeys.contact.models import (
    CalendarDay,
    CalendarYear,
    Contact,
    ContactHours,
    ContactRule,
    DoNotContact,
    ErasedRefusal,
)
from journeys.contact.queries.gate import gate_sql
from journeys.customers.models import Customer
from portal.kit.personal import ERASED
from tests.campaigns.conditions import strategies, worlds
from tests.factories.campaigns import AT, ON, TIER, approved, card_in_use
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
# Of these a change concerns everybody, and the next run decides about everybody.
FOR_EVERYBODY = {
    "portal_branch", "merchants_merchant", "merchants_merchantcategory", "journeys_cardproduct",
    "campaigns_campaign",
}  # fmt: skip
# Whatever changes of these, a row that comes or goes included.
RULES = {
    "journeys_contactrule", "journeys_contacthours", "journeys_calendaryear",
    "journeys_calendarday", "journeys_controlgroup",
}  # fmt: skip
FOR_EVERYBODY |= RULES
# What a live run reads that no trigger follows, and why nothing is missed by it.
_BOOKS = "who was refused is asked again, or where a lasting limit refused, when the book is marked"
_OWN = "the run's own rows"
_TEXTS = "what a message says is made when it is written, not carried"
UNMARKED = {
    "campaigns_budgetbook": _BOOKS, "campaigns_budgetlimit": _BOOKS,
    "campaigns_budgetentry": _BOOKS,
    "campaigns_run": _OWN, "campaigns_runchunk": _OWN, "campaigns_decision": _OWN,
    "campaigns_campaignversion": "a run stands on one of the same version, and versions are frozen",
    "journeys_messagetemplate": _TEXTS,
    "journeys_message": "called off, as what is asked, with a grant taken back alone, which marks",
    "journeys_textwithdrawal": "a withdrawal ends the run, and the approval of the version with it",
    "campaigns_exclusivegroup": "groups are only added to, and a version names its own for good",
    "campaigns_submissionrule": "bounds within which a run may give; no decision hangs on them",
    "portal_submission": "what was approved, held against the whole run before it gives",
}  # fmt: skip
# Rows that triggers let nobody change or delete: marked when they come.
LEDGERS = {"campaigns_grant"}
# Nobody can delete one; it changes once, when it is withdrawn.
WITHDRAWN_ONLY = {"journeys_referral"}
# One more of these brings no answer forward: a cause once used stays used, and caps hold longer.
# None is ever deleted.
ONLY_LATER = {"journeys_contact"}
# Columns that a statement names by a star and does not look at.
UNREAD = {
    ("journeys_transaction", "kind"), ("journeys_transaction", "customer_id"),
    ("journeys_transaction", "as_of"), ("journeys_transaction", "heard_at"),
}  # fmt: skip


def followed() -> dict[str, set[str]]:
    """The events of each table that a trigger marks."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname, tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t
               JOIN pg_class c ON c.oid = tgrelid
               WHERE tgname LIKE 'changes_mark%' AND tgenabled = 'O'"""
        )
        found: dict[str, set[str]] = {}
        for table, _name, text in cursor.fetchall():
            event = re.search(r" AFTER (\w+)", text)
            assert event is not None
            found.setdefault(table, set()).add(event[1])
    return found


def leaves_of_kind(kind: str) -> list[dict[str, Any]]:
    """Rules of a kind in all of its variants that read something else."""
    start = worlds.STARTS[0]
    dates = {
        "counted_from": "dates", "last_day": "inside",
        "first_date": start.isoformat(), "last_date": ON.isoformat(),
    }  # fmt: skip
    filters = {
        "scenarios": ["dining"], "mccs": ["5811-5814"], "merchants": ["M1"], "channels": ["pos"],
        "cities": ["3301"],
    }  # fmt: skip
    given = {"days": 30, "last_day": "inside"}
    spent = [
        {"at_least": "5.00"} | window | wanted | refunds
        for window in (given, given | {"counted_from": "activation"}, dates)
        for wanted in ({}, filters)
        for refunds in ({}, {"refunds": "of_purchases"})
    ]
    numbers = [{"at_least": 2} | given | wanted for wanted in ({}, filters)]
    fields: dict[str, list[dict[str, Any]]] = {
        "stage": [{"stages": ["activation", "filed"]}], "branch": [{"branches": ["HO"]}],
        "age": [{"at_least": 18}], "potential": [{"at_least": 1}], "issued_within": [{"days": 20}],
        "activated": [{}], "first_used": [{}], "cards_held": [{"at_least": 1}],
        "product_held": [{"products": ["P1"]}],
        "first_transaction": [given | {"at_least": "5.00"}],
        "spending_in_window": spent, "purchases_in_window": numbers,
        "spending_days_in_window": numbers,
        "months_in_row": [{"months": 2, "at_least": "5.00", "count": 1} | one
                          for one in ({}, filters)],
        "points_balance": [{"at_least": 1}], "points_redeemed": [{"at_least": 1} | given],
        "consent": [{"purpose": "marketing", "channel": "sms"}, {"purpose": "sharing"}],
        "asleep": [{"months": 2}], "falling_asleep": [{"months": 2, "within_days": 9}],
        "not_in_campaign": [{"campaigns": ["x-one"]}],
        "persons_brought": [{"event": event, "at_least": 1} | window
                            for event in ("issued", "activated", "used")
                            for window in (given, dates)],
        "near_goal": [{"campaign": "x-one", "at_most": "5.00", "days_left": 3}],
    }  # fmt: skip
    return [{"kind": kind} | one for one in fields[kind]]


def columns_read(sql: str, values: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The tables and columns that a query reads, as the database notes them of a view of it."""
    connection.ensure_connection()
    text = psycopg.ClientCursor(connection.connection).mogrify(sql, values)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP VIEW looked_at AS SELECT 1 AS one FROM ({text}) AS query")
        cursor.execute(
            """SELECT DISTINCT c.relname, a.attname FROM pg_rewrite r
               JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                   AND d.refclassid = 'pg_class'::regclass
               JOIN pg_class c ON c.oid = d.refobjid AND c.relkind = 'r'
               LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
                   AND d.refobjsubid > 0
               WHERE r.ev_class = 'looked_at'::regclass"""
        )
        found = {(table, column) for table, column in cursor.fetchall() if column}
        cursor.execute("DROP VIEW looked_at")
    return found


def gate_columns() -> set[tuple[str, str]]:
    asked = """SELECT 1::bigint AS customer_id, 'marketing' AS purpose,
        ARRAY['sms', 'email']::text[] AS channels, 'x' AS dedup_key"""
    return columns_read(gate_sql(asked), {"at": AT, "zone": "Asia/Shanghai", "is_first": True})


def decision_columns(rule: dict[str, Any]) -> set[tuple[str, str]]:
    found = statement.decisions_of(
        tree.read_rule(rule), [tree.read_rule(rule)], in_branches=True, with_turns=True, among=True
    )
    frame = {
        "products": ["P0"], "issued_from": ON, "issued_to": ON, "branches": [1], "on": ON,
        "first": 1, "end": 2, "among": [1],
    }  # fmt: skip
    return columns_read(found.sql, found.parameters | frame)


def unmarked(columns: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The columns of which a change would go unmarked."""
    events, found = followed(), set()
    for table, column in columns - UNREAD:
        if table in UNMARKED or table in LEDGERS:
            continue
        name = "campaigns_mark_everybody" if table in FOR_EVERYBODY else (
            f"campaigns_mark_{table}_update")  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT prosrc, (SELECT string_agg(pg_get_triggerdef(t.oid), ' ')
                       FROM pg_trigger t WHERE tgfoid = p.oid AND tgrelid = %s::regclass)
                   FROM pg_proc p WHERE proname = %s""",
                [table, name],
            )
            row = cursor.fetchone()
        text = " ".join(filter(None, row or ()))
        is_named = table in RULES or re.search(rf"\b{column}\b", text) is not None
        if not is_named or "UPDATE" not in events.get(table, set()):
            found.add((table, column))
    return found


# What no update can change, or what nobody hangs on.
_KEYS = {(table, "id") for table in FOR_EVERYBODY} | {
    ("merchants_merchantcategory", "mcc"), ("journeys_marketingpause", "kind"),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
def test_each_column_of_a_condition_is_marked_when_it_changes(kind: str) -> None:
    assert set(kinds.KINDS) == set(strategies.by_kind(worlds.STARTS[0]))
    read: set[tuple[str, str]] = set()
    for leaf in leaves_of_kind(kind):
        rule = tree.read_rule(leaf)
        if not statement.can_be_carried(rule, []):
            # A run about everybody each time: nothing of it is carried, so nothing is marked.
            assert kind in {"potential", "near_goal"}
            return
        read |= decision_columns(leaf)
    assert ("journeys_card", "issued_date") in read
    assert unmarked(read) - _KEYS == set()


def test_a_trigger_that_is_missing_is_seen() -> None:
    read = decision_columns({"kind": "points_balance", "at_least": 1})
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER changes_marked_update ON journeys_pointsentry")
    missing = unmarked(read) - _KEYS
    assert {table for table, _column in missing} == {"journeys_pointsentry"}
    assert ("journeys_pointsentry", "points") in missing


def test_each_column_of_the_gate_is_marked_when_it_changes() -> None:
    read = gate_columns()
    assert ("journeys_consent", "effective_at") in read
    assert unmarked(read) - _KEYS == set()


def tables_of_plan(node: dict[str, Any]) -> Iterator[str]:
    """The tables that a plan scans."""
    if "Scan" in node["Node Type"] and "Relation Name" in node:
        yield node["Relation Name"]
    for part in node.get("Plans", []):
        yield from tables_of_plan(part)


def test_every_table_that_a_live_run_reads_is_marked_or_stands_here_with_its_reason() -> None:
    tiers = [TIER | {"stock": 9}, TIER | {"code": "second", "value": "20.00"}]
    budget = {"total": "1000.00", "per_day": "500.00", "per_customer": "100.00"}
    version = approved(
        rewards={"mode": "each", "tiers": tiers}, budget=budget, control_percent=0,
        group=row_of("campaigns.ExclusiveGroup").code,
    )  # fmt: skip
    for _number in range(3):
        card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    read: set[str] = set()
    own = connection.connection

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", sql):
            with psycopg.ClientCursor(own) as cursor:
                cursor.execute("EXPLAIN (FORMAT JSON) " + sql, params)
                plan = cursor.fetchone()[0]
            found = json.loads(plan) if isinstance(plan, str) else plan
            read.update(tables_of_plan(found[0]["Plan"]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        eligibility.work_run(run_id=run.pk, now=lambda: AT)
    assert Run.objects.get(pk=run.pk).state == "done"
    events = followed()
    facts = {table for table, known in events.items() if "INSERT" in known} - FOR_EVERYBODY
    facts |= ONLY_LATER
    assert {"journeys_consent", "journeys_donotcontact", "campaigns_grant"} <= read
    assert read - facts - FOR_EVERYBODY - set(UNMARKED) == set()
    # Nothing stands here that is not read, or that is marked after all.
    assert set(UNMARKED) & facts == set()
    assert set(UNMARKED) <= read


def test_facts_are_marked_when_they_come_and_when_they_go() -> None:
    events = followed()
    for table, known in events.items():
        if table in RULES:
            assert known == {"INSERT", "UPDATE", "DELETE"}, table
        elif table in FOR_EVERYBODY:
            assert "UPDATE" in known, table
        elif table in ONLY_LATER:
            assert known == {"UPDATE"}, table
        elif table in WITHDRAWN_ONLY:
            assert known == {"INSERT", "UPDATE"}, table
        elif table not in {*LEDGERS, "campaigns_budgetlimit"}:
            assert known == {"INSERT", "UPDATE", "DELETE"}, table
    # A grant is a ledger's row; a limit begins with nothing used.
    assert all(events[table] == {"INSERT"} for table in LEDGERS)
    assert events["campaigns_budgetlimit"] == {"UPDATE", "DELETE"}


def marked() -> set[int]:
    """Whom the changes since the last call of this concern."""
    found = set(FactChange.objects.values_list("customer_id", flat=True))
    FactChange.objects.all().delete()
    return found


def test_a_refusal_is_marked_for_all_with_the_same_phone() -> None:
    one, same, other, last = (CustomerFactory() for _number in range(4))
    Customer.objects.filter(pk=same.pk).update(callee=one.callee)
    marked()
    DoNotContact.objects.create(customer=one, at=AT, words="no", source="call")
    assert marked() == {one.pk, same.pk}
    # Who refused comes to another phone: those of both are concerned.
    Customer.objects.filter(pk=one.pk).update(callee=other.callee)
    assert marked() == {one.pk, same.pk, other.pk}
    Customer.objects.filter(pk=last.pk).update(callee=same.callee)
    assert marked() == set()
    Customer.objects.filter(pk=last.pk).update(callee=other.callee)
    assert marked() == {last.pk}
    Customer.objects.filter(pk=last.pk).update(phone_index=None, phone_sealed=None, callee=None)
    assert marked() == {last.pk}
    Customer.objects.filter(pk=last.pk).update(name="x")
    assert marked() == set()


def test_a_contact_called_off_is_marked_and_one_moved_where_the_caps_hold_somebody_back() -> None:
    one, other = CustomerFactory(), CustomerFactory()
    decision = Decision.objects.create(
        run=row_of("campaigns.Run"), customer=one, outcome="qualified", gate="open",
        award="granted", awarded=0,
    )  # fmt: skip
    for customer in (one, other):
        row_of("journeys.Contact", customer=customer)
    contacts = Contact.objects.filter(customer__in=[one, other])
    marked()
    contacts.update(at=AT)
    assert marked() == set()
    Decision.objects.filter(pk=decision.pk).update(gate="cap_reached")
    contacts.update(at=AT + dt.timedelta(hours=1))
    assert marked() == {one.pk}
    contacts.update(released_at=AT)
    assert marked() == {one.pk, other.pk}


@pytest.mark.parametrize("model", [ContactRule, ContactHours, CalendarYear, CalendarDay])
def test_a_rule_of_contact_that_changes_concerns_everybody(model: Any) -> None:
    row_of("journeys.ContactRule")
    marked()
    row_of(f"journeys.{model.__name__}")
    assert marked() == {0}
    if model in {ContactRule, ContactHours}:
        return  # these are only added to
    model.objects.filter(pk=model.objects.order_by("-pk")[0].pk).update(source="y")
    assert marked() == {0}
    model.objects.order_by("-pk")[0].delete()
    assert marked() == {0}


def test_what_is_kept_of_a_refusal_is_marked_for_all_with_the_phone() -> None:
    one, same, other = (CustomerFactory() for _number in range(3))
    Customer.objects.filter(pk=same.pk).update(callee=one.callee)
    marked()
    ErasedRefusal.objects.create(kind="phone", value_hash=one.callee, refused_date=AT.date())
    assert marked() == {one.pk, same.pk}
    # Whoever comes to a phone of the list, or leaves it.
    Customer.objects.filter(pk=other.pk).update(callee=one.callee)
    assert marked() == {other.pk}
    Customer.objects.filter(pk=same.pk).update(phone_index=None, phone_sealed=None, callee=None)
    assert marked() == {same.pk}
    last = CustomerFactory(phone_sealed=None, phone_index=None)
    assert marked() == {last.pk}


def test_a_bad_address_is_marked_for_all_who_have_it() -> None:
    one, same, other = (CustomerFactory() for _number in range(3))
    Customer.objects.filter(pk=same.pk).update(email_index=one.email_index)
    marked()
    bad = row_of("journeys.BadAddress", customer=one, address_index=bytes(one.email_index))
    assert marked() - {0} == {one.pk, same.pk}
    bad.until, bad.ended_by = bad.since, row_of("portal.Staff")
    bad.save()
    assert marked() == {one.pk, same.pk}
    # Whoever comes to such an address, or leaves it; and who is erased.
    Customer.objects.filter(pk=other.pk).update(email_index=one.email_index)
    assert marked() == {other.pk}
    Customer.objects.filter(pk=same.pk).update(email_index=b"new")
    assert marked() == {same.pk}
    Customer.objects.filter(pk=same.pk).update(email_index=b"newer")
    assert marked() == set()
    Customer.objects.filter(pk=same.pk).update(name=ERASED)
    assert marked() == {same.pk}


def test_a_change_of_keys_marks_nobody() -> None:
    one, same = CustomerFactory(), CustomerFactory()
    Customer.objects.filter(pk=same.pk).update(callee=one.callee)
    DoNotContact.objects.create(customer=one, at=AT, words="no", source="call")
    marked()
    Customer.objects.filter(pk=one.pk).update(phone_sealed=b"anew", phone_index=b"anew")
    assert marked() == set()


def test_the_place_of_a_branch_concerns_everybody() -> None:
    branch = BranchFactory()
    marked()
    type(branch).objects.filter(pk=branch.pk).update(name="x")
    assert marked() == set()
    type(branch).objects.filter(pk=branch.pk).update(division_code="650102")
    assert marked() == {0}
