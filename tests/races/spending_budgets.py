"""Writers on one budget: as threads or as processes, `python -m tests.races.spending_budgets PLACE
PLACES`. Each asks for a share of the customers, in small transactions, and begins when the row that
it waits for is there."""

import datetime as dt
import os
import sys
import time
from decimal import Decimal

import django

_DAY = dt.timedelta(days=1)
BUDGET = Decimal("5000.00")
SHARES = {"bank": "66.66", "M1": "33.34"}
VALUES = ("3.33", "7.77")  # of the lower and the higher tier
_AT_ONCE = 3


def write(place: int, places: int, days: int = 1) -> list[tuple[int, str, Decimal]]:
    """This will ask for the customers of a place on so many days one after another, and return
    customer, answer and amount."""
    from campaigns.models import CampaignVersion, Run
    from journeys.models import Card
    from tests.factories.rewards import ON, ask, candidate

    version = CampaignVersion.objects.select_related("campaign").latest("id")
    run = Run.objects.filter(version=version).latest("id")
    cards = Card.objects.select_related("customer").order_by("id")[place::places]
    # Everybody is asked for twice, the second time with the higher tier.
    asked = [candidate(card, *reached) for reached in ((0,), (0, 1)) for card in cards]
    found = []
    for number in range(days):
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            awards = ask(version, some, run=run, on=ON + number * _DAY)
            found += [(one.customer_id, one.answer, one.amount) for one in awards]
    return found


def main(place: int, places: int) -> None:
    """This will write when it is told to."""
    from journeys.models import CalendarYear

    print("ready", flush=True)
    while not CalendarYear.objects.filter(source="go").exists():
        time.sleep(0.02)
    found = write(place, places)
    print(f"granted {sum((amount for _who, _answer, amount in found), Decimal(0))}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
