"""Imports as a whole: a small bank that arrives in pieces, late, out of order, twice, with bad rows
among them, ends as the one that arrived in order.

What a source may do: rows come in any order, the states of one key too, for each says as of when
it holds, corrections of postings included. A row refused because what it names is not known yet is
sent again later. A source that never says when sends its files in order, but old ones again at any
time.
"""

import datetime as dt
import hashlib
import itertools
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys.models import Application, Card, Customer, CustomerStage, StageCount, Transaction
from journeys.stages import operations as stages
from portal.intake import operations as intake
from tests.factories.intake import AT
from tests.factories.journeys import DAY, ProductFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db
KINDS = ("customers", "applications", "cards", "transactions")
KEYS = {"customers": "number", "applications": "number", "cards": "reference",
        "transactions": "reference"}  # fmt: skip
BRANCHES, PRODUCTS = ("B001", "B002"), ("GOLD", "PLAT")
_TEMPORARY = {"customer", "application", "card"}  # columns that name a row that may come later

FIRST = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)

Row = dict[str, str | None]
Name = tuple[str, str]  # kind and key


@dataclass
class Bank:
    """What the source knows: for each row of each kind its states, the latest last."""

    states: dict[Name, list[Row]] = field(default_factory=dict)

    def add(self, kind: str, rows: list[Row]) -> None:
        """Adds a row with its states, each a minute after the one before."""
        rows = [row | {"as_of": _as_of(place)} for place, row in enumerate(rows)]
        self.states[kind, str(rows[0][KEYS[kind]])] = rows


def _as_of(place: int) -> str:
    return (FIRST + dt.timedelta(minutes=place)).isoformat()


def day(number: int) -> str:
    return (DAY + dt.timedelta(days=number)).isoformat()


branches, products = st.sampled_from(BRANCHES), st.sampled_from(PRODUCTS)


@st.composite
def banks(draw: Any) -> Bank:
    """A few customers with applications, cards, purchases and refunds, each with corrections.
    Days are such that no state contradicts another: filed before 10, issued before 20, used after.
    """
    bank = Bank()
    people = [f"C{number}" for number in range(draw(st.integers(1, 3)))]
    for number in people:
        bank.add("customers", [_customer(draw, number) for _ in range(draw(st.integers(1, 2)))])
    filed: dict[str, str] = {}
    for place in range(draw(st.integers(0, 3))):
        number, person = f"A{place}", draw(st.sampled_from(people))
        filed[number] = person
        states = [_application(draw, number, person) for _ in range(draw(st.integers(1, 3)))]
        bank.add("applications", states)
    held = []
    for place in range(draw(st.integers(0, 3))):
        reference, person = f"K{place}", draw(st.sampled_from(people))
        own = [number for number, applicant in filed.items() if applicant == person]
        application = draw(st.sampled_from([None, *own]))
        cards = [
            _card(draw, reference, person, application) for _ in range(draw(st.integers(1, 2)))
        ]
        bank.add("cards", cards)
        held.append(reference)
    for place in range(draw(st.integers(0, 5)) if held else 0):
        reference = f"T{place}"
        states = [_transaction(draw, reference, held) for _ in range(draw(st.integers(1, 3)))]
        bank.add("transactions", states)
    return bank


def _customer(draw: Any, number: str) -> Row:
    return {"number": number, "name": draw(st.sampled_from(["王小明", "李华"])),
            "branch": draw(branches), "registered_date": day(draw(st.integers(-5, 30))),
            "phone": draw(st.sampled_from([None, "13800000001", "13800000002"])),
            "lawful_basis": "contract"}  # fmt: skip


def _application(draw: Any, number: str, person: str) -> Row:
    state = draw(st.sampled_from(["filed", "approved", "refused", "withdrawn"]))
    decided = None if state == "filed" else day(draw(st.integers(9, 15)))
    return {"number": number, "customer": person, "product": draw(products),
            "branch": draw(branches), "filed_date": day(draw(st.integers(0, 9))), "state": state,
            "decided_date": decided,
            "is_fast_track": draw(st.sampled_from(["true", "false"]))}  # fmt: skip


def _card(draw: Any, reference: str, person: str, application: str | None) -> Row:
    issued = draw(st.integers(10, 19))
    activated = draw(st.none() | st.integers(0, 9))
    return {"reference": reference, "customer": person, "application": application,
            "product": draw(products), "branch": draw(branches), "issued_date": day(issued),
            "activated_date": None if activated is None else day(issued + activated)}  # fmt: skip


