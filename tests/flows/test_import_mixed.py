"""Files that say as of when their rows hold, and files that do not, of one kind and mixed at will:
nothing is taken back by what is not known to be later, and nothing that goes further is lost."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portal.intake import operations as intake
from portal.intake.rules import ImportReport
from tests.factories.notices import AT, make_bank
from tests.flows.test_import_histories import BASE, STATES, Row, stands
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
WITH_STATES = sorted(set(BASE) - {"customers"})
LIGHT: Any = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
# How far a row of each kind has gone.
RANKS: dict[str, Any] = {
    "applications": lambda row: {"filed": 0, "supplemented": 1}.get(row["state"], 2),
    "cards": lambda row: (row["activated_date"] is not None) + (row["closed_date"] is not None),
    "complaints": lambda row: ["open", "answered", "closed"].index(row["state"]),
    "service_cases": lambda row: ["open", "closed"].index(row["state"]),
}
# Rows that only go forward at their source, the last one furthest.
FORWARD: dict[str, list[Row]] = {
    "applications": [STATES["applications"][place] for place in (0, 1, 2)],
    "cards": [
        {"branch": "B001", "activated_date": activated, "closed_date": closed}
        for activated, closed in (
            (None, None), ("2026-05-05", None), ("2026-05-05", "2026-05-09"),
        )
    ],
    "complaints": [STATES["complaints"][place] for place in (0, 2, 3)],
    "service_cases": [STATES["service_cases"][place] for place in (0, 1)],
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What one file says of the row: the instant at which it comes in, and as of when it holds,
    None where it does not say."""

    state: Row
    at: dt.datetime
    as_of: dt.datetime | None

    @property
    def counts_as_of(self) -> dt.datetime:
        return self.as_of or self.at


def take(kind: str, said: Said) -> ImportReport:
    row = BASE[kind] | said.state
    row |= {"as_of": said.as_of.isoformat()} if said.as_of else {}
    report = intake.import_rows(
        kind=kind, rows=[row], actor=None, at=said.at, source_name="test", shown=9
    )
    assert report.rows_bad == 0, report.findings
    return report


def facts(kind: str) -> tuple[dict[str, Any], bool]:
    """What stands, but for the instants, and for the end of a limit: a later grade does not put it
    off once it has passed."""
    row, is_paused = stands(kind)
    left_out = ("as_of", "heard_at", "bound_date", "due_date")
    return {name: row[name] for name in row if name not in left_out}, is_paused


def rank(kind: str) -> int:
    return int(RANKS[kind](stands(kind)[0]))


@st.composite
def stories(draw: Any, states: list[Row]) -> list[Said]:
    """Files a minute apart; the instants lie before, between and after them, none twice."""
    drawn = draw(st.lists(st.sampled_from(states), min_size=1, max_size=6))
    seconds = st.integers(-6 * 60, 7 * 60).filter(lambda number: number % 60)
    instants = draw(st.lists(st.none() | seconds, min_size=len(drawn), max_size=len(drawn)))
    said = [number for number in instants if number is not None]
    assume(len(set(said)) == len(said))
    return [
        Said(
            state, AT + place * MINUTE,
            None if number is None else AT + dt.timedelta(seconds=number),
        )
        for place, (state, number) in enumerate(zip(drawn, instants, strict=True))
    ]  # fmt: skip


def bank() -> None:
    make_bank()
    row_of("journeys.ComplaintRule", effective_date=dt.date(2020, 1, 1))


@pytest.mark.parametrize("kind", WITH_STATES)
@settings(max_examples=60, **LIGHT)
@given(data=st.data())
def test_only_what_is_known_to_be_later_takes_a_state_back(kind: str, data: Any) -> None:
    story = data.draw(stories(STATES[kind]))
    with transaction.atomic():
        bank()
        held: list[dt.datetime] = []  # instants of what stood, or was said again
        before, has_instant = -1, False
        for said in story:
            report, is_first = take(kind, said), before < 0
            after = rank(kind)
            assert report.rows_read == (
                report.rows_new + report.rows_changed + report.rows_same + report.rows_older
            )
            if after < before:
                assert said.as_of is not None
                assert said.as_of > max(held), (story, said)
            if is_first or not report.rows_older:
                # A file that says nothing new and no instant leaves no trace among its like: a
                # row has an instant once one that says it was taken, not when it was left out.
                has_instant = has_instant or said.as_of is not None
                is_noted = has_instant or report.rows_changed or report.rows_new
                held += [said.counts_as_of] if is_noted else []
            before = after
        transaction.set_rollback(True)


