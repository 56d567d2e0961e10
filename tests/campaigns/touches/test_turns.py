"""Minutes whose calls are to be asked about."""

import datetime as dt

import pytest

from campaigns.touches.rules import turns

AT = dt.datetime(2026, 3, 3, 10, 0, 42, tzinfo=dt.UTC)
THIS = AT.replace(second=0)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("before", "number"),
    [
        (0, 0), (1, 1), (2, 2), (59, 59), (60, 60), (61, 60), (100_000, 60),
        (-1, 0), (-5, 0), (-6, 60),
    ],
)  # fmt: skip
def test_the_minutes_since_the_last_one(before: int, number: int) -> None:
    found = turns.minutes_to_ask(THIS - before * MINUTE, AT)
    assert found == [THIS - back * MINUTE for back in reversed(range(number))]


def test_all_where_none_was_asked_about_yet() -> None:
    found = turns.minutes_to_ask(None, AT)
    assert sorted(one.minute for one in found) == list(range(60))
    assert found[-1] == THIS
