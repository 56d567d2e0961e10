"""Amounts are rounded half up, to the cent, and shown without needless cents."""

from decimal import Decimal

import pytest

from portal.kit import money


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.004", "0.00"), ("0.005", "0.01"), ("0.015", "0.02"), ("2.675", "2.68"),
        ("-0.005", "-0.01"), (10, "10.00"), (Decimal("9.999"), "10.00"),
    ],
)  # fmt: skip
def test_cents_round_half_up(amount: Decimal | int | str, rounded: str) -> None:
    assert str(money.cents(amount)) == rounded


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "¥0"), ("10", "¥10"), ("10.5", "¥10.50"), ("1234.5", "¥1,234.50"),
        ("1234567.00", "¥1,234,567"), ("999.995", "¥1,000"), ("-20.10", "-¥20.10"),
    ],
)  # fmt: skip
def test_amounts_are_shown_for_a_reader(amount: str, text: str) -> None:
    assert money.show(Decimal(amount)) == text