def test_an_instant_that_was_left_out_leaves_no_trace() -> None:
    """What is said again after it stands since it came in first, as if nobody had said one."""
    began, ended = STATES["service_cases"][:2]
    second = dt.timedelta(seconds=1)
    bank()
    take("service_cases", Said(began, AT, None))
    take("service_cases", Said(ended, AT + 2 * MINUTE, None))
    left_out = take("service_cases", Said(began, AT + 3 * MINUTE, AT + second))
    assert left_out.rows_older == 1
    take("service_cases", Said(ended, AT + 4 * MINUTE, None))
    assert take("service_cases", Said(began, AT + 5 * MINUTE, AT + 2 * MINUTE)).rows_older == 1
    taken = take("service_cases", Said(began, AT + 6 * MINUTE, AT + 2 * MINUTE + second))
    assert (taken.rows_changed, rank("service_cases")) == (1, 0)


@pytest.mark.parametrize("kind", WITH_STATES)
@settings(max_examples=40, **LIGHT)
@given(data=st.data())
def test_what_only_goes_forward_ends_at_its_furthest_in_whatever_order(
    kind: str, data: Any
) -> None:
    """The source's own order is kept among the instants; files come in any order, some say no
    instant, some come twice."""
    states = FORWARD[kind]
    told = [
        (state, data.draw(st.booleans()), -60 + place)  # seconds, all before the first file
        for place, state in enumerate(states)
        for _again in range(data.draw(st.integers(1, 2)))
    ]
    order = data.draw(st.permutations(told))
    with transaction.atomic():
        bank()
        for place, (state, says_it, second) in enumerate(order):
            as_of = AT + dt.timedelta(seconds=second) if says_it else None
            take(kind, Said(state, AT + place * MINUTE, as_of))
        found = facts(kind)
        point = transaction.savepoint()
        take(kind, Said(states[-1], AT + 30 * MINUTE, AT + 30 * MINUTE))
        assert found == facts(kind)
        transaction.savepoint_rollback(point)
        transaction.set_rollback(True)


@pytest.mark.parametrize("kind", sorted(BASE))
@settings(max_examples=40, **LIGHT)
@given(data=st.data())
def test_what_is_said_as_of_later_than_all_else_stands_word_for_word(kind: str, data: Any) -> None:
    story = data.draw(stories(STATES[kind]))
    last = Said(data.draw(st.sampled_from(STATES[kind])), AT + 9 * MINUTE, AT + 8 * MINUTE)
    with transaction.atomic():
        bank()
        point = transaction.savepoint()
        take(kind, last)
        expected = facts(kind)
        transaction.savepoint_rollback(point)
        for said in story:
            take(kind, said)
        take(kind, last)
        assert facts(kind) == expected
        transaction.set_rollback(True)


@settings(max_examples=80, **LIGHT)
@given(data=st.data())
def test_customers_have_no_states_and_the_latest_counts(data: Any) -> None:
    """Each row counts as of its instant or else as of when it came in; while none says an instant,
    what is said again stands since it came in first."""
    story = data.draw(stories(STATES["customers"]))
    with transaction.atomic():
        bank()
        current: Row = {}
        since, has_instant = dt.datetime.min.replace(tzinfo=dt.UTC), False
        for said in story:
            take("customers", said)
            is_same = said.state == current
            if said.counts_as_of >= since and (has_instant or said.as_of or not is_same):
                current, since = said.state, said.counts_as_of
                has_instant = has_instant or said.as_of is not None
        row, _is_paused = stands("customers")
        assert (row["name"], row["phone_masked"] != "") == (
            current["name"], current["phone"] is not None,
        )  # fmt: skip
        transaction.set_rollback(True)
