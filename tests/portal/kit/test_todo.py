"""Lines of what is to be done today, in their order and in a sentence."""

import datetime as dt

from django.utils import translation

from portal.kit import todo
from portal.kit.todo import Todo

TODAY = dt.date(2026, 3, 31)
DAY = dt.timedelta(days=1)
AFTERNOON = dt.datetime(2026, 3, 31, 7, 30, tzinfo=dt.UTC)  # 15:30 at the bank


def line(brief: str, count: int = 1, **more: object) -> Todo:
    return Todo(label=brief.title(), brief=brief, count=count, url="/", **more)  # type: ignore[arg-type]


def test_overdue_lines_come_first_then_the_earliest_end() -> None:
    lines = [
        line("next week", due=TODAY + 7 * DAY),
        line("today"),
        line("this afternoon", due=AFTERNOON),
        line("today too", due=TODAY),
        line("late", due=TODAY - DAY, is_late=True),
        line("later", due=TODAY - 3 * DAY, is_late=True),
    ]
    ordered = todo.by_urgency(lines, on=TODAY)
    assert [one.brief for one in ordered] == [
        "later", "late", "this afternoon", "today", "today too", "next week",
    ]  # fmt: skip


def test_what_counts_nothing_is_left_out() -> None:
    one = line("a")
    assert todo.counted([line("b", 0), None, one]) == [one]


def test_numbers_and_ends_are_written() -> None:
    with translation.override("en"):
        assert line("a", 1234).number == "1,234"
        assert line("a", 999, is_more=True).number == "999+"
        assert line("a").until == ""
        assert line("a", due=TODAY).until == "2026-03-31"
        assert line("a", due=AFTERNOON).until == "2026-03-31 15:30"


def test_a_sentence_says_the_first_lines() -> None:
    three = [line("{count} promises overdue", 3), line("{count} leads without anyone", 12)]
    with translation.override("en"):
        assert todo.in_words([]) == ""
        assert todo.in_words(three) == "Today: 3 promises overdue, 12 leads without anyone."
        many = [line(f"{{count}} of {name}") for name in "abcdefgh"]
        assert todo.in_words(many) == (
            "Today: 1 of a, 1 of b, 1 of c, 1 of d, 1 of e, 1 of f. Further lines below: 2."
        )
    with translation.override("zh-hans"):
        assert todo.in_words([line("{count} 个约定回电逾期", 3), line("{count} 条线索", 12)]) == (
            "今日：3 个约定回电逾期，12 条线索。"
        )
