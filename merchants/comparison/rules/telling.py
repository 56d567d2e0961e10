"""Figures in words."""

from merchants.comparison.enums import FigureCode
from merchants.comparison.rules.figures import Figure


def number(code: str, value: float) -> str:
    """This will write a value of a figure as people read it."""
    if code in (FigureCode.TURNOVER, FigureCode.CUSTOMERS):
        return f"{value:,.0f}"
    return f"{value:+.1f}" if code == FigureCode.GROWTH else f"{value:.2f}"


def interval(code: str, figure: Figure) -> str:
    """This will write a figure with its interval, or why it is not known."""
    if figure.value is None:
        return str(figure.why)
    low, high = number(code, figure.low), number(code, figure.high)
    return f"{number(code, figure.value)} ({low} – {high})"
