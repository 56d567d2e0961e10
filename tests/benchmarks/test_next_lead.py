"""The benchmark of the next lead at a small size: what it looks at afterwards holds, and would be
seen if it did not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from benchmarks.calls.leads import BANK
from benchmarks.calls.watching import Words, look_at, overlaps
from benchmarks.crowds import callers
from portal.models import Staff
from tests.factories.leads import set_policy, standard_tree

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS = 6


@pytest.fixture
def people() -> Iterator[list[Staff]]:
    set_policy()
    standard_tree()
    with connection.cursor() as cursor:
        cursor.execute(BANK, {"leads": 300, "callers": CALLERS, "branches": 3})
    yield list(Staff.objects.select_related("branch").order_by("pk"))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_word")


def test_many_call_while_words_are_written(
    people: list[Staff], capsys: pytest.CaptureFixture[str]
) -> None:
    desks = [callers._desk_of(person) for person in people]
    bare = callers._all_work(people, desks, callers.Work(2, 0.0, is_bare=True))
    assert len(bare.bare) == 2 * CALLERS
    with Words().written():
        found = callers._all_work(people, desks, callers.Work(4, 0.1))
    assert (len(found.next), len(found.page), found.nothing) == (4 * CALLERS,) * 2 + (0,)
    look_at(vars(found))
    assert "calls against the gate: after a word 0" in capsys.readouterr().out


def test_a_call_after_a_word_would_be_seen(people: list[Staff]) -> None:
    Words()
    desks = [callers._desk_of(person) for person in people]
    found: dict[str, Any] = vars(callers._all_work(people, desks, callers.Work(2, 0.0)))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_word SELECT lead_id, called_at FROM journeys_leadhold"
            " WHERE called_at IS NOT NULL LIMIT 1"
        )
    with pytest.raises(AssertionError, match="'after a word': 1"):
        look_at(found)


def test_two_who_see_one_lead_at_once_would_be_seen() -> None:
    apart = [(1, 7, 0.0, 1.0), (1, 8, 1.0, 2.0), (2, 8, 0.5, 0.9)]
    assert overlaps(apart) == 0
    assert overlaps([*apart, (2, 7, 0.8, 1.1)]) == 1
