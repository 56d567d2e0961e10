"""Daily figures from their ledger, beside the same counted from applications and cards; and what it
takes to count the days of which facts came.

    python -m benchmarks.figures [CUSTOMERS]       # 50,000 customers
    make bench ARGS="figures --full"               # 1,000,000

The big bank, whose days are all counted once. Then, of some days by each dimension, the page as a
manager of one branch and as the whole bank see it: p50 and p95 in milliseconds, beside one
statement that counts the same month by branch from applications and cards. The promise is 300 at
p95. Then late cards on one day, ten and a hundred, and how long the next count takes: beside a
recount of everything, which is the proof. At last any figure equals a count of its own on 200
random days, branches and products.
"""

import logging
import sys

from benchmarks import harness

harness.boot()

from django.conf import settings  # noqa: E402  (settings come first)

from benchmarks import bank  # noqa: E402
from benchmarks.daily import watching  # noqa: E402

CUSTOMERS = 50_000


def main(customers: int) -> None:
    """This will print all times."""
    harness.load_bank(customers=customers, transactions=20 * customers)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    logging.disable(logging.INFO)
    watching.measure(customers)


if __name__ == "__main__":
    usual = bank.CUSTOMERS if harness.is_full() else CUSTOMERS
    size = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else usual
    main(size)
    harness.end(is_judged=size >= usual)
