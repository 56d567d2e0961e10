"""Home pages and pages of figures over the big bank, as each role.

    python -m benchmarks.dashboards [CUSTOMERS]   # 50,000, twenty transactions each
    make bench ARGS="dashboards --full"           # 1,000,000 and 20,000,000

The bank has besides one lead for two customers, in the pools of all branches, one in fifty with a
promised call; months of all branches; twelve campaigns whose accounts have a sum for each day of a
year. Each page is asked for by one client after the other, in this process: what it takes is
statements and templates, without the network. Beside it stand how often it asks the database, and
the bare SQL of what it shows most of: promises and the application clock for a home page, the
counts of stages and the merchants' days for the figures. The promise: each below 300 ms at p95.
"""

import os
import subprocess
import sys

from benchmarks import bank, harness

harness.boot()

from django.test.utils import setup_test_environment  # noqa: E402  (settings come first)

from benchmarks.boards import asking, work  # noqa: E402
from portal.kit import clock  # noqa: E402
from portal.runtime import stack, warming  # noqa: E402

PROMISE = 300.0  # milliseconds at p95
TIMES = 40
_COLLECT = [sys.executable, "manage.py", "collectstatic", "--noinput"]


def main(customers: int) -> None:
    """This will print what each page took."""
    harness.load_bank(customers=customers, transactions=20 * customers)
    subprocess.run(_COLLECT, check=True, cwd=stack.PROJECT, stdout=subprocess.DEVNULL)
    setup_test_environment()  # so that answers tell what they were made of
    work.fill(leads=customers // 2, at=clock.now())
    warming.warm()
    warming.set_aside()  # as the web server does
    times = TIMES if customers >= 10_000 else 4
    print(f"{customers:,} customers, {customers // 2:,} leads, each page {times} times", flush=True)
    print("load of the machine:", *(f"{one:.1f}" for one in os.getloadavg()), flush=True)
    for who, staff in asking.people():
        for page in asking.PAGES:
            told = asking.ask(who, staff, page, times=times)
            print(told.line, flush=True)
            harness.promise(f"{who}: {page}, p95", told.p95, PROMISE, " ms")


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word.isdigit()]
    usual = bank.CUSTOMERS if harness.is_full() else bank.CUSTOMERS // 20
    size = int(words[0]) if words else usual
    main(size)
    harness.end(is_judged=size >= usual)
