"""What the database refuses, whoever writes: the history says where a partnership stands."""

from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from merchants.directory import queries as directory
from merchants.models import MerchantContract, Partnership, PhaseChange
from merchants.partnerships import operations
from portal.kit import clock
from tests.factories import partnerships as made
from tests.factories.merchants import ContractFactory, MerchantFactory
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


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [(400, 401, True), (399, 400, True), (390, None, True), (401, 402, False), (398, 399, False)],
)
def test_the_database_looks_for_the_merchants_contract_on_the_day(
    first: int, last: int | None, holds: bool
) -> None:
    row = made.in_phase("comparison")
    ContractFactory()  # another merchant's
    ContractFactory(
        merchant=row.merchant, signed_date=day(first), first_date=day(first),
        last_date=None if last is None else day(last),
    )  # fmt: skip
    found = directory.contracts_on(merchant_ids=[row.merchant_id], on=day(400))
    assert (row.merchant_id in found) is holds
    if holds:
        raw_change(row, to_phase="confirmed")
        return
    with pytest.raises(DatabaseError, match="no contract holds"), transaction.atomic():
        raw_change(row, to_phase="confirmed")


def test_contracts_that_partnerships_noted_go_over_to_their_merchants() -> None:
    move = import_module("merchants.migrations.0013_contracts_of_the_merchant")
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE merchants_partnership ADD contract_number text NOT NULL DEFAULT '',"
            " ADD contract_from date, ADD contract_end date"
        )
        noted, twice, other, none = (made.begun() for _number in range(4))
        for row, number in ((noted, "HT-1"), (twice, "HT-1"), (other, "HT-2")):
            cursor.execute(
                "UPDATE merchants_partnership SET contract_number = %s, contract_from = %s,"
                " contract_end = %s WHERE id = %s", [number, day(1), day(10), row.pk],
            )  # fmt: skip
        held = ContractFactory(
            merchant=other.merchant, signed_date=day(1), first_date=day(5), last_date=day(90)
        )
        cursor.execute(move.GO_OVER)
    rows = MerchantContract.objects.order_by("id")
    assert [(row.merchant, row.number, row.first_date, row.last_date) for row in rows] == [
        (other.merchant, held.number, day(5), day(90)),
        (twice.merchant, "HT-1", day(1), day(9)),
    ]
    assert none.merchant_id != noted.merchant_id


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
