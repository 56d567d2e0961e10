"""What turnover shows: season, scan, judgement, budget and words."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from django.utils import translation

from merchants.evidence.enums import TurnoverReason
from merchants.evidence.rules import chance, seasons, sentences, showing, telling, weeks
from merchants.evidence.rules.findings import Finding, Suggestion, within_budget
from merchants.evidence.rules.thresholds import CLOSED_WEEKS, FEWEST_WEEKS
from tests.merchants.evidence.shops import WEEKS, group_of, judged

END = dt.date(2026, 6, 1)  # a Monday


@pytest.mark.parametrize(
    ("on", "monday"),
    [
        (dt.date(2026, 6, 1), dt.date(2026, 6, 1)),
        (dt.date(2026, 6, 7), dt.date(2026, 6, 1)),
        (dt.date(2026, 6, 8), dt.date(2026, 6, 8)),
    ],
)
def test_a_day_knows_the_whole_weeks_before_its_monday(on: dt.date, monday: dt.date) -> None:
    assert weeks.as_of(on) == monday
    assert (monday - weeks.first_monday(monday)).days == 7 * WEEKS


def test_season_and_a_festival_that_moves_are_taken_out() -> None:
    amounts = group_of(spread=0.02)
    found = judged(amounts).even
    assert np.std(amounts, axis=1).mean() / amounts.mean() > 0.2
    assert np.nanstd(found / np.nanmean(found, axis=1, keepdims=True), axis=1).max() < 0.06


def test_a_merchant_without_a_group_keeps_its_season() -> None:
    """There is nobody to say what is season and what is its own."""
    amounts = group_of(1)
    alone = np.zeros(1, dtype=np.int64)
    found = seasons.season_of(amounts, alone, alone)
    assert np.array_equal(found.exposure, np.ones_like(amounts))


def test_a_group_of_two_is_believed_less_than_one_of_forty() -> None:
    many, one = group_of(40), np.zeros(40, dtype=np.int64)
    full = seasons.season_of(many, one, one).group[0]
    two = seasons.season_of(many[:2], one[:2], one[:2]).group[0]
    assert 0.2 < np.log(two).std() / np.log(full).std() < 0.95


def test_nothing_is_found_where_nothing_happened() -> None:
    found = judged(group_of())
    assert not (found.is_fall | found.is_rise | found.is_closed | found.is_not_enough).any()


@pytest.mark.parametrize("share", [0.2, 0.4])
def test_a_fall_is_found_with_its_date_its_size_and_what_it_makes_in_a_year(share: float) -> None:
    amounts = group_of()
    before = amounts.copy()
    amounts[7, -12:] *= 1 - share
    found = judged(amounts)
    assert np.flatnonzero(found.is_fall).tolist() == [7]
    assert found.change.at[7] == WEEKS - 12
    assert found.change.earliest[7] <= WEEKS - 12 <= found.change.latest[7]
    assert found.change.low[7] < -share < found.change.high[7]
    assert -found.yearly[7] == pytest.approx(share * before[7, -52:].sum(), rel=0.2)


def test_a_slow_fall_is_found() -> None:
    amounts = group_of()
    amounts[7, -26:] *= np.linspace(1, 0.6, 26)
    assert np.flatnonzero(judged(amounts).is_fall).tolist() == [7]


def test_a_rise_is_found() -> None:
    amounts = group_of()
    amounts[7, -12:] *= 1.4
    found = judged(amounts)
    assert (np.flatnonzero(found.is_rise).tolist(), found.is_fall.any()) == ([7], False)
    assert found.change.low[7] < 0.4 < found.change.high[7]


@pytest.mark.parametrize("since", [1, 3])
def test_one_bad_week_is_no_change_and_three_are(since: int) -> None:
    amounts = group_of()
    amounts[7, -since:] *= 0.5
    assert judged(amounts).is_fall[7] == (since == 3)


def test_what_hit_the_whole_group_says_nothing_against_one() -> None:
    amounts = group_of(seed=2)
    amounts[:, -15:] *= 0.6
    assert not judged(amounts).is_fall.any()


def test_what_is_over_is_no_fall() -> None:
    """A promotion of three weeks, a refit of three weeks, and a low of ten weeks that ended."""
    amounts = group_of()
    amounts[5, -12:-9] *= 3
    amounts[6, -9:-6] = 0
    amounts[7, -14:-4] *= 0.7
    assert not judged(amounts).is_fall[5:8].any()


@pytest.mark.parametrize(("shut", "is_told"), [(CLOSED_WEEKS - 1, False), (CLOSED_WEEKS, True)])
def test_no_turnover_for_weeks_is_a_fall_to_nothing(shut: int, is_told: bool) -> None:
    amounts = group_of()
    amounts[7, -shut:] = 0
    found = judged(amounts)
    assert (found.is_closed[7], found.is_fall[7]) == (is_told, False)
    [told] = [one for one in _told(found) if one.merchant_id == 7]
    assert told.state == ("declining" if is_told else "steady")
    if is_told:
        assert (told.since, told.change) == (END - shut * weeks.WEEK, -1.0)


@pytest.mark.parametrize(
    ("known", "code"), [(FEWEST_WEEKS - 1, "short_history"), (FEWEST_WEEKS, "fell")]
)
def test_a_short_history_is_not_enough(known: int, code: str) -> None:
    amounts = group_of()
    amounts[7, :-known] = 0
    amounts[7, -8:] *= 0.5
    assert _told(judged(amounts))[7].reasons[0]["code"] == code


@pytest.mark.parametrize(("count", "code"), [(4.9, "few_postings"), (5.0, "fell")])
def test_few_postings_are_not_enough(count: float, code: str) -> None:
    amounts = group_of()
    amounts[7, -12:] *= 0.5
    postings = np.full(amounts.shape, count)
    assert _told(judged(amounts, postings))[7].reasons[0]["code"] == code


def test_what_is_too_uneven_says_so_with_the_fall_that_would_show() -> None:
    amounts = group_of()
    amounts[7] *= np.random.default_rng(3).gamma(1.0, 1.0, WEEKS)
    told = _told(judged(amounts))[7]
    assert (told.state, told.reasons[0]["code"]) == ("not_enough", "too_uneven")
    assert 50 < told.reasons[0]["percent"] < 100


def test_a_fall_is_told_with_all_its_reasons_and_one_of_before_when_it_is_over() -> None:
    amounts = group_of()
    amounts[7, -12:] *= 0.6
    found = judged(amounts)
    earlier = {7: (END - weeks.WEEK, 10.0, -0.4), 8: (END - weeks.WEEK, 10.0, -0.4)}
    told = _told(found, earlier)
    assert [reason["code"] for reason in told[7].reasons] == [
        "fell", "loss", "of_group", "by_chance",
    ]  # fmt: skip
    assert told[7].since == END - 12 * weeks.WEEK
    assert [reason["code"] for reason in told[8].reasons] == ["recovered", "no_change"]
    level = float(found.level[8])
    for usual, is_over in ((level / 0.905, True), (level / 0.895, False)):
        told = _told(found, {8: (END - weeks.WEEK, usual, -0.4)})
        assert ("recovered" in [reason["code"] for reason in told[8].reasons]) == is_over


def _told(
    found: telling.Judged, earlier: dict[int, tuple[dt.date, float, float]] | None = None
) -> list[Finding]:
    count = len(found.level)
    none = np.zeros(count, dtype=bool)
    return list(telling.findings(range(count), found, END, none, earlier or {}))


def test_the_interval_holds_the_planted_size_about_as_often_as_it_says() -> None:
    """Of 100 merchants of ten groups that fell by 30 %: too few of each to move the group."""
    inside = []
    for seed in range(10):
        amounts = group_of(200, seed=seed, spread=0.1)
        amounts[:10, -15:] *= 0.7
        found = judged(amounts)
        told = np.flatnonzero(found.is_fall[:10])
        assert len(told) > 7
        inside += [found.change.low[row] < -0.3 < found.change.high[row] for row in told]
    assert 0.85 < np.mean(inside) <= 1


def test_what_chance_does_falls_with_the_score_and_goes_on_beyond_the_table() -> None:
    scores = [1.0, 2.0, 2.25, 3.0, chance.ALARM, 4.9, 5.0, 7.0]
    found = [chance.false_alarms_a_year(-score) for score in scores]
    assert found == sorted(found, reverse=True)
    assert found[3] == pytest.approx(0.153)
    assert 0.06 < found[4] < 0.1
    assert found[-1] < 1e-6


def test_within_a_budget_the_largest_loss_of_each_manager_comes_first() -> None:
    losses = [(1, -5), (1, -9), (1, -7), (2, -1), (None, -3), (None, -2)]
    asked = [
        Suggestion(f"M{place}", manager, 4 + place % 2, "wavering", _finding(place, yearly))
        for place, (manager, yearly) in enumerate(losses)
    ]
    assert [one.number for one in within_budget(asked, 2)] == ["M1", "M2", "M4", "M5", "M3"]
    assert [one.number for one in within_budget(asked, 1)] == ["M1", "M4", "M5", "M3"]
    assert within_budget(asked, 0) == []


def _finding(place: int, yearly: int) -> Finding:
    return Finding(place, END, "declining", Decimal(1), 0.0, 104, yearly=Decimal(yearly))


NUMBERS = {
    "since": "2026-03-02", "on": "2026-03-02", "percent": 21, "least": 15, "most": 27, "weeks": 6,
    "amount": 120_500, "years": 40, "found": 3.5, "needed": 5, "day": "2026-03-02",
}  # fmt: skip


@pytest.mark.parametrize("code", TurnoverReason.values)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_reason_has_a_sentence(code: str, language: str) -> None:
    with translation.override(language):
        text = sentences.sentence({"code": code, **NUMBERS})
    assert text.endswith((".", "。"))
    assert "{" not in text


def test_a_sentence_says_its_numbers() -> None:
    with translation.override("en"):
        assert sentences.sentence({"code": "loss", "amount": 120_500}) == (
            "Over a year that makes ¥120,500 less."
        )


def test_weeks_of_few_postings_are_left_out() -> None:
    rows = showing.rows_of(END, [10, 20, 30, None], [9, 9, 9, 9], [11, 21, 31, 0], [4, 5, 6, 0])
    shown = [(row.taken, row.even, row.is_few) for row in rows]
    assert shown == [(None, None, True), (21, 20, False), (31, 30, False), (0, None, False)]
    assert [row.week for row in rows] == [END + place * weeks.WEEK for place in range(4)]
