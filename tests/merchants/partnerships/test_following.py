"""A merchant and its open partnership have one manager, whichever of the two is given away."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from merchants.directory import operations as directory
from merchants.models import ManagerChange, Merchant, Partnership
from merchants.partnerships import operations
from portal.intake import operations as intake
from portal.kit import clock
from portal.models import AuditEntry
from tests.factories import partnerships as made
from tests.merchants.partnerships.test_operations import day, suggested

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
AT = clock.start_of(day(200))


def led(row: Partnership) -> tuple[Any, Any, list[tuple[Any, ...]]]:
    """Who leads a partnership, who keeps its merchant, and what its history says of both."""
    row = Partnership.objects.select_related("merchant").get(pk=row.pk)
    told = row.manager_changes.order_by("number").values_list(
        "number", "from_manager", "to_manager", "reason", "actor", "at"
    )
    return row.manager_id, row.merchant.manager_id, list(told)


def test_a_merchant_given_away_takes_its_open_partnership_along() -> None:
    row = made.in_phase("confirmed")
    before, chief = row.manager, made.chief(row)
    open_one, after = suggested(row, "wavering", day(200)), made.manager(branch=row.branch)
    directory.assign_manager(
        merchant=row.merchant, manager=after, reason="调岗", actor=chief, at=AT
    )
    first = (1, before.pk, after.pk, "调岗", chief.pk, AT)
    assert led(row) == (after.pk, after.pk, [first])
    open_one.refresh_from_db()
    assert open_one.manager == after
    entry = AuditEntry.objects.get(action="partnership.handed_over")
    assert (entry.actor, entry.reason, entry.changes["suggestions"]) == (chief, "调岗", 1)
    operations.hand_over(partnership_id=row.pk, to=before, reason="回岗", actor=chief, at=AT)
    second = (2, after.pk, before.pk, "回岗", chief.pk, AT)
    assert led(row) == (before.pk, before.pk, [first, second])


def test_one_that_ended_stays_with_who_led_it() -> None:
    row = made.begun()
    made.moved(row, "ended", on=day(20))
    after = made.manager(branch=row.branch)
    directory.assign_manager(merchant=row.merchant, manager=after, actor=made.chief(row), at=AT)
    assert led(row) == (row.manager_id, after.pk, [])
    directory.assign_manager(merchant=row.merchant, manager=None, actor=made.chief(row), at=AT)
    assert led(row) == (row.manager_id, None, [])


@pytest.mark.parametrize(("is_somebody", "reason"), [(True, " "), (False, "调岗")])
def test_without_a_reason_or_to_nobody_nothing_changes(is_somebody: bool, reason: str) -> None:
    row = made.begun()
    after = made.manager(branch=row.branch) if is_somebody else None
    with pytest.raises(directory.DirectoryRefused):
        directory.assign_manager(
            merchant=row.merchant, manager=after, reason=reason, actor=made.chief(row), at=AT
        )
    assert led(row) == (row.manager_id, row.manager_id, [])
    assert not AuditEntry.objects.filter(action="merchant.assigned").exists()


def test_the_page_asks_for_the_reason_and_the_partnership_shows_who_led_it(
    client_of: ClientOf,
) -> None:
    row = made.begun()
    chief, after = made.chief(row), made.manager(branch=row.branch)
    url = reverse("merchant_assign", args=[row.merchant.number])
    refused = client_of(chief).post(url, {"manager": after.username})
    assert (refused.status_code, led(row)[0]) == (422, row.manager_id)
    said = {"manager": after.username, "reason": "调岗"}
    assert client_of(chief).post(url, said).status_code == 302
    page = client_of(chief).get(reverse("partnership_page", args=[row.pk]))
    assert page.context["manager_changes"] == [ManagerChange.objects.get()]
    assert page.context["row"].manager == after


def test_a_file_that_names_another_manager_is_told_so_line_by_line(tmp_path: Path) -> None:
    row = made.begun()
    after, path = made.manager(branch=row.branch), tmp_path / "merchants.csv"
    free = Merchant.objects.exclude(pk=row.merchant_id).latest("id")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "name", "mcc", "branch", "manager"])
        writer.writerows(
            [shop.number, shop.name, shop.category_id, row.branch.code, after.username]
            for shop in (row.merchant, free)
        )
    report = intake.import_file(kind="merchants", path=path, actor=made.chief(row), at=AT)
    assert (report.rows_changed, report.rows_bad) == (1, 1)
    assert [code for code, number in report.reasons.items() if number] == ["led_by_another"]
    free.refresh_from_db()
    assert (led(row), free.manager) == ((row.manager_id, row.manager_id, []), after)


def _change(row: Partnership, after: Any, **values: Any) -> None:
    ManagerChange.objects.create(
        partnership=row, reason="x", at=AT,
        **{"number": 1, "from_manager": row.manager, "to_manager": after, **values},
    )  # fmt: skip


def test_the_database_keeps_both_together_whoever_writes() -> None:
    row, ended = made.begun(), made.begun()
    made.moved(ended, "ended", on=day(20))
    after = made.manager(branch=row.branch)
    shops, rows = Merchant.objects.filter(pk=row.merchant_id), Partnership.objects.filter(pk=row.pk)
    refused: list[tuple[str, Callable[[], Any]]] = [
        ("not given away", lambda: shops.update(manager=after)),
        ("not given away", lambda: shops.update(manager=None)),
        ("last change of manager", lambda: rows.update(manager=after)),
        ("follows on", lambda: _change(row, after, number=2)),
        ("follows on", lambda: _change(row, row.manager, from_manager=after)),
        ("has ended", lambda: _change(ended, after)),
    ]
    for match, write in refused:
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            write()
    assert led(row) == (row.manager_id, row.manager_id, [])
    _change(row, after)
    with pytest.raises(DatabaseError, match="follows on"), transaction.atomic():
        _change(row, after)
    shops.update(manager=after)
    assert led(row)[:2] == (after.pk, after.pk)


def _and_commit(step: Callable[[], Any]) -> None:
    """A step, with what is asked of it when it is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        step()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_partnership_goes_to_nobody_without_its_merchant() -> None:
    row = made.begun()
    after, chief = made.manager(branch=row.branch), made.chief(row)
    with pytest.raises(DatabaseError, match="goes along"), transaction.atomic():
        _and_commit(lambda: _change(row, after))
    assert led(row) == (row.manager_id, row.manager_id, [])

    def handed_over() -> None:
        operations.hand_over(partnership_id=row.pk, to=after, reason="调岗", actor=chief, at=AT)

    def given_away() -> None:
        directory.assign_manager(
            merchant=row.merchant, manager=row.manager, reason="回岗", actor=chief, at=AT
        )

    for step, whose in ((handed_over, after.pk), (given_away, row.manager_id)):
        with transaction.atomic():
            _and_commit(step)
        assert led(row)[:2] == (whose, whose)
