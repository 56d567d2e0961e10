"""One process that reserves contacts for everybody, again and again: `python -m
tests.races.reserving PLACE ROUNDS`. It starts when the row that it waits for is there."""

import datetime as dt
import os
import sys
import time

import django

START = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)


def main(place: int, rounds: int) -> None:
    """This will reserve in `rounds` rounds, each with a cause and an instant of its own."""
    from django.db import transaction

    from journeys.contact import operations as contact
    from journeys.models import CalendarYear, Customer

    ids = list(Customer.objects.order_by("id").values_list("id", flat=True))
    print("ready", flush=True)
    while not CalendarYear.objects.filter(source="go").exists():
        time.sleep(0.02)
    for number in range(rounds):
        # Half of the processes name the customers the other way round.
        order = ids if place % 2 else ids[::-1]
        at = START + dt.timedelta(hours=7 * ((place + number) % 9))
        with transaction.atomic():
            contact.reserve_contacts(
                customer_ids=order, purpose="marketing", channels=["sms", "phone"],
                origin=f"race:{place}", dedup_key=f"{place}:{number}", at=at,
            )  # fmt: skip
    print("done", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
