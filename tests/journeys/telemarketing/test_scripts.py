"""What callers say: versions that another person approved, variants drawn by the lead, and how they
did."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from journeys.models import CallScript, LeadCall, LeadHold, ScriptUse
from journeys.reveals import operations as reveals
from journeys.telemarketing import operations, queries, rules
from journeys.telemarketing.enums import LeadState
from portal.approvals import operations as approvals
from portal.kit import clock
from portal.models import Branch, Submission
from tests.factories.journeys import (
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
    ProductFactory,
)
from tests.factories.leads import called, caller, outcome, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.quality import held
from tests.factories.scripts import decide, script, script_in_use
from tests.journeys.telemarketing.test_desk import press
from tests.journeys.telemarketing.test_next import AT, lead
from tests.project.script_rows import VARIANTS

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory(opens=dt.time(0), closes=dt.time(0))  # whenever the tests run
    set_policy()
    return BranchFactory()


def hold_on(branch: Branch, **values: Any) -> LeadHold:
    return LeadHold(lead=lead(branch, **values), holder=caller(branch), taken_at=AT, reasons=[])


def said(hold: LeadHold, **asked: Any) -> dict[str, str]:
    return {one.stage: one.words for one in queries.scripts_for(hold, **asked)}


def refusal(*bodies: str, **given: Any) -> str:
    with translation.override("en"), pytest.raises(operations.TextRefused) as refused:
        script(AT, *bodies, **given)
    assert (CallScript.objects.count(), Submission.objects.count()) == (0, 0)
    return str(refused.value)


# --- proposed, approved, replaced, withdrawn ----------------------------------------------------
def test_a_script_is_said_once_another_person_approved_it(branch: Branch) -> None:
    hold = hold_on(branch)
    maker = StaffFactory(role="campaign_manager")
    row = script(AT, "您好，我是{branch}的{caller}", maker=maker)
    assert (row.number, said(hold)) == (1, {})
    with pytest.raises(approvals.OwnWork):
        approvals.decide(
            submission_id=Submission.objects.get().pk, checker=maker, verdict="approve", reason="",
            at=AT,
        )  # fmt: skip
    decide(row, "call_script", AT)
    words = f"您好，我是{branch.name}的{hold.holder.label}"
    assert said(hold) == {"opening": words}
    newer = script_in_use(AT, "请问是{person}吗")
    row.refresh_from_db()
    assert (row.state, newer.number, said(hold)) == ("replaced", 2, {"opening": "请问是李**吗"})
    compliance = StaffFactory(role="compliance")
    operations.withdraw_script(script_id=newer.pk, reason="改版", actor=compliance, at=AT)
    assert said(hold) == {}
    with pytest.raises(operations.TextRefused):
        operations.withdraw_script(script_id=newer.pk, reason="x", actor=compliance, at=AT)


def test_the_one_that_fits_closest_is_said(branch: Branch) -> None:
    card = ProductFactory()
    script_in_use(AT, "任意")
    script_in_use(AT, "公司", segment="company")
    script_in_use(AT, "生气", mood="angry")
    script_in_use(AT, "金卡", product_id=card.pk)
    script_in_use(AT, "再见", stage="closing")
    person, company = hold_on(branch), hold_on(branch, kind="company")
    end = {"closing": "再见"}
    assert said(person) == {"opening": "任意"} | end
    assert list(said(person)) == ["opening", "closing"]
    assert said(company) == {"opening": "公司"} | end
    assert said(person, mood="angry") == {"opening": "生气"} | end
    # The product comes first, then for whom, then the mood.
    assert said(company, mood="angry") == {"opening": "公司"} | end
    assert said(company, mood="angry", product_id=card.pk) == {"opening": "金卡"} | end


def test_customers_have_scripts_of_their_own(branch: Branch) -> None:
    script_in_use(AT, "老客户", segment="customer")
    script_in_use(AT, "新朋友", segment="person")
    customer = CustomerFactory(branch=branch, phone="15400300007")
    ConsentFactory(customer=customer, channel="phone")
    assert said(hold_on(branch, customer=customer)) == {"opening": "老客户"}
    assert said(hold_on(branch)) == {"opening": "新朋友"}


@pytest.mark.parametrize(("bodies", "words"), [
    (("全国最佳信用卡",), "Forbidden in advertising: "),
    (("您好{phone}",), "Nothing brings these values: phone."),
    (("您好{caller.password}",), "A value is written {name}, nothing else stands in braces: "),
    ((" ",), "Each variant has words in both languages, of 1,000 signs at most."),
    (("一", "二", "三"), "The shares add up to 100, none of them below 1."),
    (("年费低于其他银行",), "These words need a source: "),
])  # fmt: skip
def test_what_may_not_be_said_is_refused(bodies: tuple[str, ...], words: str) -> None:
    assert refusal(*bodies).startswith(words)


def test_a_claim_with_its_evidence_may_be_said() -> None:
    assert script(AT, "年费低于其他银行", evidence="官网《收费标准》").is_proposed


def test_only_those_who_may_write_scripts_do() -> None:
    for role in ("telemarketer", "branch_manager", "compliance", "approver"):
        refusal("您好", maker=StaffFactory(role=role))


def test_one_version_waits_at_a_time() -> None:
    script(AT)
    with pytest.raises(operations.TextRefused):
        script(AT)
    script(AT, stage="closing")
    assert CallScript.objects.count() == 2


# --- the draw -----------------------------------------------------------------------------------
def shares(*given: int) -> list[dict[str, Any]]:
    return [{"code": code, "share": share} for code, share in zip("abc", given, strict=False)]


@pytest.mark.parametrize("given", [(50, 50), (80, 20), (60, 30, 10)])
def test_the_draw_keeps_the_shares_and_is_the_same_each_time(given: tuple[int, ...]) -> None:
    variants = shares(*given)
    found = [rules.variant_of(":opening::", number, variants)["code"] for number in range(5000)]
    again = [
        rules.variant_of(":opening::", number, variants[::-1])["code"] for number in range(5000)
    ]
    assert found == again
    counted = Counter(found)
    for code, share in zip("abc", given, strict=False):
        chance = share / 100
        assert abs(counted[code] - 5000 * chance) < 5 * (5000 * chance * (1 - chance)) ** 0.5


def test_changed_shares_move_leads_to_the_variant_that_grew_alone() -> None:
    before, after = shares(50, 50), shares(40, 60)
    moved_to = Counter(
        (
            rules.variant_of("x", number, before)["code"],
            rules.variant_of("x", number, after)["code"],
        )
        for number in range(2000)
    )
    assert moved_to["b", "a"] == 0
    assert 0 < moved_to["a", "b"] < 2000 * 0.15


# --- what came of it ----------------------------------------------------------------------------
def test_what_is_on_the_screen_of_a_call_is_counted_by_variant(branch: Branch) -> None:
    reveals.set_usual_rule(effective_date=dt.date(2020, 1, 1), at=AT)
    row = script_in_use(AT, "一", "二")
    me = caller(branch)
    leads = [lead(branch, priority=90 - place) for place in range(4)]
    drawn = {one.pk: rules.variant_of(":opening::", one.pk, row.variants)["code"] for one in leads}
    for place, one in enumerate(leads):
        operations.next_lead(caller=me, at=AT)
        operations.show_number(caller=me, at=AT)
        if place < 3:
            called(me, AT)
        else:
            operations.put_down(caller_id=me.pk, at=AT)
        assert ScriptUse.objects.get(hold__lead=one).variant == drawn[one.pk]
    operations.claim_lead(lead_id=leads[0].pk, actor=me, at=AT)
    operations.end_lead(lead_id=leads[0].pk, state=LeadState.WON, actor=me, at=AT)
    found, _verdict = queries.fared(row)
    heard = [drawn[one.pk] for one in leads[:3]]
    assert {one.code: (one.won.of, one.won.whole) for one in found} == {
        code: (int(drawn[leads[0].pk] == code), heard.count(code)) for code in ("a", "b")
    }
    with translation.override("en"):
        assert queries.fared(row)[1] == [
            "Not enough yet: each variant needs calls to 100 leads to be compared."
        ]


def test_interest_counts_besides_applications(branch: Branch) -> None:
    row = script_in_use(AT, "一", "二")
    me = caller(branch)
    outcome("keen", is_interested=True)
    leads = [lead(branch, priority=90 - place) for place in range(3)]
    for place in range(3):
        hold = operations.next_lead(caller=me, at=AT)
        operations.note_scripts(hold=hold, at=AT)
        called(me, AT, code="keen" if place < 2 else "tried")
    operations.claim_lead(lead_id=leads[0].pk, actor=me, at=AT)
    operations.end_lead(lead_id=leads[0].pk, state=LeadState.WON, actor=me, at=AT)
    operations.claim_lead(lead_id=leads[2].pk, actor=me, at=AT)
    operations.end_lead(lead_id=leads[2].pk, state=LeadState.LOST, actor=me, at=AT)
    found, _verdicts = queries.fared(row)
    assert sum(one.interested.of for one in found) == 2
    assert sum(one.won.of for one in found) == 1
    assert {one.interested.whole for one in found} == {one.won.whole for one in found}


def many(row: CallScript, branch: Branch, counts: dict[str, tuple[int, int, int]]) -> None:
    """Of each variant so many leads that were called, were interested, and applied."""
    keen, tried = outcome("keen", is_interested=True), outcome()
    for code, (leads, interested, won) in counts.items():
        me = caller(branch)
        for place in range(leads):
            one = lead(branch, owner=me if place < won else None)
            hold = held(one, me, AT)
            ScriptUse.objects.create(hold=hold, script=row, variant=code, at=AT)
            LeadCall.objects.create(
                hold=hold, lead=one, caller=me, callee=one.callee, called_at=hold.called_at,
                wrapped_at=hold.called_at, disposition=keen if place < interested else tried,
                next_step="again", again_at=AT + dt.timedelta(days=1),
            )  # fmt: skip
            if place < won:
                operations.end_lead(lead_id=one.pk, state=LeadState.WON, actor=me, at=AT)


def test_each_measure_has_its_own_winner(branch: Branch) -> None:
    row = script_in_use(AT, "一", "二")
    many(row, branch, {"a": (100, 60, 4), "b": (100, 20, 5)})
    found, _verdicts = queries.fared(row)
    assert [(one.interested.of, one.won.of, one.won.whole) for one in found] == [
        (60, 4, 100), (20, 5, 100),
    ]  # fmt: skip
    with translation.override("en"):
        assert queries.fared(row)[1] == [
            "By interest: A is ahead of all others by more than chance.",
            "By applications: No winner: that one is ahead of all others is not shown.",
        ]


# --- the database -------------------------------------------------------------------------------
def refused_by(work: Callable[[], Any]) -> str | None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        work()
    return getattr(getattr(refused.value.__cause__, "diag", None), "constraint_name", None)


@pytest.mark.parametrize("variants", [
    [], {}, [{**VARIANTS[0], "share": 99}], [{**VARIANTS[0], "code": "b"}],
    [{**VARIANTS[0], "body": ""}], [{**VARIANTS[0], "share": 50}] * 2,
    [{"code": "a", "share": 100, "body": "x"}], [{**VARIANTS[0], "body": "长" * 1001}],
])  # fmt: skip
def test_variants_are_one_to_three_and_whole(variants: Any) -> None:
    maker = StaffFactory()
    assert refused_by(
        lambda: CallScript.objects.create(
            stage="opening", number=1, variants=variants, proposed_by=maker, proposed_at=AT
        )
    ) == "call_script_variants_whole"  # fmt: skip
    assert CallScript.objects.count() == 0


def test_a_script_is_not_changed_removed_or_approved_by_hand() -> None:
    row = script(AT)
    checker = StaffFactory(role="approver")

    def by(sql: str, *values: Any) -> Callable[[], Any]:
        return lambda: connection.cursor().execute(sql, list(values))

    table = "journeys_callscript"
    assert refused_by(by(f"UPDATE {table} SET variants = '[]'")) == "call_script_stays"
    assert refused_by(by(f"DELETE FROM {table}")) == "call_script_stays"
    assert refused_by(
        by(f"UPDATE {table} SET state = 'approved', settled_by_id = %s, settled_at = now()",
           checker.pk)
    ) == "call_script_is_approved"  # fmt: skip
    row.refresh_from_db()
    assert row.is_proposed


# --- the pages ----------------------------------------------------------------------------------
def test_a_script_goes_from_the_form_to_the_screen(branch: Branch, client_of: ClientOf) -> None:
    reveals.set_usual_rule(effective_date=dt.date(2020, 1, 1), at=AT)
    manager = client_of(StaffFactory(role="campaign_manager", language="en"))
    data = {
        "stage": "opening", "product": "", "segment": "", "mood": "", "evidence": "",
        "body_a": "您好", "body_en_a": "Good day, {person}", "share_a": "100",
        "body_b": "", "body_en_b": "", "share_b": "", "body_c": "", "body_en_c": "", "share_c": "",
    }  # fmt: skip
    bad = manager.post(reverse("script_new"), {**data, "share_a": "90"})
    assert (bad.status_code, CallScript.objects.count()) == (422, 0)
    assert press(manager, "script_new", data) == [
        "Proposed. Callers see it once somebody else approves it."
    ]
    row, asked = CallScript.objects.get(), Submission.objects.get()
    checker = client_of(StaffFactory(role="approver", language="en"))
    page = checker.get(reverse("approval_page", args=[asked.pk])).content.decode()
    assert "A (100 %): Good day, {person}" in page
    checker.post(reverse("approval_approve", args=[asked.pk]), {})
    angry = script_in_use(clock.now(), "抱歉打扰", mood="angry")
    me = caller(branch, language="en")
    lead(branch)
    mine = client_of(me)
    press(mine, "lead_next")
    assert "Good day, 李**" in mine.get(reverse("call_screen")).content.decode()
    assert ScriptUse.objects.count() == 0
    mine.post(reverse("call_number"))
    shown = mine.post(reverse("call_script"), {"mood_before": "angry", "product": ""})
    assert ("EN 抱歉打扰" in shown.content.decode(), "Good day" in shown.content.decode()) == (
        True, False,
    )  # fmt: skip
    helps = shown.context["helps"]
    assert {move.mood for move in helps} == {"angry"}
    assert all(escape(move.words_en) in shown.content.decode() for move in helps)
    calm = mine.post(reverse("call_script"), {"mood_before": "", "product": ""})
    assert calm.context["helps"] == []
    assert set(ScriptUse.objects.values_list("script", flat=True)) == {row.pk, angry.pk}
    page = manager.get(reverse("script_page", args=[row.pk])).content.decode()
    assert "It has one text alone: there is nothing to compare." in page
    form = manager.get(reverse("script_new"), {"of": row.pk}).context["form"]
    assert form.initial["body_en_a"] == "Good day, {person}"
    withdrawn = client_of(StaffFactory(role="compliance", language="en"))
    assert press(withdrawn, "script_withdraw", {"reason": "改版"}, script_id=row.pk) == [
        "Withdrawn. Callers do not see it any more."
    ]
    assert press(mine, "script_withdraw", {"reason": "xx"}, script_id=angry.pk) == [
        "You may read what callers are shown and say, not change it."
    ]
