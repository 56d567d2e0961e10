"""A process of customers who claim and confirm in one sale, many at the same moment: as a web
process does it, through the same combining. It prints each success it was told.

    python -m tests.races.claiming SALE THREADS FIRST LAST   (places in the order of customer ids)
"""

import os
import random
import sys
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.db import InterfaceError, OperationalError, connections  # noqa: E402

from campaigns.flash.enums import ClaimAnswer as A  # noqa: E402
from campaigns.flash.views import api  # noqa: E402
from campaigns.models import Decision, FlashSale  # noqa: E402

SECONDS = 240  # with two servers going down meanwhile, on a slow machine


def main(sale_id: int, threads: int, first: int, last: int) -> None:
    """This will let each customer try until they were granted one or all were."""
    sale = FlashSale.objects.get(pk=sale_id)
    rows = Decision.objects.filter(run=sale.run_id, outcome="qualified").order_by("customer_id")
    people = list(rows.values_list("customer__number", flat=True)[first:last])
    random.shuffle(people)
    guard = threading.Lock()

    def work() -> None:
        while True:
            with guard:
                if not people:
                    return
                who = people.pop()
            _until_settled(sale_id, who)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("done", flush=True)


def _until_settled(sale_id: int, who: str) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            answer = _answer_to(sale_id, who)
        except (OperationalError, InterfaceError):  # the call failed, and the customer comes again
            connections.close_all()
            time.sleep(0.2)
            continue
        if answer == A.GRANTED:
            print(f"granted {who}", flush=True)
        if answer in (A.GRANTED, A.SOLD_OUT):
            return
        time.sleep(random.uniform(0.01, 0.1))


def _answer_to(sale_id: int, who: str) -> A:
    answer = api._claims.ask((sale_id, who))[1].answer
    if answer == A.HELD and random.random() < 0.9:  # some never confirm this hold
        answer = api._confirmations.ask((sale_id, who))[1].answer
    return answer


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:5]))
