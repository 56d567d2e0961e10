"""Turns the CDNOW sample into files for `manage.py import_data`.

    python -m examples.cdnow.convert SOURCE OUTDIR [--branch CODE] [--product CODE]

Each customer becomes a customer with one card; the day of the first purchase is the day of
application, issue and activation. Dollars are taken as yuan. A purchase of value 0 counts as a
day of purchase, so it may open the window, but it is no transaction and is left out.
"""

import argparse
import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from examples.cdnow import plain


@dataclass(frozen=True)
class Converted:
    """How many rows were written, and how many purchases of value 0 were left out."""

    customers: int
    transactions: int
    without_value: int


def customer_number(customer: str) -> str:
    """This will return the number under which a customer of the sample is imported."""
    return f"CDNOW-{customer}"


def convert(source: Path, folder: Path, *, branch: str, product: str) -> Converted:
    """This will write customers.csv, applications.csv, cards.csv and transactions.csv.

    `branch` and `product` are codes that the portal knows.
    """
    purchases = list(plain.read(source))
    first: dict[str, dt.date] = {}
    for purchase in purchases:
        first[purchase.customer] = min(first.get(purchase.customer, purchase.day), purchase.day)
    folder.mkdir(parents=True, exist_ok=True)
    _write(
        folder / "customers.csv",
        ["number", "name", "branch", "registered_date", "lawful_basis"],
        (
            [customer_number(c), f"CDNOW {c}", branch, day, "public_data"]
            for c, day in first.items()
        ),
    )
    _write(
        folder / "applications.csv",
        ["number", "customer", "product", "branch", "filed_date", "state", "decided_date"],
        ([f"CDNOW-A-{c}", customer_number(c), product, branch, day, "approved", day]
         for c, day in first.items()),
    )  # fmt: skip
    _write(
        folder / "cards.csv",
        ["reference", "customer", "application", "product", "branch", "issued_date",
         "activated_date"],
        ([f"CDNOW-K-{c}", customer_number(c), f"CDNOW-A-{c}", product, branch, day, day]
         for c, day in first.items()),
    )  # fmt: skip
    counted = [purchase for purchase in purchases if purchase.value > 0]
    _write(
        folder / "transactions.csv",
        ["reference", "card", "amount", "posted_date", "channel"],
        ([f"CDNOW-T-{number:05}", f"CDNOW-K-{p.customer}", p.value, p.day, "online"]
         for number, p in enumerate(counted, start=1)),
    )  # fmt: skip
    return Converted(len(first), len(counted), len(purchases) - len(counted))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    """This will convert as the command line says, and print the counts."""
    parser = argparse.ArgumentParser(description="Turn the CDNOW sample into files to import.")
    parser.add_argument("source", type=Path, help="CDNOW_sample.txt or .txt.xz, or extract.txt")
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("--branch", default="HO", help="code of a branch (HO)")
    parser.add_argument(
        "--product", default="CLASSIC", help="code of an own card product (CLASSIC)"
    )
    asked = parser.parse_args()
    done = convert(asked.source, asked.folder, branch=asked.branch, product=asked.product)
    print(f"Customers, applications and cards: {done.customers} each")
    print(f"Transactions: {done.transactions}")
    print(f"Purchases of value 0, left out: {done.without_value}")


if __name__ == "__main__":
    main()
