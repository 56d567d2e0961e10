"""Amounts of money: Chinese yuan (CNY) as Decimal with two places."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(amount: Decimal | int | str) -> Decimal:
    """This will round `amount` (CNY) half up to the cent."""
    return Decimal(amount).quantize(CENT, rounding=ROUND_HALF_UP)


def show(amount: Decimal) -> str:
    """This will write `amount` (CNY) for a reader: ¥1,234.50, no cents where there are none, and
    -¥3.62 for what was given back."""
    rounded = cents(amount)
    text = f"{abs(rounded):,.2f}"
    sign = "-" if rounded < 0 else ""
    return f"{sign}¥{text[:-3] if text.endswith('.00') else text}"
