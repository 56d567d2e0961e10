"""What the database refuses, whoever writes: the history says where a partnership stands."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from merchants.models import Partnership, PhaseChange
from merchants.partnerships import operations
from portal.kit import clock
from tests.factories import partnerships as made
from tests.factories.merchants import MerchantFactory
from tests.merchants.partnerships.test_operations import day, story, suggested
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
FIRST = made.FIRST


def raw_change(row: Partnership, **values: Any) -> None:
    row.refresh_from_db()
    usual: dict[str, Any] = {
        "partnership": row, "number": row.moved + 1, "from_phase": row.phase, "to_phase": "ended",
        "on_date": day(400), "at": clock.start_of(day(400)), "reason": "x", "actor": row.manager,
        "evidence": {"schema": 1},
    }  # fmt: skip
    PhaseChange.objects.create(**{**usual, **values})


@pytest.mark.parametrize(
    ("phase", "values"),
    [
        ("wavering", {"number": 3}),  # taken
        ("wavering", {"number": 9}),  # a gap
        ("wavering", {"from_phase": "perfect"}),  # it does not stand there
        ("wavering", {"to_phase": "confirmed"}),  # not in the table
        ("wavering", {"on_date": day(1), "at": clock.start_of(day(1))}),
        ("comparison", {"to_phase": "confirmed"}),  # no contract
        ("wavering", {"to_phase": "adjustment", "on_date": day(215)}),  # five days in the phase
        ("confirmed", {"to_phase": "perfect", "on_date": day(199)}),  # 59 days
        ("confirmed", {"reason": ""}),
        ("confirmed", {"evidence": {}}),
    ],
)
def test_the_database_refuses_a_wrong_move_whoever_writes_it(
    phase: str, values: dict[str, Any]
) -> None:
    row = made.in_phase(phase)
    before = story(row)
    with pytest.raises(DatabaseError), transaction.atomic():
        raw_change(row, **values)
    assert story(row) == before


def test_the_database_refuses_another_moves_approval() -> None:
    row, other = made.in_phase("comparison"), made.in_phase("comparison")
    request = made.asked(other, "confirmed", on=day(80))
    submission = made.decided(request, "approve", on=day(81))
    with pytest.raises(DatabaseError, match="does not allow"), transaction.atomic():
        raw_change(row, to_phase="confirmed", approval=submission)


def test_the_phase_is_what_the_last_move_says_whoever_writes() -> None:
    row = made.in_phase("wavering")
    for values in ({"phase": "perfect"}, {"moved": 2}, {"since": FIRST}, {"merchant": 0}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Partnership.objects.filter(pk=row.pk).update(**values)
    with pytest.raises(DatabaseError), transaction.atomic():
        Partnership.objects.create(
            merchant=MerchantFactory(), manager=row.manager, branch=row.branch,
            scenarios=["dining"], opened_at=clock.start_of(FIRST), phase="perfect", since=FIRST,
            moved=1,
        )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        PhaseChange.objects.filter(partnership=row).update(reason="y")
    with pytest.raises(DatabaseError), transaction.atomic():
        PhaseChange.objects.filter(partnership=row).delete()


@pytest.mark.django_db(transaction=True)
def test_a_partnership_without_a_first_move_is_not_committed() -> None:
    made.set_rule()
    leader = made.manager()
    with pytest.raises(DatabaseError, match="no first move"):
        Partnership.objects.create(
            merchant=MerchantFactory(), manager=leader, branch=leader.branch,
            scenarios=["dining"], opened_at=clock.start_of(FIRST),
        )  # fmt: skip
    assert Partnership.objects.count() == 0


def test_what_is_settled_stays() -> None:
    row = made.in_phase("confirmed")
    kept = suggested(row, "wavering", day(200))
    task = row.tasks.filter(state="left").first()
    assert task is not None
    operations.decline_suggestion(
        suggestion_id=kept.pk, reason="x", actor=row.manager, at=clock.start_of(day(200))
    )
    for thing in (kept, task):
        with pytest.raises(DatabaseError, match="stays so"), transaction.atomic():
            type(thing).objects.filter(pk=thing.pk).update(state="open")  # type: ignore[attr-defined]


def test_a_version_of_a_playbook_stands_once() -> None:
    first = row_of("merchants.Playbook")
    with pytest.raises(IntegrityError, match="playbook_version_once"), transaction.atomic():
        row_of("merchants.Playbook", phase=first.phase, number=first.number)
