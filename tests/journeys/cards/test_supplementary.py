"""Supplementary cards and their primary card: in any order of arrival the same links."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.models import Card
from portal.intake import operations as intake
from tests.factories.intake import AT, counts_of, make_bank
from tests.factories.journeys import CardFactory, CustomerFactory
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db
Row = dict[str, str | None]


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()
    CustomerFactory(number="C2")


def row(reference: str, primary: str | None = None, customer: str = "C1", **rest: Any) -> Row:
    return {
        "reference": reference, "customer": customer, "product": "GOLD", "branch": "B001",
        "issued_date": "2026-03-02", "is_primary": "false" if primary else "true",
        "primary_reference": primary, **rest,
    }  # fmt: skip


def take(*rows: Row) -> Any:
    return intake.import_rows(
        kind="cards", rows=list(rows), actor=None, at=AT, source_name="test", shown=9
    )


def links() -> dict[str, tuple[bool, str, str | None]]:
    rows = Card.objects.filter(reference__startswith="X").select_related("primary")
    return {
        card.reference: (
            card.is_primary, card.primary_reference, card.primary and card.primary.reference
        )
        for card in rows
    }  # fmt: skip


def expected(rows: list[Row]) -> dict[str, tuple[bool, str, str | None]]:
    """A card hangs on the card it names where that is there as a primary one."""
    primaries = {str(row["reference"]) for row in rows if row["is_primary"] == "true"}
    found = {}
    for card in rows:
        named = card["primary_reference"] or ""
        link = named if named in primaries else None
        found[str(card["reference"])] = (card["is_primary"] == "true", named, link)
    return found


@st.composite
def _rows(draw: Any) -> list[Row]:
    rows = []
    for number in range(draw(st.integers(1, 5))):
        named = draw(st.none() | st.sampled_from(["X0", "X1", "X2", "X9"]))
        rows.append(row(f"X{number}", named if named != f"X{number}" else None))
    return rows


@settings(max_examples=60, deadline=None)
@given(first=_rows(), last=_rows(), data=st.data())
def test_any_order_of_arrival_gives_the_same_links(
    first: list[Row], last: list[Row], data: Any
) -> None:
    """A first version, then the last one in any order and in pieces; a card may turn from primary
    to supplementary and back."""
    final = {str(card["reference"]): card for card in [*first, *last]}
    with transaction.atomic():
        take(*first)
        assert links() == expected(first)
        waiting = list(data.draw(st.permutations(list(final.values()))))
        while waiting:
            cut = data.draw(st.integers(1, len(waiting)))
            assert take(*waiting[:cut]).rows_bad == 0
            del waiting[:cut]
        assert links() == expected(list(final.values()))
        assert counts_of(take(*final.values())) == (0, 0, len(final), 0)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def test_the_holder_of_a_supplementary_card_may_be_another_customer() -> None:
    take(row("X1", "X0", customer="C2"), row("X0"))
    card = Card.objects.get(reference="X1")
    assert (card.customer.number, card.primary.customer.number) == ("C2", "C1")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"is_primary": "true"}, "Only a supplementary card names a primary card; a primary card"
                                 " leaves this empty."),
        ({"primary_reference": "X1"}, "A card cannot be its own primary card."),
    ],
)  # fmt: skip
def test_bad_links(change: Row, found: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        report = take({**row("X1", "X0"), **change})
    assert [(bad.column, bad.reason) for bad in report.findings] == [("primary_reference", found)]
    assert links() == {}


def test_what_a_file_does_not_say_stays() -> None:
    take(row("X0"), row("X1", "X0"))
    plain = {
        name: value for name, value in row("X1").items()
        if name not in ("is_primary", "primary_reference")
    }  # fmt: skip
    assert counts_of(take(plain)) == (0, 0, 1, 0)
    assert links()["X1"] == (False, "X0", "X0")
    # A card that names a primary card is a supplementary one, also where nothing else says so.
    assert counts_of(take({**plain, "reference": "X2", "primary_reference": "X0"})) == (1, 0, 0, 0)
    assert links()["X2"] == (False, "X0", "X0")
    take({**plain, "is_primary": "true"})
    assert links()["X1"] == (True, "", None)


def refused_by(change: Callable[[], object]) -> str | None:
    """The rule that refuses a change at the end of its transaction."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        _end_with(change)
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def _end_with(change: Callable[[], object]) -> None:
    change()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_a_link_to_a_supplementary_card() -> None:
    wrong = CardFactory(is_primary=False)

    def link() -> None:
        CardFactory(is_primary=False, primary_reference=wrong.reference, primary=wrong)

    assert refused_by(link) == "card_hangs_on_a_primary"
    assert not Card.objects.filter(primary=wrong).exists()


def test_the_database_refuses_to_take_the_primary_card_away() -> None:
    primary = CardFactory()
    CardFactory(is_primary=False, primary_reference=primary.reference, primary=primary)
    change = Card.objects.filter(pk=primary.pk).update
    assert refused_by(lambda: change(is_primary=False)) == "card_hangs_on_a_primary"
    primary.refresh_from_db()
    assert primary.is_primary


def test_the_customer_page_shows_the_link_and_the_holder_within_the_scope(client_of: Any) -> None:
    from django.urls import reverse

    from tests.factories.portal import StaffFactory

    holder = CustomerFactory(number="C3", branch=BranchFactory(code="B9"))
    primary = Card.objects.get(reference="K1")
    CardFactory(
        reference="X1", masked_number="622588******0777", customer=holder, application=None,
        product=primary.product, is_primary=False, primary_reference="K1", primary=primary,
    )  # fmt: skip
    near = StaffFactory(role="branch_manager", branch=primary.customer.branch, language="en")
    page = reverse("customer_page", args=["C1"])
    link = reverse("customer_page", args=["C3"])
    for staff, is_told in ((StaffFactory(role="compliance", language="en"), True), (near, False)):
        text = client_of(staff).get(page).content.decode()
        assert "supplementary card 622588******0777" in text
        assert (link in text) == is_told
        assert ("another customer" in text) != is_told
    far = StaffFactory(role="branch_manager", branch=holder.branch, language="en")
    text = client_of(far).get(link).content.decode()
    assert "of primary card 622588******0001" in text
    assert page not in text
    card = CardFactory(customer=holder, is_primary=False, primary_reference="X7", application=None,
                       product=primary.product)  # fmt: skip
    text = client_of(far).get(link).content.decode()
    assert card.is_awaiting_primary
    assert "its primary card X7 has not come in" in text
