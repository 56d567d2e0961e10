"""Late and out-of-order states: however the states of a row arrive, with the instants as of which
the source says them, split in files at will, all ends as if they had come in order; and nobody is
told a step back."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys.models import Application, MarketingPause, Message
from portal.intake import operations as intake
from portal.intake.rules import ImportReport
from portal.kit.registry import registry
from tests.factories.journeys import CardFactory
from tests.factories.notices import AT, decide, make_bank, row, tell
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
FIRST = dt.datetime(2026, 5, 20, 2, tzinfo=dt.UTC)
Row = dict[str, str | None]

BASE: dict[str, Row] = {
    "customers": {"number": "C1", "registered_date": "2026-01-02", "lawful_basis": "contract"},
    "applications": {"number": "A1", "customer": "C1", "product": "GOLD",
                     "filed_date": "2026-05-01"},
    "cards": {"reference": "K1", "customer": "C1", "product": "GOLD", "application": None,
              "issued_date": "2026-05-02"},
    "complaints": {"number": "T1", "customer": "C1", "opened_date": "2026-05-01",
                   "words": "短信太多"},
    "service_cases": {"number": "G1", "customer": "C1", "subject": "账单",
                      "opened_date": "2026-05-01"},
}  # fmt: skip
_NO_END: Row = {"answered_date": None, "closed_date": None, "cause_kind": None, "remedy": None}
# What may change from state to state; any of them may follow any other.
STATES: dict[str, list[Row]] = {
    "customers": [{"name": name, "branch": "B001", "phone": phone}
                  for name in ("王小明", "李华") for phone in (None, "13800000001")],
    "applications": [
        {"branch": "B001", "state": state, "supplemented_date": supplemented,
         "decided_date": decided}
        for state, supplemented, decided in (
            ("filed", None, None), ("supplemented", "2026-05-04", None),
            ("approved", "2026-05-04", "2026-05-09"), ("approved", None, "2026-05-08"),
            ("refused", None, "2026-05-07"), ("withdrawn", None, "2026-05-09"),
        )
    ],
    "cards": [
        {"branch": "B001", "activated_date": activated, "closed_date": closed}
        for activated in (None, "2026-05-05", "2026-05-06") for closed in (None, "2026-05-09")
    ],
    "complaints": [
        {"grade": "simple", "state": "open", **_NO_END},
        {"grade": "complex", "state": "open", **_NO_END},
        {"grade": "simple", "state": "answered", **_NO_END, "answered_date": "2026-05-08"},
        {"grade": "simple", "state": "closed", "answered_date": "2026-05-08",
         "closed_date": "2026-05-09", "cause_kind": "process", "remedy": "已致歉"},
    ],
    "service_cases": [
        {"channel": "app", "state": "open", "closed_date": None},
        {"channel": "app", "state": "closed", "closed_date": "2026-05-08"},
        {"channel": "hotline", "state": "closed", "closed_date": "2026-05-09"},
    ],
}  # fmt: skip


def as_of(place: int) -> dt.datetime:
    return FIRST + place * MINUTE


def send(kind: str, rows: list[Row]) -> ImportReport:
    report = intake.import_rows(
        kind=kind, rows=rows, actor=None, at=AT, source_name="test", shown=50
    )
    assert report.rows_bad == 0, report.findings
    return report


def stands(kind: str) -> Any:
    """The row as it stands, but for its key of the database and what is sealed anew each time."""
    table, key = registry.import_kinds[kind].table, registry.import_kinds[kind].key
    (model,) = (model for model in apps.get_models() if model._meta.db_table == table)
    values = model._default_manager.filter(**{key: BASE[kind][key]}).values().get()
    found = {name: bytes(v) if isinstance(v, memoryview) else v for name, v in values.items()}
    is_paused = MarketingPause.objects.filter(until=None).exists()
    return {
        name: value
        for name, value in found.items()
        if not name.endswith("_sealed") and name != "id"
    }, is_paused


def files_of(data: Any, rows: list[Row]) -> list[list[Row]]:
    """The rows in any order, cut into files anywhere; some come a second time."""
    again = data.draw(st.lists(st.sampled_from(rows), max_size=2))
    shuffled = data.draw(st.permutations([*rows, *again]))
    files: list[list[Row]] = [[]]
    for one in shuffled:
        if files[-1] and data.draw(st.booleans()):
            files.append([])
        if one not in files[-1]:
            files[-1].append(one)
    return files


@pytest.mark.parametrize("kind", sorted(BASE))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_states_of_a_row_end_as_in_order(kind: str, data: Any) -> None:
    drawn = data.draw(st.lists(st.sampled_from(STATES[kind]), min_size=1, max_size=6))
    rows = [
        BASE[kind] | state | {"as_of": as_of(place).isoformat()}
        for place, state in enumerate(drawn)
    ]
    with transaction.atomic():
        make_bank()
        row_of("journeys.ComplaintRule", effective_date=dt.date(2020, 1, 1))
        point = transaction.savepoint()
        for one in rows:
            send(kind, [one])
        expected = stands(kind)
        transaction.savepoint_rollback(point)
        told = [send(kind, file) for file in files_of(data, rows)]
        assert stands(kind) == expected
        assert expected[0]["as_of"] == as_of(len(rows) - 1)
        for report in told:
            assert report.rows_read == (
                report.rows_new + report.rows_changed + report.rows_same + report.rows_older
            )
        assert sum(report.rows_new for report in told) == (0 if kind == "customers" else 1)
        transaction.set_rollback(True)


def told() -> list[tuple[str, str]]:
    """Result and day of the messages that went, in their order."""
    keys = Message.objects.order_by("pk").values_list("dedup_key", flat=True)
    return [(key.split(":")[1], key.split(":")[2]) for key in keys]


_ENDS = st.sampled_from(["approved", "refused", "withdrawn"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(end=_ENDS, is_supplemented=st.booleans(), has_card=st.booleans(), data=st.data())
def test_the_one_result_of_an_application_is_told_once_in_whatever_order(
    end: str, is_supplemented: bool, has_card: bool, data: Any
) -> None:
    supplied = {"supplemented_date": "2026-05-25"}
    states = [row("A1", "filed", supplemented_date=None)]
    states += [row("A1", "supplemented", decided_date=None, **supplied)] if is_supplemented else []
    states += [row("A1", end, **(supplied if is_supplemented else {"supplemented_date": None}))]
    with_instants = data.draw(st.booleans())  # without them states go forward all the same
    rows = [
        state | ({"as_of": as_of(place).isoformat()} if with_instants else {})
        for place, state in enumerate(states)
    ]
    with transaction.atomic():
        make_bank()
        for minute, file in enumerate(files_of(data, rows)):
            # Without instants a key stands once in a file.
            for part in [file] if with_instants else [[one] for one in file]:
                decide(*part, at=AT + minute * MINUTE)
            if has_card and end == "approved" and Application.objects.get().state == end:
                CardFactory(application=Application.objects.get(), issued_date=dt.date(2026, 6, 1))
                has_card = False
            if data.draw(st.booleans()):
                tell(AT + minute * MINUTE)
            if data.draw(st.booleans()):
                Message.objects.filter(state="queued").update(state="sent", sent_at=AT)
        tell(AT + 30 * MINUTE)
        found = Application.objects.get()
        assert (found.state, str(found.decided_date)) == (end, "2026-06-01")
        assert str(found.supplemented_date) == ("2026-05-25" if is_supplemented else "None")
        assert told() == [(end, "2026-06-01")]
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ends=st.lists(st.sampled_from(["filed", "approved", "refused"]), min_size=1, max_size=6),
       data=st.data())  # fmt: skip
def test_of_several_results_none_is_told_after_a_later_one(ends: list[str], data: Any) -> None:
    """Which of them are told depends on when they come; never a step back, and the last always."""
    days = [(dt.date(2026, 5, 29) + dt.timedelta(days=place // 2)) for place in range(len(ends))]
    rows = [
        row("A1", state, decided_date=None if state == "filed" else day)
        | {"as_of": as_of(place).isoformat()}
        for place, (state, day) in enumerate(zip(ends, days, strict=True))
    ]
    with transaction.atomic():
        make_bank()
        heard: list[int] = []
        for minute, file in enumerate(files_of(data, rows)):
            decide(*file, at=AT + minute * MINUTE)
            before = Message.objects.count()
            tell(AT + minute * MINUTE)
            Message.objects.filter(state="queued").update(
                state="sent", sent_at=AT + minute * MINUTE
            )
            if Message.objects.count() > before:
                known = Application.objects.get().as_of
                heard.append((known - FIRST) // MINUTE)
                assert told()[-1][0] == ends[heard[-1]]
        assert heard == sorted(set(heard))
        now = Application.objects.get().state
        assert now == ends[-1]
        if now != "filed":
            assert told()[-1][0] == now
        transaction.set_rollback(True)
