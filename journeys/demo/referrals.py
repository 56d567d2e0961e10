"""Who brought whom in the demo bank: some holders of cards recommend it again and again."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from journeys.customers.enums import CustomerKind
from journeys.demo.cards import DemoApplication, DemoCard
from journeys.demo.customers import NEW, Row

_DAYS = 150
_SHARE, _POOL = 0.15, 40  # of the applicants; one referrer for so many customers


def draw_referrals(
    *,
    seed: str,
    applications: Sequence[DemoApplication],
    issued: Sequence[DemoCard],
    on: dt.date,
) -> Iterator[Row]:
    """This will draw who brought the applicants of the last months: holders of the oldest cards,
    of whom nobody was brought himself."""
    rng = random.Random(f"{seed}:referrals")
    cards = sorted(issued, key=lambda one: (one.issued_date, one.reference))
    in_use = (
        card.customer.number
        for card in cards
        if card.is_primary and card.activated_date and card.customer.kind == CustomerKind.PERSON
    )
    holders = list(dict.fromkeys(in_use))
    known = holders[: max(1, len(holders) // _POOL)]
    brought = set(known)
    for application in sorted(applications, key=lambda one: (one.filed_date, one.number)):
        is_recent = (on - application.filed_date).days <= _DAYS
        who = application.customer
        is_person = who.kind == CustomerKind.PERSON
        is_new = is_person and who.segment == NEW and who.number not in brought
        if known and is_recent and is_new and rng.random() < _SHARE:
            brought.add(who.number)
            yield {
                "number": application.number,
                "referrer": rng.choice(known),
                "on_date": application.filed_date.isoformat(),
            }
