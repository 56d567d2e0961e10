"""The table of moves, its guards and its days; evidence and playbooks as they are kept."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from merchants.partnerships.enums import Phase
from merchants.partnerships.rules import evidence, moves, playbooks

DAY = dt.date(2026, 3, 1)
LIMITS = moves.Limits(14, 30, 60, 10, 5)


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def facts(phase: str, *, since: int = 100, **values: Any) -> moves.Facts:
    usual: dict[str, Any] = {
        "phase": phase, "since": DAY - days(since), "on": DAY, "peers": 2,
        "has_contract": True, "turnover_change": Decimal(0),
    }  # fmt: skip
    return moves.Facts(**{**usual, **values})


def test_the_table_of_moves() -> None:
    assert {before: moves.targets(before) for before in Phase.values} == {
        "prospect": ["comparison", "confirmed", "ended"],
        "comparison": ["confirmed", "ended"],
        "confirmed": ["perfect", "wavering", "adjustment", "ended"],
        "perfect": ["wavering", "adjustment", "ended"],
        "wavering": ["perfect", "adjustment", "comparison", "ended"],
        "adjustment": ["confirmed", "wavering", "comparison", "ended"],
        "ended": [],
    }


@pytest.mark.parametrize(("before", "after"), sorted(moves.MOVES))
def test_every_move_is_open_where_nothing_lacks(before: str, after: str) -> None:
    assert moves.judge(facts(before), after, LIMITS) == moves.Verdict()


@pytest.mark.parametrize("before", Phase.values)
def test_every_other_pair_is_refused(before: str) -> None:
    for after in set(Phase.values) - set(moves.targets(before)):
        verdict = moves.judge(facts(before), after, LIMITS)
        assert len(verdict.refused) == 1
        assert not verdict.is_open


@pytest.mark.parametrize(("peers", "is_open"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_comparison_needs_somebody_to_compare_with(peers: int, is_open: bool) -> None:
    verdict = moves.judge(facts("prospect", peers=peers), "comparison", LIMITS)
    assert (verdict.is_open, verdict.needs_second) == (is_open, False)


def test_confirmed_needs_a_contract_that_holds_or_a_second_person() -> None:
    for has_contract in (True, False):
        held = facts("comparison", has_contract=has_contract)
        assert moves.judge(held, "confirmed", LIMITS).needs_second is not has_contract


@pytest.mark.parametrize(
    ("since", "change", "asks"),
    [
        (59, "0", True), (60, "0", False), (61, "0", False), (60, "-10.0", False),
        (60, "-10.1", True), (60, "9", False), (60, None, True),
    ],
)  # fmt: skip
def test_perfect_needs_days_and_turnover_that_held(
    since: int, change: str | None, asks: bool
) -> None:
    stood = facts(
        "confirmed", since=since, turnover_change=None if change is None else Decimal(change)
    )
    verdict = moves.judge(stood, "perfect", LIMITS)
    assert (verdict.is_open, verdict.needs_second) == (True, asks)


@pytest.mark.parametrize(("since", "asks"), [(0, True), (13, True), (14, False), (15, False)])
def test_a_phase_lasts_some_days(since: int, asks: bool) -> None:
    verdict = moves.judge(facts("perfect", since=since), "wavering", LIMITS)
    assert verdict.needs_second is asks
    assert verdict.free_from == (DAY + days(14 - since) if asks else None)
    if asks:
        assert str(verdict.free_from) in verdict.asks[0]


@pytest.mark.parametrize(("left", "asks"), [(1, True), (29, True), (30, False), (31, False)])
def test_nothing_returns_within_days(left: int, asks: bool) -> None:
    back = facts("perfect", last_left={"wavering": DAY - days(left)})
    verdict = moves.judge(back, "wavering", LIMITS)
    assert verdict.needs_second is asks
    assert verdict.free_from == (DAY + days(30 - left) if asks else None)


def test_an_end_and_a_prospect_wait_for_no_day() -> None:
    assert moves.judge(facts("perfect", since=0), "ended", LIMITS) == moves.Verdict()
    assert moves.judge(facts("prospect", since=0), "comparison", LIMITS) == moves.Verdict()


def test_the_rule_names_moves_that_need_a_second_person() -> None:
    limits = moves.Limits(14, 30, 60, 10, 5, frozenset({"perfect-ended"}))
    assert moves.judge(facts("perfect"), "ended", limits).needs_second
    assert not moves.judge(facts("wavering"), "ended", limits).needs_second


def test_evidence_is_kept_and_read_with_what_nobody_knows() -> None:
    known = evidence.Measure("turnover", Decimal("12.30"), DAY, DAY + days(90), "x")
    whole = evidence.gathered(DAY, [known, evidence.Measure("more", Decimal(1))])
    assert [row.code for row in whole.measures] == [*evidence.LABELS, "more"]
    assert whole.value("complaints") is None
    assert evidence.read(whole.as_json()) == whole
    with pytest.raises(ValueError, match="9"):
        evidence.read({**whole.as_json(), "schema": 9})


@pytest.mark.parametrize(
    ("now", "before", "year_ago", "change"),
    [
        ("90", "100", None, "-10.0"), ("90", "100", "80", "12.5"), ("90", None, None, None),
        (None, "100", "80", None), ("90", "0", None, None), ("0", "100", None, "-100.0"),
    ],
)  # fmt: skip
def test_turnover_is_held_against_a_year_ago_before_the_span_before(
    now: str | None, before: str | None, year_ago: str | None, change: str | None
) -> None:
    given = {"turnover": now, "turnover_before": before, "turnover_year_ago": year_ago}
    known = [
        evidence.Measure(code, None if value is None else Decimal(value))
        for code, value in given.items()
    ]
    found = evidence.change_percent(evidence.gathered(DAY, known))
    assert found == (None if change is None else Decimal(change))


@pytest.mark.parametrize(
    ("code", "value", "said"),
    [
        ("turnover", "154409.95", "¥154,409.95"), ("campaign_cost", "-0.50", "-¥0.50"),
        ("turnover_trend", "-57.7", "-57.7 %"), ("new_cards", "1204", "1,204"),
        ("contract_days", "0", "0"), ("complaints", None, ""),
    ],
)  # fmt: skip
def test_a_measure_is_said_with_its_unit(code: str, value: str | None, said: str) -> None:
    measure = evidence.Measure(code, None if value is None else Decimal(value))
    assert measure.said == said


def test_a_playbook_is_kept_and_typed_without_loss() -> None:
    words = playbooks.Words("目标", "Goal")
    whole = playbooks.Content((words,), (playbooks.PlannedTask(5, words),), (words, words), ())
    assert playbooks.read(whole.as_json()) == whole
    lines = whole.as_lines()
    assert playbooks.read_words(lines["goals"]) == whole.goals
    assert playbooks.read_tasks(lines["tasks"]) == whole.tasks
    assert playbooks.read_words("\n\n") == ()


@pytest.mark.parametrize("line", ["目标", "目标 |", "| x", "a | b | c"])
def test_a_line_that_cannot_be_read_says_which(line: str) -> None:
    with pytest.raises(playbooks.BadLine, match="2"):
        playbooks.read_words(f"好 | Good\n{line}")


@pytest.mark.parametrize("days_", ["", "-1", "x", "251", "1.5"])
def test_days_of_a_task_are_a_number(days_: str) -> None:
    with pytest.raises(playbooks.BadLine):
        playbooks.read_tasks(f"{days_} | 事 | Thing")
    assert playbooks.read_tasks("250 | 事 | Thing")[0].days == 250
