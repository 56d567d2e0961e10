"""What is asked of the rewards about those who qualify, and what they answer."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Book:
    """On whose account rewards are asked for. Not live: the same answers, nothing granted."""

    campaign_id: int
    version_id: int
    run_id: int
    is_live: bool


@dataclass(frozen=True)
class Candidate:
    """One who meets the rule; `reached` are the positions of the tiers reached, ascending."""

    customer_id: int
    card_id: int
    branch_id: int
    reached: tuple[int, ...]


@dataclass(frozen=True)
class Award:
    """The answer about one candidate (an AwardAnswer): the codes of the tiers and their value
    (CNY)."""

    customer_id: int
    answer: str
    tiers: tuple[str, ...]
    amount: Decimal
