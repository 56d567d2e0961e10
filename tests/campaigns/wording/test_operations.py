"""Deciding about words, and what the check then finds."""

import datetime as dt
from typing import Any

import pytest

from campaigns.models import WordDecision
from campaigns.wording import operations as wording
from campaigns.wording import queries
from campaigns.wording.rules import check
from portal.models import AuditEntry
from tests.factories.campaigns import AT, ON
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
GIVEN: dict[str, Any] = {
    "word": "首爆", "state": "found", "level": "ban", "source": "合规部函〔2026〕3号",
    "effective_date": ON, "at": AT,
}  # fmt: skip


def decide(**changes: Any) -> WordDecision:
    actor = changes.pop("actor", None) or StaffFactory(role="compliance")
    return wording.decide_word(**GIVEN | {"actor": actor} | changes)


def found(text: str, on: dt.date = ON) -> list[str]:
    return [one.term for one in check(text, queries.lexicon(on=on))]


def test_a_word_is_found_from_its_day_on() -> None:
    decide(effective_date=ON + dt.timedelta(days=2))
    days = [ON + dt.timedelta(days=number) for number in range(4)]
    assert [found("首爆好礼", day) for day in days] == [[], [], ["首爆"], ["首爆"]]
    entry = AuditEntry.objects.get(action="wording.decided")
    assert (entry.reason, entry.changes) == (
        "合规部函〔2026〕3号", {"word": "首爆", "state": "found", "level": "ban"},
    )  # fmt: skip


def test_the_latest_decision_counts_on_its_day() -> None:
    later = ON + dt.timedelta(days=1)
    decide()
    decide(state="off", level="", effective_date=later)
    assert (found("首爆好礼", ON), found("首爆好礼", later)) == (["首爆"], [])
    rows = list(queries.decisions())
    assert [one.state for one in queries.dated(rows, on=ON)] == ["coming", "in_force"]
    assert [one.state for one in queries.dated(rows, on=later)] == ["in_force", "past"]


def test_an_exception_and_a_rule_switched_off() -> None:
    assert found("最佳拍档商户，满意度98%") == ["最佳", "满意度98%"]
    decide(word="最佳拍档", state="allowed", level="ban")
    decide(word="percent-claim", state="off", level="")
    assert found("最佳拍档商户，满意度98%") == []
    assert WordDecision.objects.get(word="最佳拍档").level == ""


@pytest.mark.parametrize("changes", [
    {"effective_date": ON - dt.timedelta(days=1)}, {"level": ""}, {"source": " "}, {"word": " "},
])  # fmt: skip
def test_what_may_not_be_decided(changes: dict[str, Any]) -> None:
    with pytest.raises(wording.DecisionNotAllowed):
        decide(**changes)
    assert not WordDecision.objects.exists()
    assert not AuditEntry.objects.filter(action="wording.decided").exists()


def test_a_day_has_one_decision_about_a_word() -> None:
    decide()
    with pytest.raises(wording.DecisionNotAllowed):
        decide(state="off", level="")
    assert found("首爆好礼") == ["首爆"]


def test_only_compliance_decides() -> None:
    with pytest.raises(wording.DecisionNotAllowed):
        decide(actor=StaffFactory(role="campaign_manager"))
    assert not WordDecision.objects.exists()
