"""Terms, what they are worth, limits, rounds, and the ladder, on plain values."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from merchants.directory.rules import last_day
from merchants.negotiation.enums import Stage
from merchants.negotiation.rules import limits, pictures, rounds, stages, worth
from merchants.negotiation.rules import terms as sets
from tests.factories import negotiation as made
from tests.factories.negotiation import terms

FIGURES: dict[str, Decimal | None] = {code: Decimal(value) for code, value in made.FIGURES.items()}
LIMITS = limits.Limits(
    most_cost_share=60, most_months=24, most_paid=500_000, most_conceded=100_000, quiet_days=14,
    renewal_days=90,
)  # fmt: skip


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Sentences are read in English."""
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        ("2026-06-01", 12, "2027-05-31"), ("2026-01-31", 1, "2026-02-27"),
        ("2024-01-31", 1, "2024-02-28"), ("2024-02-29", 12, "2025-02-27"),
        ("2026-12-15", 1, "2027-01-14"), ("2026-11-30", 3, "2027-02-27"),
    ],
)  # fmt: skip
def test_the_last_day_of_a_span(first: str, months: int, last: str) -> None:
    assert last_day(dt.date.fromisoformat(first), months) == dt.date.fromisoformat(last)


def test_terms_are_kept_and_read_back() -> None:
    one = terms(cost_share=Decimal("37.50"))
    assert one.as_json()["cost_share"] == "37.5"
    assert sets.read(one.as_json()) == terms(cost_share=Decimal("37.5"))


def test_what_changed_is_named_in_order() -> None:
    assert sets.changed(terms(), terms(posts=2, cost_share=Decimal(45))) == ("cost_share", "posts")
    assert sets.changed(None, terms()) == ()


# 300,000 of joint cost, 100,000 of gain, 2,000,000 of turnover, 20,000 for a post.
@pytest.mark.parametrize(
    ("change", "by_bank"),
    [
        ({}, 0),
        ({"cost_share": Decimal(45)}, 15_000),
        ({"cost_share": Decimal(35)}, -15_000),
        ({"posts": 3}, 40_000),
        ({"gain_share": Decimal(40)}, 10_000),
        ({"discount": Decimal(4)}, 20_000),
        ({"discount": Decimal(4), "posts": 0}, 0),
        ({"exclusivity": "full", "months": 36, "minimum_turnover": Decimal(0)}, 0),
    ],
)
def test_what_a_side_gives_up(change: dict[str, Any], by_bank: int) -> None:
    before, after = terms(), terms(**change)
    assert worth.conceded(before, after, "bank", FIGURES).total == by_bank
    assert worth.conceded(before, after, "merchant", FIGURES).total == -by_bank


def test_only_what_needs_a_figure_that_is_missing_is_not_known() -> None:
    lacking = {**FIGURES, "turnover": None}
    known = worth.conceded(terms(), terms(posts=3), "bank", lacking)
    assert (known.total, known.missing) == (40_000, ())
    unknown = worth.conceded(terms(), terms(posts=3, discount=Decimal(4)), "bank", lacking)
    assert (unknown.total, unknown.missing) == (None, ("turnover",))
    assert (unknown.lines["posts"], unknown.said) == (40_000, "not known")
    assert unknown.lacks == "Card turnover at the merchant a year"


def test_concessions_add_up_to_the_way_from_first_to_last() -> None:
    spoken = [
        rounds.Spoken(number, "bank", terms(cost_share=Decimal(share), posts=posts))
        for number, (share, posts) in enumerate([(30, 0), (45, 0), (40, 2)], start=1)
    ]
    by_round = [one.by_bank for one in rounds.side_by_side(spoken, FIGURES)][::-1]
    given = [one and one.total for one in by_round]
    assert given == [None, 45_000, 25_000]
    total = rounds.totals(spoken, FIGURES).by_bank
    assert total is not None
    assert total.total == 70_000


def test_offer_beside_counter_offer_says_what_changed_and_where_sides_differ() -> None:
    spoken = [
        rounds.Spoken(1, "bank", terms()),
        rounds.Spoken(1, "merchant", terms(discount=Decimal(3))),
        rounds.Spoken(2, "bank", terms(cost_share=Decimal(50))),
    ]
    second, first = rounds.side_by_side(spoken, FIGURES)
    rows = {str(row.label): row for row in first.rows}
    assert [label for label, row in rows.items() if row.differs] == ["Discount on our cards"]
    assert not any(row.bank.is_changed for row in first.rows)
    share = second.rows[0]
    assert (share.bank.text, share.bank.before, share.merchant.text) == ("50 %", "40 %", "")
    assert not share.differs
    apart = rounds.totals(spoken, FIGURES).apart
    assert apart is not None
    # From 50 % back to 40 % of the cost, from 5 % to 3 % of the turnover.
    assert apart.total == 40_000 - 30_000


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({}, 0),
        ({"cost_share": Decimal(60)}, 0),
        ({"cost_share": Decimal("60.01")}, 1),
        ({"months": 24}, 0),
        ({"months": 25}, 1),
        ({"posts": 4}, 0),  # gives up 60,000
        ({"posts": 6}, 0),  # 100,000: at the limit
        ({"posts": 7}, 1),
        ({"posts": 20}, 2),  # pays 520,000 and gives up 380,000
    ],
)
def test_what_is_beyond_the_limits(change: dict[str, Any], count: int) -> None:
    said = limits.beyond(terms(**change), terms(), FIGURES, LIMITS, records=FIGURES)
    assert len(said) == count


