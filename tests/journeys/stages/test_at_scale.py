"""The stages of a whole bank that came in as files, against plain Python, customer by customer."""

import csv
import datetime as dt
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from journeys.models import CustomerStage
from journeys.stages import operations, rules
from portal.intake import operations as intake
from tests.factories.intake import AT
from tests.factories.journeys import DAY, ProductFactory
from tests.factories.portal import BranchFactory
from tests.journeys.stages import oracle

pytestmark = pytest.mark.django_db
PRODUCTS = ("GOLD", "PLAT")
Row = dict[str, Any]
AFTER = AT + dt.timedelta(days=365)  # nothing of it lies ahead


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


class Bank:
    """What a random bank has on file, as rows of its files and as facts."""

    def __init__(self, people: int, seed: int) -> None:
        self.rng = random.Random(seed)
        self.files: dict[str, list[Row]] = {
            kind: [] for kind in ("customers", "applications", "cards", "transactions", "points")
        }
        self.facts = {f"C{number:06d}": self._person(f"C{number:06d}") for number in range(people)}

    def _person(self, number: str) -> oracle.Facts:
        registered = day(self.rng.randint(0, 60))
        facts = oracle.Facts(registered)
        self.files["customers"].append(
            {"number": number, "name": "王小明", "branch": "B001", "registered_date": registered,
             "lawful_basis": "contract"}
        )  # fmt: skip
        for turn in range(self.rng.choice([0, 0, 1, 1, 1, 2])):
            self._application(number, turn, facts)
        for turn in range(self.rng.choice([0, 0, 1, 1, 2])):
            self._card(number, turn, facts)
        if self.rng.random() < 0.2:
            self._points(number, facts)
        return facts

    def _application(self, number: str, turn: int, facts: oracle.Facts) -> None:
        filed, wait = self.rng.randint(0, 90), self.rng.randint(0, 30)
        state = self.rng.choice(["filed", "supplemented", "approved", "refused", "withdrawn"])
        product = self.rng.choice(PRODUCTS)
        row = {"number": f"A{number}{turn}", "customer": number, "product": product,
               "branch": "B001", "filed_date": day(filed), "state": state}  # fmt: skip
        if state != "filed":
            on = "supplemented_date" if state == "supplemented" else "decided_date"
            row[on] = day(filed + wait)
        self.files["applications"].append(row)
        told = None if state == "filed" else day(filed + wait)
        facts.applications.append((day(filed), state, told, product))

    def _card(self, number: str, turn: int, facts: oracle.Facts) -> None:
        issued, product = self.rng.randint(0, 120), self.rng.choice(PRODUCTS)
        activated = day(issued + self.rng.randint(0, 40)) if self.rng.random() < 0.7 else None
        reference = f"K{number}{turn}"
        self.files["cards"].append(
            {"reference": reference, "customer": number, "product": product, "branch": "B001",
             "issued_date": day(issued), "activated_date": activated}
        )  # fmt: skip
        uses = [day(issued + self.rng.randint(0, 90)) for _use in range(self.rng.choice([0, 1, 2]))]
        for count, on in enumerate(uses):
            self.files["transactions"].append(
                {"reference": f"T{reference}{count}", "card": reference, "amount": "5.00",
                 "posted_date": on}
            )  # fmt: skip
        facts.cards.append((day(issued), activated, min(uses) if uses else None, product))

    def _points(self, number: str, facts: oracle.Facts) -> None:
        for kind, points, on in (("earned", 100, day(0)), ("redeemed", 5, day(130))):
            self.files["points"].append(
                {"reference": f"P{number}{kind}", "customer": number, "kind": kind,
                 "points": points, "on_date": on}
            )  # fmt: skip
        facts.redeemed.append(day(130))


def _write(path: Path, rows: Sequence[Row]) -> None:
    columns = sorted({name for row in rows for name in row})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def _differences(facts: dict[str, oracle.Facts]) -> Iterator[str]:
    rows = CustomerStage.objects.select_related("customer")
    for row in rows.iterator(chunk_size=5_000):
        own = facts.pop(row.customer.number)
        days = oracle.days_of(own)
        dated = oracle.is_dated(own)
        found = (
            (row.stage, row.step, row.since_date),
            [getattr(row, column) for column in rules.DAYS],
            row.undated,
        )
        undated = sum(1 << n for n, on in enumerate(days) if on is not None and not dated[n])
        if found != (oracle.stage_of(own), days, undated):
            yield row.customer.number
    yield from facts


@pytest.mark.parametrize("people", [1_000, pytest.param(100_000, marks=pytest.mark.chaos)])
def test_each_customer_stands_where_plain_reasoning_says(people: int, tmp_path: Path) -> None:
    BranchFactory(code="B001")
    for code in PRODUCTS:
        ProductFactory(code=code)
    bank = Bank(people, seed=7)
    for kind, rows in bank.files.items():
        _write(tmp_path / f"{kind}.csv", rows)
        report = intake.import_file(kind=kind, path=tmp_path / f"{kind}.csv", actor=None, at=AFTER)
        assert (report.rows_new, report.rows_bad) == (len(rows), 0), kind
    assert CustomerStage.objects.count() == people
    assert list(_differences(dict(bank.facts))) == []
    assert operations.refresh_stages() == 0
