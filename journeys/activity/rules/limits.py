"""The limit of sleeping cards."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class SleepLimits:
    """After how many months without a transaction by the customer a card sleeps, and how high the
    share of such cards may be; from `near` on (percent) people are told."""

    months: int
    ceiling: Decimal
    near: Decimal
    policy_products: tuple[str, ...] = ()


# Notice 银保监规〔2022〕13号 on the business of credit cards: what holds until a rule is set.
USUAL = SleepLimits(18, Decimal(20), Decimal(18))