# Declared are 300,000 of joint cost and 20,000 for a post: the bank pays 140,000 of a limit of
# 500,000, and with one more post gives up 20,000 of a limit of 100,000.
@pytest.mark.parametrize(
    ("change", "records", "said"),
    [
        ({}, {}, []),
        ({}, {"joint_cost": Decimal(1)}, []),  # the larger counts, which is what was declared
        ({}, {"joint_cost": Decimal(1_200_000)}, []),  # 480,000 and 20,000: at the limit
        (
            {}, {"joint_cost": Decimal("1200001")},
            ["The bank pays ¥500,000.40 a year by its records, ¥140,000 as it was declared; up to "
             "¥500,000 needs nobody else."],
        ),
        ({"posts": 2}, {"post_cost": Decimal(100_000)}, []),
        (
            {"posts": 2}, {"post_cost": Decimal(100_001)},
            ["The bank gave up ¥100,001 a year since its first offer by its records, ¥20,000 "
             "as it was declared; up to ¥100,000 needs nobody else."],
        ),
        (
            {"discount": Decimal(3), "gain_share": Decimal(40)},
            {"turnover": None, "joint_gain": None, "joint_cost": None},
            ["The bank's records do not tell: Cost of joint activities a year, Gain of joint "
             "activities a year, Card turnover at the merchant a year. That was declared alone, "
             "so somebody else looks at it."],
        ),
    ],
)  # fmt: skip
def test_the_larger_of_what_was_declared_and_what_is_recorded_counts(
    change: dict[str, Any], records: dict[str, Decimal | None], said: list[str]
) -> None:
    told = {**FIGURES, **records}
    found = limits.beyond(terms(**change), terms(), FIGURES, LIMITS, records=told)
    assert list(found) == said


def test_a_cost_of_one_keeps_within_no_limit() -> None:
    low = {**FIGURES, "joint_cost": Decimal(1), "post_cost": Decimal(1)}
    records = {**FIGURES, "joint_cost": Decimal(2_000_000)}
    assert limits.beyond(terms(), None, low, LIMITS, records=low) == ()
    assert len(limits.beyond(terms(), None, low, LIMITS, records=records)) == 1
    assert len(limits.beyond(terms(), None, low, LIMITS, records={})) == 1


def test_what_is_not_asked_for_needs_no_record() -> None:
    free = terms(cost_share=Decimal(0), posts=0)
    assert limits.beyond(free, free, FIGURES, LIMITS, records={}) == ()


def test_without_figures_everything_is_beyond() -> None:
    said = limits.beyond(terms(posts=2), terms(), {}, LIMITS, records={})
    assert said == (
        "It is not known what the bank pays in a year. Missing: Cost of joint activities a year, "
        "Cost of one on-site post a year.",
        "It is not known what the bank gave up in a year. Missing: Cost of one on-site post a "
        "year.",
    )
    assert len(limits.beyond(terms(), None, {}, LIMITS, records={})) == 1


def test_the_table_reaches_every_stage_and_no_end_leads_on() -> None:
    reached = {after for _before, after in stages.PAIRS}
    assert reached == set(Stage.values)
    assert [stages.targets(end) for end in stages.ENDS] == [[], []]
    assert set(stages.NEXT) == set(Stage.values)


DAYS = [dt.date(2026, 6, day) for day in (1, 3, 7, 9, 12)]


def test_the_ladder_adds_up_stays_and_marks_where_it_stands() -> None:
    way = ["opening", "needs", "proposal", "needs", "proposal"]
    rungs = pictures.ladder(list(zip(way, DAYS, strict=True)), dt.date(2026, 6, 20))
    assert [(rung.state, rung.days) for rung in rungs] == [
        ("done", 2), ("done", 7), ("now", 10), ("ahead", 0), ("ahead", 0), ("ahead", 0),
        ("ahead", 0),
    ]  # fmt: skip
    assert rungs[2].words == "from 2026-06-12, 10 days"
    drawn = pictures.ladder_svg(rungs, title="Stages")
    assert drawn.count("<circle") == 7
    assert "3. Proposal" in drawn


def test_the_ladder_of_lost_talks_says_where_they_ended() -> None:
    rungs = pictures.ladder(list(zip(["opening", "needs", "lost"], DAYS[:3], strict=True)), DAYS[4])
    assert [rung.state for rung in rungs][:3] == ["done", "left", "ahead"]
    assert rungs[1].words == "from 2026-06-03, 4 days · ended here"


def test_a_stage_that_was_passed_over_says_so() -> None:
    way = ["opening", "needs", "proposal", "agreement", "signing"]
    rungs = pictures.ladder(list(zip(way, DAYS, strict=True)), DAYS[4])
    assert rungs[3].words == "passed over"
