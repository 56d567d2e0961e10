"""Who spent a set sum within 65 days of the first purchase, in plain Python: an answer by other
means, to hold the portal's own against.

    python -m examples.cdnow.plain SOURCE [DAYS]

SOURCE is CDNOW_sample.txt, packed (.xz) or not, or the extract beside this file.
"""

import datetime as dt
import lzma
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

SUMS = (20, 50, 100, 200)


@dataclass(frozen=True)
class Purchase:
    """One line of the source; `value` is in dollars, and 0 in a few lines."""

    customer: str
    day: dt.date
    value: Decimal


def read(path: Path) -> Iterator[Purchase]:
    """This will yield the purchases in the order of the source; lines with # are remarks."""
    raw = path.read_bytes()
    text = (lzma.decompress(raw) if path.suffix == ".xz" else raw).decode()
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            _long_id, customer, day, _count, value = line.split()
            yield Purchase(customer, dt.date.fromisoformat(day), Decimal(value))


def spending(path: Path, days: int, last_day_inside: bool) -> dict[str, Decimal]:
    """This will sum what each customer spent from the first purchase until `days` days later.

    `last_day_inside` says whether the day that is `days` days later still counts.
    """
    purchases = list(read(path))
    first: dict[str, dt.date] = {}
    for purchase in purchases:
        known = first.get(purchase.customer, purchase.day)
        first[purchase.customer] = min(known, purchase.day)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for purchase in purchases:
        gone = (purchase.day - first[purchase.customer]).days
        if gone < days or (gone == days and last_day_inside):
            sums[purchase.customer] += purchase.value
    return dict(sums)


def qualifying(
    path: Path, *, days: int = 65, last_day_inside: bool, threshold: Decimal
) -> set[str]:
    """This will return the customers who spent at least `threshold` in the window."""
    sums = spending(path, days, last_day_inside)
    return {customer for customer, total in sums.items() if total >= threshold}


def main(path: Path, days: int = 65) -> None:
    """This will print how many customers qualify, by sum and by reading of the last day."""
    print(f"Customers who spent at least the sum within {days} days of their first purchase")
    print(f"{'sum':>6} {'last day inside':>16} {'last day outside':>17}")
    for amount in SUMS:
        inside, outside = (
            len(qualifying(path, days=days, last_day_inside=reading, threshold=Decimal(amount)))
            for reading in (True, False)
        )
        print(f"{amount:>6} {inside:>16} {outside:>17}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(days) for days in sys.argv[2:]))
