"""What a partnership's promotion brings each of its three sides in a plan's days.

    customers = all promotion money * share that reaches customers
    bank      = additional turnover * bank's income of turnover - bank's money
    merchant  = additional turnover * merchant's gross margin - merchant's money

All promotion money is the bank's, as allocated, and the merchant's: bank's / (1 - merchant's share
of the cost). Whatever needs a figure that nobody gave is None: not known.
"""

from dataclasses import dataclass
from decimal import Decimal

from portal.kit import money

_ALL = Decimal(100)


@dataclass(frozen=True)
class Inputs:
    """Money in CNY, shares in percent; None where nobody knows it."""

    turnover: Decimal
    bank_money: Decimal
    income: Decimal | None
    margin: Decimal | None
    merchant_share: Decimal | None
    reach: Decimal | None


@dataclass(frozen=True)
class Benefit:
    """What is left for each side (CNY); None where it is not known."""

    bank: Decimal | None
    merchant: Decimal | None
    customers: Decimal | None


def benefit(given: Inputs) -> Benefit:
    """This will reckon the benefit of the three sides."""
    whole = None
    if given.merchant_share is not None:
        whole = given.bank_money * _ALL / (_ALL - given.merchant_share)
    bank = merchant = customers = None
    if given.income is not None:
        bank = money.cents(given.turnover * given.income / _ALL - given.bank_money)
    if given.margin is not None and whole is not None:
        own = whole - given.bank_money
        merchant = money.cents(given.turnover * given.margin / _ALL - own)
    if given.reach is not None and whole is not None:
        customers = money.cents(whole * given.reach / _ALL)
    return Benefit(bank, merchant, customers)
