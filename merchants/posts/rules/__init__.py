"""What holds for posts, on plain values."""

from merchants.posts.rules.figures import Figures, Result, Stood, Tariff, by_rate, cost_of
from merchants.posts.rules.weeks import Day, stands_on

__all__ = [
    "Day", "Figures", "Result", "Stood", "Tariff", "by_rate", "cost_of", "stands_on",
]  # fmt: skip
