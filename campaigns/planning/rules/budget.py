"""What a plan may cost at most, and who bears it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.conditions.rules import base
from campaigns.planning.rules.reading import Reading

BANK = "bank"
_WHOLE = Decimal(100)
_FIELDS = ("total", "per_day", "per_customer", "branches", "shares")


@dataclass(frozen=True)
class Budget:
    """Limits in CNY, None or absent where there is none, and the shares of cost in percent.

    `branches` limits the grants to customers of a branch, by its code. `shares` says which part
    of each grant every party bears: "bank", or a merchant's code; they add up to 100, and an empty
    mapping means that the bank bears all. A merchant's limit is its share of `total`.
    """

    total: Decimal | None = None
    per_day: Decimal | None = None
    per_customer: Decimal | None = None
    branches: Mapping[str, Decimal] = field(default_factory=dict)
    shares: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def parties(self) -> Mapping[str, Decimal]:
        """The shares in percent, also where the bank bears all."""
        return self.shares or {BANK: _WHOLE}

    def as_data(self) -> dict[str, Any]:
        """This will write the budget as plain JSON values, in one order."""
        return {
            "total": _text(self.total),
            "per_day": _text(self.per_day),
            "per_customer": _text(self.per_customer),
            "branches": {code: str(self.branches[code]) for code in sorted(self.branches)},
            "shares": {party: str(self.shares[party]) for party in sorted(self.shares)},
        }


def read_budget(reading: Reading | None) -> Budget:
    """This will read the part `budget` of a plan; what is wrong is noted in `reading`."""
    if reading is None:
        return Budget()
    reading.only(*_FIELDS)
    budget = Budget(
        total=reading.amount("total", is_needed=False),
        per_day=reading.amount("per_day", is_needed=False),
        per_customer=reading.amount("per_customer", is_needed=False),
        branches=_amounts(reading.part("branches", is_needed=False)),
        shares=_shares(reading.part("shares", is_needed=False)),
    )
    if budget.shares and sum(budget.shares.values()) != _WHOLE:
        reading.wrong("shares", _("must add up to 100 percent"))
    return budget


def _amounts(part: Reading | None) -> dict[str, Decimal]:
    found = {str(name): part.amount(name) for name in part.raw} if part else {}
    return {name: amount for name, amount in found.items() if amount is not None}


def _shares(part: Reading | None) -> dict[str, Decimal]:
    found = {str(name): part.by(name, _read_percent) for name in part.raw} if part else {}
    return {name: share for name, share in found.items() if share is not None}


def _read_percent(raw: Any, place: str) -> Decimal:
    share = base.with_two_places(raw)
    if share is None or not 0 < share <= _WHOLE:
        raise base.RuleWrong(
            place, _("must be a share in percent above 0, with at most two decimal places")
        )
    return share


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