def _transaction(draw: Any, reference: str, held: list[str]) -> Row:
    """A later state may move to another card, or turn out to be a refund."""
    kind = draw(st.sampled_from(["purchase", "purchase", "refund"]))
    other = draw(st.sampled_from([None, "T0", "T1"]))
    refunded = other if kind == "refund" and other != reference else None
    return {"reference": reference, "card": draw(st.sampled_from(held)), "kind": kind,
            "amount": draw(st.sampled_from(["0.01", "10.00", "999.99"])),
            "posted_date": day(draw(st.integers(20, 40))), "refund_of": refunded,
            "merchant": draw(st.sampled_from([None, "M1"]))}  # fmt: skip


# Rows that are never good, and leave no trace.
BAD: dict[str, Row] = {
    "customers": {"number": "CX", "name": "王", "branch": "NONE", "registered_date": day(0),
                  "phone": None, "lawful_basis": "contract", "as_of": _as_of(0)},
    "applications": {"number": "AX", "customer": "C0", "product": "GOLD", "branch": "B001",
                     "filed_date": day(5), "state": "approved", "decided_date": day(4),
                     "is_fast_track": "false", "as_of": _as_of(0)},
    "cards": {"reference": "KX", "customer": "C0", "application": None, "product": "NONE",
              "branch": "B001", "issued_date": day(10), "activated_date": None,
              "as_of": _as_of(0)},
    "transactions": {"reference": "TX", "card": "K0", "kind": "purchase", "amount": "0",
                     "posted_date": day(20), "refund_of": None, "merchant": None,
                     "as_of": _as_of(0)},
}  # fmt: skip


@dataclass
class Source:
    """Sends files, and remembers what was refused for now. `counts` adds up new rows."""

    refused: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    new: Counter[str] = field(default_factory=Counter)

    def send(self, kind: str, rows: list[Row], *, twice: bool = False) -> None:
        """Sends a file; at once a second time it must change nothing."""
        report = intake.import_rows(
            kind=kind, rows=rows, actor=None, at=AT, source_name="test", shown=1_000
        )
        bad = {finding.row: finding.column for finding in report.findings}
        self.new[kind] += report.rows_new
        for number, row in enumerate(rows, start=1):
            key = str(row[KEYS[kind]])
            if key.endswith("X"):
                assert number in bad
            elif number in bad:
                assert bad[number] in _TEMPORARY
                self.refused[kind, key, row.get("as_of") or ""] = row
            else:
                self.refused.pop((kind, key, row.get("as_of") or ""), None)
        if twice:
            again = intake.import_rows(
                kind=kind, rows=rows, actor=None, at=AT, source_name="test", shown=1_000
            )
            assert (again.rows_new, again.rows_changed, again.rows_bad) == (0, 0, report.rows_bad)

    def send_the_rest(self) -> None:
        """Sends again what was refused, parents first, until all is taken."""
        for kind in KINDS:
            known = sorted(self.refused.items(), key=lambda item: item[0])
            rows = [row for (refused, *_key), row in known if refused == kind]
            if rows:
                self.send(kind, rows)
        assert self.refused == {}


def in_order(bank: Bank) -> Source:
    """Kind by kind, state by state."""
    source = Source()
    for kind in KINDS:
        own = [rows for (known, _key), rows in bank.states.items() if known == kind]
        for states in itertools.zip_longest(*own):
            source.send(kind, [row for row in states if row is not None])
    return source


def deliveries(data: Any, bank: Bank) -> list[tuple[str, list[Row]]]:
    """Files that hold every state of every row, in any order that sources allow."""
    names = [name for name, rows in bank.states.items() for _row in rows]
    shuffled = data.draw(st.permutations(names))
    left = {name: list(rows) for name, rows in bank.states.items()}
    files: list[tuple[str, list[Row]]] = []
    for kind, key in shuffled:
        states = left[kind, key]
        row = states.pop(data.draw(st.integers(0, len(states) - 1)))
        # Into the last file of the kind, unless it is closed.
        open_file = next((rows for known, rows in reversed(files) if known == kind), None)
        if open_file is None or data.draw(st.booleans()):
            files.append((kind, [row]))
        else:
            open_file.append(row)
    return files


