"""One timeline out of many sources: nothing twice, nothing lost, in one order."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import timeline

START = dt.datetime(2026, 3, 1, 15, 30, tzinfo=dt.UTC)  # 23:30 in Shanghai
Rows = list[timeline.Row]


def at(halves: int) -> dt.datetime:
    return START + dt.timedelta(minutes=30 * halves)


def source(code: str, rows: Rows) -> timeline.Source:
    """A source that gives no row more than it is asked for."""

    def read(asked: timeline.Asked) -> Rows:
        assert (asked.customer_id, asked.scope) == (7, "all")
        return timeline.cut(rows, asked)

    return timeline.Source(code, code, "x", "see", read, 1)


def walk(sources: list[timeline.Source], size: int) -> list[timeline.Entry]:
    """All pages, one after the other; every place goes through its address."""
    found: list[timeline.Entry] = []
    before: timeline.Place | None = timeline.END
    while before is not None:
        page = timeline.page_of(sources, customer_id=7, scope="all", before=before, size=size)
        assert len(page.entries) == size or page.older is None
        found += page.entries
        before = page.older and timeline.read_place(str(page.older))
        assert before == page.older
    return found


rows = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4)), max_size=30)


@given(rows=rows, size=st.integers(1, 7))
def test_pages_together_are_all_rows_in_order_whatever_their_size(
    rows: list[tuple[str, int]], size: int
) -> None:
    of_source: dict[str, Rows] = {code: [] for code in "abc"}
    for number, (code, halves) in enumerate(rows):
        of_source[code].append(timeline.Row(at(halves), number, f"{number}"))
    sources = [source(code, found) for code, found in of_source.items()]
    expected = sorted(
        ((at(halves), code, number) for number, (code, halves) in enumerate(rows)), reverse=True
    )
    assert [
        (entry.row.at, entry.source.code, entry.row.id) for entry in walk(sources, size)
    ] == expected


@pytest.mark.parametrize("text", [
    "", "x", "20260301T153000000000Z-a", "20260301T153000000000Z-a-",
    "20261301T153000000000Z-a-1", "20260301T153000000000Z-A-1", "20260301T153000000000Z-a-1 ",
    f"20260301T153000000000Z-a-{'f' * 17}",
    f"20260301T153000000000Z-a-{'f' * 16}",
    "99991231T235959999999Z-a-1",
    "00010101T000000000000Z-a-1", "②0260301T153000000000Z-a-1",
])  # fmt: skip
def test_a_wrong_place_is_none(text: str) -> None:
    assert timeline.read_place(text) is None


def test_a_place_stands_in_an_address_and_is_read_back() -> None:
    place = timeline.Place(START + dt.timedelta(microseconds=3), "spending", 2**48 + 255)
    assert str(place) == "20260301T153000000003Z-spending-10000000000ff"
    assert timeline.read_place(str(place)) == place


def entries(*halves: int) -> list[timeline.Entry]:
    here = source("a", [])
    return [timeline.Entry(here, timeline.Row(at(each), each, "")) for each in halves]


@pytest.mark.parametrize(("after", "news"), [
    (None, [(True, True), (False, True)]),
    (dt.date(2026, 3, 2), [(False, False), (False, True)]),
    (dt.date(2026, 3, 3), [(False, True), (False, True)]),
    (dt.date(2026, 4, 2), [(True, True), (False, True)]),
    (dt.date(2027, 3, 2), [(True, True), (False, True)]),
])  # fmt: skip
def test_days_are_the_banks_and_say_whether_a_month_begins(
    after: dt.date | None, news: list[tuple[bool, bool]]
) -> None:
    days = timeline.by_day(entries(2, 1, 0), after=after)
    assert [(day["day"], len(day["entries"])) for day in days] == [
        (dt.date(2026, 3, 2), 2), (dt.date(2026, 3, 1), 1),
    ]  # fmt: skip
    assert [(day["is_new_month"], day["is_new_day"]) for day in days] == news


def test_of_one_instant_the_later_step_stands_later() -> None:
    steps: Callable[[int], timeline.Row] = lambda part: timeline.Row(  # noqa: E731
        START, timeline.part_of(part, 5), str(part)
    )
    asked = timeline.Asked(7, "all", timeline.END.at, timeline.LAST_ID, 2)
    found = timeline.cut([steps(0), steps(2), steps(1)], asked)
    assert [row.title for row in found] == ["2", "1"]
