"""What our cards have against those of rivals: dated, sourced, approved, and gone at its minute."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from journeys.models import ProductFact
from journeys.telemarketing import operations, queries
from portal.approvals import operations as approvals
from portal.kit import clock
from portal.kit.registry import registry
from portal.models import AuditEntry, Submission
from tests.factories import scripts
from tests.factories.journeys import INSTANT, ProductFactory
from tests.factories.portal import StaffFactory
from tests.factories.scripts import SAID, approved, decide, proposed

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)


def told(at: dt.datetime) -> list[str]:
    return [fact.ours for fact in queries.standing_facts(at=at)]


def refusal(**changes: Any) -> str:
    with pytest.raises(operations.TextRefused) as refused:
        proposed(INSTANT, **changes)
    assert ProductFact.objects.count() == 0
    assert Submission.objects.count() == 0
    return str(refused.value)


def test_a_fact_is_told_once_another_person_approved_it() -> None:
    maker = StaffFactory(role="campaign_manager")
    row = proposed(INSTANT, maker=maker)
    assert (row.state, told(INSTANT)) == ("proposed", [])
    asked = Submission.objects.get()
    assert (asked.kind, asked.snapshot["theirs"]) == ("product_fact", "年费 600 元")
    with pytest.raises(approvals.OwnWork):
        approvals.decide(
            submission_id=asked.pk, checker=maker, verdict="approve", reason="", at=INSTANT
        )
    decide(row, "product_fact", INSTANT)
    assert (row.state, told(INSTANT)) == ("approved", [SAID["ours"]])
    entries = AuditEntry.objects.filter(action__startswith="product_fact")
    assert [one.action for one in entries] == ["product_fact.approved"]


def test_it_is_gone_at_its_minute_and_not_before() -> None:
    end = INSTANT + 5 * DAY
    approved(INSTANT, valid_until=end)
    assert told(end - dt.timedelta(microseconds=1)) == [SAID["ours"]]
    assert told(end) == []
    assert queries.packaging(at=end) == []
    (one,) = queries.packaging(at=end - MINUTE)
    assert (one.product.code, one.first_end) == ("GOLD", end)


def test_a_card_that_is_not_on_offer_any_more_is_compared_no_more() -> None:
    card = ProductFactory(code="OLD")
    approved(INSTANT, product=card)
    card.is_active = False
    card.save()
    assert told(INSTANT) == []


def test_the_next_one_of_its_aspect_replaces_it() -> None:
    first = approved(INSTANT)
    other = approved(INSTANT, aspect="points")
    second = approved(INSTANT + DAY, ours="终身免年费", valid_until=INSTANT + 9 * DAY)
    for row in (first, other):
        row.refresh_from_db()
    assert [row.state for row in (first, other, second)] == ["replaced", "approved", "approved"]
    # The one before does not come back where its successor is over.
    assert told(INSTANT + 9 * DAY) == [other.ours]


@pytest.mark.parametrize(("changes", "word"), [
    ({"theirs": "他行的卡收费高"}, "他行的卡收费高"),
    # Said of a rival by its name, or of no name at all.
    ({"theirs": "服务差劲，年费 600 元"}, "他行服务差劲"),
    ({"theirs": "某某银行乱收费"}, "他行乱收费"),
    ({"theirs_en": "Is slow, with a fee of CNY 600"}, "other banks are slow"),
    ({"ours": "全国最佳信用卡"}, "最佳"),
])  # fmt: skip
def test_nobody_is_belittled_and_nothing_is_boasted(changes: Any, word: str) -> None:
    with translation.override("en"):
        told = refusal(**changes)
    assert (told.startswith("Forbidden in advertising: "), word in told) == (True, True)


@pytest.mark.parametrize(("changes", "words"), [
    ({"source_date": dt.date(2026, 3, 3)}, "The source is not there yet: its day lies ahead."),
    ({"valid_until": INSTANT}, "It would be over already: give a later end."),
    ({"source_date": dt.date(2025, 5, 29)},
     "A source is good for a year at most: give an earlier end, or a newer source."),
    ({"ours_en": " "}, "A fact says what ours has and what theirs has, and names its source."),
    ({"source": "致电 13812345678"},
     "A phone, card or ID number or an address has no place here."),
])  # fmt: skip
def test_what_is_no_fact_is_refused_in_a_sentence(changes: Any, words: str) -> None:
    with translation.override("en"):
        assert refusal(**changes) == words


def test_without_a_check_of_wording_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "wording", None)
    with translation.override("en"):
        assert refusal() == (
            "There is no check of wording, so nothing is taken. Tell an administrator."
        )


def test_only_those_who_write_scripts_write_facts() -> None:
    for role in ("telemarketer", "branch_manager", "compliance", "approver"):
        with pytest.raises(operations.TextRefused):
            proposed(INSTANT, maker=StaffFactory(role=role))
    assert ProductFact.objects.count() == 0


def test_two_of_one_aspect_do_not_wait_at_once() -> None:
    proposed(INSTANT)
    with pytest.raises(operations.TextRefused):
        proposed(INSTANT)
    assert ProductFact.objects.count() == 1
    proposed(INSTANT, aspect="points")
    assert Submission.objects.count() == 2


def test_what_expired_meanwhile_is_not_approved() -> None:
    row = proposed(INSTANT, valid_until=INSTANT + DAY)
    with pytest.raises(approvals.NotReady):
        decide(row, "product_fact", INSTANT + DAY)
    row.refresh_from_db()
    assert row.is_proposed
    decide(row, "product_fact", INSTANT + DAY, verdict="return")
    assert (row.state, told(INSTANT)) == ("refused", [])


def test_it_is_withdrawn_by_those_who_may_with_a_reason() -> None:
    row = approved(INSTANT)
    compliance = StaffFactory(role="compliance")
    for actor, reason in ((StaffFactory(role="telemarketer"), "x"), (compliance, " ")):
        with pytest.raises(operations.TextRefused):
            operations.withdraw_fact(fact_id=row.pk, reason=reason, actor=actor, at=INSTANT)
    assert told(INSTANT) == [row.ours]
    operations.withdraw_fact(fact_id=row.pk, reason="来源已更新", actor=compliance, at=INSTANT)
    row.refresh_from_db()
    assert (row.state, row.withdrawn_why, told(INSTANT)) == ("withdrawn", "来源已更新", [])
    with pytest.raises(operations.TextRefused):
        operations.withdraw_fact(fact_id=row.pk, reason="x", actor=compliance, at=INSTANT)


# --- what the database holds, whoever asks ------------------------------------------------------
def refused_by(sql: str, *values: Any) -> str | None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        connection.cursor().execute(sql, list(values))
    return getattr(getattr(refused.value.__cause__, "diag", None), "constraint_name", None)


def test_a_fact_is_not_changed_removed_or_approved_by_hand() -> None:
    row, other = proposed(INSTANT), approved(INSTANT, aspect="points")
    table = "journeys_productfact"
    for sql, rule in (
        (f"UPDATE {table} SET ours = 'x'", "product_fact_stays"),
        (f"UPDATE {table} SET valid_until = valid_until + interval '1 day'", "product_fact_stays"),
        (f"DELETE FROM {table}", "product_fact_stays"),
        (f"UPDATE {table} SET state = 'proposed' WHERE state = 'approved'", "product_fact_stays"),
    ):
        assert refused_by(sql) == rule
    checker = StaffFactory(role="approver")
    assert refused_by(
        f"UPDATE {table} SET state = 'approved', settled_by_id = %s, settled_at = now() "
        "WHERE id = %s", checker.pk, row.pk,
    ) == "product_fact_is_approved"  # fmt: skip
    for one in (row, other):
        state = one.state
        one.refresh_from_db()
        assert one.state == state


def test_a_fact_is_about_an_own_card_and_of_its_time() -> None:
    row = proposed(INSTANT)
    names = (
        "product_id, rival_issuer, rival_product, aspect, ours, ours_en, theirs, theirs_en, "
        "source, source_date, valid_until, state, proposed_by_id, proposed_at, withdrawn_why"
    )

    def copied(**changes: str) -> str | None:
        columns = [
            changes.get(name, {"aspect": "'points'"}.get(name, name)) for name in names.split(", ")
        ]
        return refused_by(
            f"INSERT INTO journeys_productfact ({names}) SELECT {', '.join(columns)} "
            "FROM journeys_productfact WHERE id = %s", row.pk,
        )  # fmt: skip

    rival = ProductFactory(code="RIVAL", is_own=False)
    assert copied(product_id=str(rival.pk)) == "product_fact_of_own_product"
    assert copied(source_date="DATE '2026-03-03'") == "product_fact_source_is_there"
    assert copied(source_date="DATE '2025-05-01'") == "product_fact_is_of_its_time"
    assert ProductFact.objects.count() == 1


# --- the pages ----------------------------------------------------------------------------------
def test_a_fact_goes_from_the_form_to_the_callers(client_of: ClientOf) -> None:
    now = clock.now()
    manager = client_of(StaffFactory(role="campaign_manager", language="en"))
    end = clock.bank_time(now + 20 * DAY).replace(second=0, microsecond=0)
    data = {
        **SAID, "product": ProductFactory().pk, "source_date": str(clock.today() - DAY),
        "valid_until": f"{end:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    bad = manager.post(reverse("fact_new"), {**data, "theirs": "服务差劲"})
    assert (bad.status_code, ProductFact.objects.count()) == (422, 0)
    assert "Forbidden in advertising" in bad.content.decode()
    answer = manager.post(reverse("fact_new"), data, follow=True)
    assert [str(one) for one in answer.context["messages"]] == [
        "Proposed. Callers see it once somebody else approves it."
    ]
    row = ProductFact.objects.get()
    assert row.valid_until == end
    checker = StaffFactory(role="approver", language="en")
    page = client_of(checker).get(reverse("approval_page", args=[Submission.objects.get().pk]))
    assert "Gold card: No fee in the first year" in page.content.decode()
    client_of(checker).post(reverse("approval_approve", args=[Submission.objects.get().pk]), {})
    row.refresh_from_db()
    assert row.is_approved
    # It ends within 30 days: the one who writes is told so, until a successor waits.
    home = manager.get(reverse("home")).content.decode()
    assert "Facts about cards that end soon" in home
    listed = manager.get(reverse("fact_list"), {"show": "expiring"})
    assert list(listed.context["page"].rows) == [row]
    again = manager.get(reverse("fact_new"), {"of": row.pk}).context["form"].initial
    assert (again["ours"], "valid_until" in again) == (row.ours, False)
    scripts.proposed(now, maker=StaffFactory(role="campaign_manager"))
    assert "Facts about cards that end soon" not in manager.get(reverse("home")).content.decode()
    withdrawn = client_of(StaffFactory(role="compliance", language="en"))
    said = withdrawn.post(
        reverse("fact_withdraw", args=[row.pk]), {"reason": "来源已更新"}, follow=True
    )
    assert [str(one) for one in said.context["messages"]] == [
        "Withdrawn. Callers do not see it any more."
    ]
    caller = client_of(StaffFactory(role="telemarketer", language="en"))
    refused = caller.post(reverse("fact_withdraw", args=[row.pk]), {"reason": "xx"}, follow=True)
    assert [str(one) for one in refused.context["messages"]] == [
        "You may read what callers are shown and say, not change it."
    ]