def snapshot() -> dict[str, Any]:
    """All that imports write, by the sources' own keys."""
    days = ("awareness_date", "application_date", "issued_date", "activated_date", "used_date",
            "loyalty_date", "undated")  # fmt: skip
    wanted: dict[str, tuple[Any, tuple[str, ...]]] = {
        "customers": (Customer, ("number", "name", "name_pinyin", "branch__code", "phone_masked",
                                 "phone_index", "callee", "bearer", "reader",
                                 "registered_date", "language")),
        "applications": (Application, ("number", "customer__number", "product__code",
                                       "branch__code", "filed_date", "state", "decided_date",
                                       "is_fast_track")),
        "cards": (Card, ("reference", "customer__number", "application__number", "product__code",
                         "branch__code", "issued_date", "activated_date", "first_used_date")),
        "transactions": (Transaction, ("reference", "card__reference", "customer__number", "kind",
                                       "amount", "posted_date", "merchant__number", "refund_of")),
        "stages": (CustomerStage, ("customer__number", "branch__code", "product__code", "stage",
                                   "step", "since_date", *days)),
        "counts": (StageCount, ("level", "branch_key", "product_key", "month", "step", "days",
                                "customers")),
    }  # fmt: skip
    found = {name: model.objects.values_list(*columns) for name, (model, columns) in wanted.items()}
    return {
        name: sorted((tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
                      for row in rows), key=repr)
        for name, rows in found.items()
    }  # fmt: skip


@pytest.fixture
def _house() -> None:
    for code in BRANCHES:
        BranchFactory(code=code)
    for code in PRODUCTS:
        ProductFactory(code=code)
    MerchantFactory(number="M1")


@pytest.mark.usefixtures("_house")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bank=banks(), data=st.data())
def test_late_and_out_of_order_rows_give_what_in_order_gives(bank: Bank, data: Any) -> None:
    with transaction.atomic():
        expected_source = in_order(bank)
        expected_source.send_the_rest()
        expected = snapshot()
        transaction.set_rollback(True)
    with transaction.atomic():
        source = Source()
        for kind, rows in deliveries(data, bank):
            place = data.draw(st.integers(0, len(rows)))
            spoiled = [*rows[:place], BAD[kind], *rows[place:]]
            is_spoiled, twice = data.draw(st.booleans()), data.draw(st.booleans())
            source.send(kind, spoiled if is_spoiled else rows, twice=twice)
        source.send_the_rest()
        assert snapshot() == expected
        keys = Counter(kind for kind, _key in bank.states)
        assert source.new == expected_source.new == +keys
        # Everything once more, as the source has it now, changes nothing.
        for kind in KINDS:
            latest = [rows[-1] for (known, _key), rows in bank.states.items() if known == kind]
            if latest:
                source.send(kind, latest, twice=True)
        assert (snapshot(), source.new) == (expected, +keys)
        assert stages.refresh_stages() == 0
        transaction.set_rollback(True)


def files_in_order(bank: Bank) -> list[tuple[str, list[Row]]]:
    """Of each kind a file for each round of states, none of which says when it holds."""
    files = []
    for kind in KINDS:
        own = [rows for (known, _key), rows in bank.states.items() if known == kind]
        for states in itertools.zip_longest(*own):
            rows = [{name: text for name, text in row.items() if name != "as_of"}
                    for row in states if row is not None]  # fmt: skip
            files.append((kind, rows))
    return files


def sent(file: tuple[str, list[Row]], minutes: int) -> tuple[int, int, int]:
    """Sends a file at an instant of its own, and tells how many rows are new, changed and bad."""
    kind, rows = file
    report = intake.import_rows(
        kind=kind, rows=rows, actor=None, at=AT + dt.timedelta(minutes=minutes),
        source_name="test", shown=1_000,
        digest=hashlib.sha256(json.dumps(rows).encode()).hexdigest(),
    )  # fmt: skip
    return report.rows_new, report.rows_changed, report.rows_bad


@pytest.mark.usefixtures("_house")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bank=banks(), data=st.data())
def test_old_files_sent_again_undo_nothing(bank: Bank, data: Any) -> None:
    """Whatever came since, and however often they come."""
    files = files_in_order(bank)
    with transaction.atomic():
        for minutes, file in enumerate(files):
            sent(file, minutes)
        expected = snapshot()
        transaction.set_rollback(True)
    with transaction.atomic():
        clock = itertools.count()
        for place, file in enumerate(files):
            _new, _changed, bad = sent(file, next(clock))
            assert bad == 0
            for old in data.draw(st.lists(st.sampled_from(files[: place + 1]), max_size=2)):
                assert sent(old, next(clock)) == (0, 0, 0)
        assert snapshot() == expected
        assert stages.refresh_stages() == 0
        transaction.set_rollback(True)
