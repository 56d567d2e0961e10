"""Uses of a busy door are summed up: once a minute for each token and answer, with exact counts;
those that matter for security are noted at once."""

import datetime as dt
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal.intake import operations
from portal.intake.models import ApiToken
from portal.intake.operations import uses
from portal.kit import minutely
from portal.models import AuditEntry
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 5, 2, 0, 7, tzinfo=dt.UTC)
PATH = "/api/v1/flash/1/claims/"


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a process that begins."""
    monkeypatch.setattr(uses, "_uses", uses._Uses())
    return


def use(token: ApiToken, status: int = 409, *, later: float = 0, **changed: Any) -> None:
    usual = {"method": "POST", "path": PATH, "address": "10.0.0.1"}
    operations.note_use(
        token=token, status=status, at=AT + dt.timedelta(seconds=later), **{**usual, **changed}
    )


def lines() -> list[tuple[str, int, int | None]]:
    """What the trail says: token, status, how many."""
    rows = AuditEntry.objects.filter(action="api.called").order_by("id")
    return [(row.target_key, row.changes["status"], row.changes.get("calls")) for row in rows]


def test_refusals_are_written_down_once_a_minute_for_each_token_and_answer() -> None:
    one, two = row_of("portal.ApiToken"), row_of("portal.ApiToken")
    for _number in range(3):
        use(one)
    use(one, 200)
    use(two)
    assert lines() == []
    assert operations.write_uses(at=AT + dt.timedelta(seconds=52)) == 0  # the minute goes on
    assert operations.write_uses(at=AT + dt.timedelta(seconds=53)) == 3
    assert sorted(lines()) == sorted(
        [(str(one.pk), 409, 3), (str(one.pk), 200, 1), (str(two.pk), 409, 1)]
    )
    assert operations.write_uses(at=AT + dt.timedelta(hours=1), is_last=True) == 0


def test_a_line_says_from_when_to_when_and_from_where() -> None:
    token = row_of("portal.ApiToken")
    use(token)
    use(token, later=9)
    use(token, 503)
    use(token, 503, address="10.0.0.2")
    operations.write_uses(at=AT, is_last=True)
    first, second = AuditEntry.objects.filter(action="api.called").order_by("id")
    assert first.changes == {
        "method": "POST", "path": PATH, "status": 409, "calls": 2,
        "first_at": AT.isoformat(), "last_at": (AT + dt.timedelta(seconds=9)).isoformat(),
    }  # fmt: skip
    assert (first.address, second.address) == ("10.0.0.1", None)


@pytest.mark.parametrize("status", [401, 403])
def test_what_matters_for_security_is_noted_at_once(status: int) -> None:
    token = row_of("portal.ApiToken")
    use(token, status)
    use(token, status)
    assert lines() == [(str(token.pk), status, None)] * 2
    assert operations.write_uses(at=AT, is_last=True) == 0


def test_the_next_minute_writes_down_the_one_before_without_any_clock() -> None:
    token = row_of("portal.ApiToken")
    use(token)
    use(token, later=53)
    assert lines() == [(str(token.pk), 409, 1)]


def test_when_a_token_was_used_last_is_known_to_a_minute() -> None:
    token = row_of("portal.ApiToken")
    for later, seen in ((0, 0), (59, 0), (60, 60), (61, 60)):
        use(token, later=later)
        found = ApiToken.objects.get(pk=token.pk).last_used_at
        assert found == AT + dt.timedelta(seconds=seen)


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from([200, 409, 503]), st.integers(0, 200)),
        max_size=30,
    )
)
def test_nothing_is_lost_or_counted_twice(asked: list[tuple[int, int, int]]) -> None:
    """Against a naive count; the calls come in any order, so that minutes are mixed."""
    found = uses._Uses()
    tokens = [ApiToken(pk=number, name=str(number)) for number in range(2)]
    taken: Counter[tuple[int, int]] = Counter()

    def take(before: dt.datetime) -> None:
        for one, summed in found.take(before).items():
            taken[one.token_id, one.status] += summed.calls

    for place, (who, status, later) in enumerate(asked):
        at = AT + dt.timedelta(seconds=later)
        key = uses._Use(who, "POST", PATH, status, uses._minute(at))
        found.add({key: uses._Sum(tokens[who], 1, at, at, None)})
        if place % 7 == 6:
            take(uses._minute(at))
    take(uses._NEVER)
    assert taken == Counter((who, status) for who, status, _later in asked)


def test_what_cannot_be_written_is_kept() -> None:
    token = row_of("portal.ApiToken")
    use(token)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_auditentry ADD CONSTRAINT shut CHECK (at < '2000-01-01')"
                       " NOT VALID")  # fmt: skip
        with pytest.raises(Exception, match="shut"):
            operations.write_uses(at=AT, is_last=True)
        cursor.execute("ALTER TABLE portal_auditentry DROP CONSTRAINT shut")
    assert operations.write_uses(at=AT, is_last=True) == 1
    assert lines() == [(str(token.pk), 409, 1)]


def test_many_threads_count_exactly() -> None:
    found = uses._Uses()
    token = ApiToken(pk=1, name="x")
    key = uses._Use(1, "POST", PATH, 409, AT)
    threads = [
        threading.Thread(
            target=lambda: [found.add({key: uses._Sum(token, 1, AT, AT, None)}) for _ in range(500)]
        )
        for _number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.calls for one in found.take(uses._NEVER).values()] == [4_000]


def test_more_kinds_of_calls_than_a_process_keeps_are_written_down_early() -> None:
    token = row_of("portal.ApiToken")
    for number in range(1_000):
        uses._uses.add(
            {uses._Use(1, "POST", str(number), 404, AT): uses._Sum(token, 1, AT, AT, None)}
        )
    use(token)
    assert len(lines()) == 1_001


def test_what_fails_in_a_minute_does_not_keep_the_others_from_their_turn() -> None:
    done: list[bool] = []

    def fail(_at: dt.datetime, _is_last: bool) -> None:
        raise ValueError

    minutely.finish([fail, lambda _at, is_last: done.append(is_last)])
    assert done == [True]
