"""Calls as the model sees them: a column for each thing that is known before the phone rings, and
the result, which is known after it. How long a call took is no column here."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Days = NDArray[np.int64]
Words = NDArray[Any]

# The personal traits, which the bank may leave unread (`with_traits`).
TRAITS = ("age", "job", "marital", "education")


@dataclass(frozen=True)
class Calls:
    """Calls in the order of their days. NaN and "" stand for what is not known.

    `day` counts days (`date.toordinal`); `attempts` counts the calls to the person within the
    present campaign, this one with them; `since` is the days from the last contact of an earlier
    one; `earlier` counts the contacts before, and `earlier_result` is what came of them. `won` is 1
    for a success, 0 for none, and NaN for a call that is still to be made. `more` holds further
    figures of the day, such as rates of interest.
    """

    day: Days
    won: Numbers
    attempts: Numbers
    since: Numbers
    earlier: Numbers
    earlier_result: Words
    channel: Words
    balance: Numbers
    in_default: Numbers
    has_housing_loan: Numbers
    has_loan: Numbers
    age: Numbers
    job: Words
    marital: Words
    education: Words
    more: Mapping[str, Numbers] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.day)

    def part(self, rows: Any) -> "Calls":
        """Those of the rows that a slice or an index names."""
        cut: dict[str, Any] = {name: getattr(self, name)[rows] for name in COLUMNS}
        return Calls(**cut, more={name: values[rows] for name, values in self.more.items()})

    def followed_by(self, others: "Calls") -> "Calls":
        """These calls with others after them."""
        both: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in COLUMNS
        }
        return Calls(**both)


COLUMNS = tuple(one.name for one in dataclasses.fields(Calls) if one.name != "more")
