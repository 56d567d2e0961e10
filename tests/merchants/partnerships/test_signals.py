"""From evidence besides turnover to moves: limits, what was told before, and the way back."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from merchants.evidence.rules.findings import Finding
from merchants.partnerships.enums import EvidenceKind as K
from merchants.partnerships.rules import moves, proposals, reasons, signals
from merchants.partnerships.rules.evidence import Measure

ON = dt.date(2026, 6, 3)
RULES = {
    K.RIVALS: signals.Rule(1, 0, 10), K.CONTRACT: signals.Rule(60, 90, 10),
    K.MERCHANT_BROKE: signals.Rule(2, 0, 5), K.BANK_BROKE: signals.Rule(2, 0, 5),
    K.COMPLAINTS: signals.Rule(3, 1, 3), K.KEPT: signals.Rule(3, 0, 0),
}  # fmt: skip
BACK = {
    "rival_offers": 20, "promises_merchant": 365, "promises_bank": 365, "complaints": 90,
    "promises_bank_kept": 365, "promises_merchant_kept": 365,
}  # fmt: skip


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def known(**values: int) -> dict[str, Measure]:
    """Measures of a day: counts of the days before it, and the days left of a contract."""
    rows = {
        code: Measure(code, Decimal(value), ON - days(BACK[code]), ON + days(1), "x")
        for code, value in values.items()
        if code != "contract_lapses"
    }
    if "contract_lapses" in values:
        left = values["contract_lapses"]
        end = ON + days(left + 1)
        rows["contract_lapses"] = Measure("contract_lapses", Decimal(left), None, end, "x")
    return rows


def heard(phase: str, told: Any = None, **values: int) -> list[tuple[str, str, bool]]:
    found = signals.signals(phase, known(**values), RULES, told or {})
    return [(one.kind.value, one.to, one.is_fresh) for one in found]


def test_evidence_leads_by_moves_of_the_table_alone() -> None:
    pairs = {pair for row in signals.TABLE.values() for pair in row.moves.items()}
    assert pairs <= set(moves.MOVES)
    assert list(signals.TABLE) == list(K)
    assert {"perfect", "confirmed", "adjustment"} <= {
        before for before, after in pairs if after in {"wavering", "adjustment", "comparison"}
    }


@pytest.mark.parametrize(
    ("kind", "code", "phase", "to", "below", "limit"),
    [
        (K.RIVALS, "rival_offers", "confirmed", "wavering", 0, 1),
        (K.RIVALS, "rival_offers", "perfect", "wavering", 0, 1),
        (K.RIVALS, "rival_offers", "wavering", "comparison", 0, 1),
        (K.RIVALS, "rival_offers", "adjustment", "comparison", 0, 1),
        (K.RIVALS, "rival_offers", "prospect", "comparison", 0, 1),
        (K.CONTRACT, "contract_lapses", "confirmed", "adjustment", 61, 60),
        (K.CONTRACT, "contract_lapses", "perfect", "adjustment", 61, -5),
        (K.MERCHANT_BROKE, "promises_merchant", "perfect", "wavering", 1, 2),
        (K.MERCHANT_BROKE, "promises_merchant", "adjustment", "wavering", 1, 2),
        (K.BANK_BROKE, "promises_bank", "confirmed", "adjustment", 1, 2),
        (K.BANK_BROKE, "promises_bank", "wavering", "adjustment", 1, 2),
        (K.COMPLAINTS, "complaints", "confirmed", "adjustment", 2, 3),
        (K.COMPLAINTS, "complaints", "wavering", "adjustment", 2, 4),
    ],
)
def test_each_kind_alone_speaks_from_its_limit_on(
    kind: K, code: str, phase: str, to: str, below: int, limit: int
) -> None:
    assert heard(phase, **{code: below}) == []
    assert heard(phase, **{code: limit}) == [(kind.value, to, True)]
    assert heard("ended", **{code: limit}) == heard(phase) == []
    assert signals.signals(phase, known(**{code: limit}), {}, {}) == []  # nobody listens


def test_promises_kept_by_both_sides_speak_for_the_way_back_and_by_one_do_not() -> None:
    kept = {"promises_bank_kept": 3, "promises_merchant_kept": 4}
    assert heard("adjustment", **kept) == [("kept", "confirmed", True)]
    assert heard("wavering", **kept) == [("kept", "perfect", True)]
    assert heard("confirmed", **kept) == [("kept", "perfect", True)]
    assert heard("perfect", **kept) == []
    for side in kept:
        assert heard("adjustment", **{**kept, side: 2}) == []
        assert heard("adjustment", **{side: 9}) == []


@pytest.mark.parametrize(
    ("values", "is_over"),
    [
        ({"complaints": 1}, True), ({"complaints": 2}, False),  # below its limit, and not over
        ({"rival_offers": 0}, True), ({"promises_bank": 1}, False),
        ({"contract_lapses": 91}, True), ({"contract_lapses": 90}, False),
    ],
)  # fmt: skip
def test_the_way_back_waits_until_what_loosened_the_bond_is_over(
    values: dict[str, int], is_over: bool
) -> None:
    kept = {"promises_bank_kept": 3, "promises_merchant_kept": 3}
    assert heard("adjustment", **kept, **values) == (
        [("kept", "confirmed", True)] if is_over else []
    )


def test_what_was_told_speaks_again_with_a_full_limit_more_or_when_all_of_it_is_later() -> None:
    told = {K.COMPLAINTS: [signals.Told(ON - days(10), Decimal(3))]}
    for number, is_fresh in ((3, False), (5, False), (6, True)):
        found = heard("confirmed", told, complaints=number)
        assert found == [("complaints", "adjustment", is_fresh)]
    for back, is_fresh in ((89, False), (90, False), (91, True)):
        before = {K.COMPLAINTS: [signals.Told(ON - days(back), Decimal(3))]}
        found = heard("confirmed", before, complaints=3)
        assert found == [("complaints", "adjustment", is_fresh)]


def test_the_same_end_of_a_contract_is_told_once() -> None:
    [one] = signals.signals("perfect", known(contract_lapses=40), RULES, {})
    kind, told = signals.told_by(one.reason, ON) or (None, None)
    assert (kind, told and told.last) == (K.CONTRACT, str(ON + days(40)))
    before = {K.CONTRACT: [told]}
    assert heard("perfect", before, contract_lapses=40) == [("contract", "adjustment", False)]
    assert heard("perfect", before, contract_lapses=39) == [("contract", "adjustment", True)]


def test_what_the_last_move_was_made_with_is_no_news_but_the_end_of_a_contract_is() -> None:
    told: dict[K, list[signals.Told]] = {}
    for kind, one in signals.told_in(known(rival_offers=1, contract_lapses=50), ON):
        told.setdefault(kind, []).append(one)
    assert set(told) == {K.RIVALS}
    assert heard("confirmed", told, rival_offers=1) == [("rivals", "wavering", False)]
    assert heard("confirmed", told, rival_offers=2) == [("rivals", "wavering", True)]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_reasons_are_said_with_their_figures(language: str) -> None:
    values = {code: 7 for code in BACK}
    kinds = signals.signals("confirmed", known(contract_lapses=40, **values), RULES, {})
    kinds += signals.signals("confirmed", known(contract_lapses=-4), RULES, {})
    kept = {"promises_bank_kept": 7, "promises_merchant_kept": 8}
    kinds += signals.signals("confirmed", known(**kept), RULES, {})
    with translation.override(language):
        said = [reasons.sentence(one.reason) for one in kinds]
        stake = reasons.sentence({"code": "at_stake", "percent": 10, "amount": 12_000})
        named = reasons.rests_on([one.reason for one in kinds] + [{"code": "fell"}])
    figures = [
        ["2026-05-14", "7"], ["2026-07-13", "40", "60"], ["2025-06-03", "7"], ["2025-06-03", "7"],
        ["2026-03-05", "7"], ["2026-05-30"], ["7", "8"],
    ]  # fmt: skip
    assert [all(one in text for one in shown) for text, shown in zip(said, figures, strict=True)]
    for text, shown in zip(said, figures, strict=True):
        assert [one for one in shown if one not in text] == []
        assert "{" not in text
    assert "10 %" in stake
    assert "¥12,000" in stake
    assert len(named) == len(K) + 1
    assert len(set(said)) == len(said)


def fall(yearly: int, phase: str = "wavering") -> tuple[Finding, str]:
    row = Finding(1, ON, "declining", Decimal(1), 0.0, 104, yearly=Decimal(yearly),
                  reasons=[{"code": "loss", "amount": -yearly}])  # fmt: skip
    return row, phase


def signal(kind: K, to: str, stake: int | None = None, *, is_fresh: bool = True) -> signals.Signal:
    amount = None if stake is None else Decimal(stake)
    return signals.Signal(kind, to, {"code": kind.value}, is_fresh, 10, amount)


def test_a_fall_comes_first_then_what_is_open_then_the_larger() -> None:
    finding, to = fall(-5)
    told = [signal(K.COMPLAINTS, "adjustment", 900), signal(K.KEPT, "perfect")]
    found = proposals.cases(finding, to, told, "")
    assert [case.to for case in found] == ["wavering", "adjustment"]  # nothing good while it falls
    told = [signal(K.RIVALS, "comparison", 5), signal(K.BANK_BROKE, "adjustment", 900)]
    assert [case.to for case in proposals.cases(None, "", told, "")] == ["adjustment", "comparison"]
    assert [case.to for case in proposals.cases(None, "", told, "comparison")] == [
        "comparison", "adjustment",
    ]  # fmt: skip
    [case] = proposals.cases(*fall(-5), [signal(K.RIVALS, "wavering", 70)], "")
    assert (case.yearly, case.is_good) == (Decimal(75), False)
    assert [one["code"] for one in case.reasons] == ["loss", "rivals", "at_stake"]


def test_the_order_follows_from_the_figures_whatever_order_they_come_in() -> None:
    rng = random.Random(8)
    told = [
        signal(K.RIVALS, "comparison", 3), signal(K.BANK_BROKE, "adjustment", 8),
        signal(K.COMPLAINTS, "adjustment", 2), signal(K.KEPT, "perfect", None),
    ]  # fmt: skip
    found = set()
    for _draw in range(20):
        rng.shuffle(told)
        found.add(tuple(case.to for case in proposals.cases(None, "", told, "")))
    assert found == {("adjustment", "comparison", "perfect")}


def test_what_was_told_is_left_out_and_the_rest_is_told() -> None:
    finding, to = fall(-5)
    over = Finding(1, ON, "steady", Decimal(1), 0.0, 104,
                   reasons=[{"code": "recovered", "on": "2026-01-05"}])  # fmt: skip
    stale = signal(K.RIVALS, "wavering", is_fresh=False)
    assert proposals.fresh(proposals.Case(to, None, (stale,)), []) is None
    left = proposals.fresh(proposals.Case("perfect", over, (signal(K.KEPT, "perfect"),)),
                           [over.reasons])  # fmt: skip
    assert left is not None
    assert (left.finding, [one.kind for one in left.signals]) == (None, [K.KEPT])
    assert proposals.fresh(proposals.Case(to, finding, (stale,)), [over.reasons]) == (
        proposals.Case(to, finding, ())
    )


def test_the_stake_is_a_share_of_a_years_turnover() -> None:
    one = signal(K.RIVALS, "wavering")
    assert signals.stake_of(one, Decimal(90_000)) == Decimal(36_500)
    assert signals.stake_of(one, None) is None
    assert signals.stake_of(one, Decimal(0)) is None
