"""Applications and cards: approval times skewed around the limit of 20 days, cards activated
after some days or never, a few supplementary and closed ones."""

import datetime as dt
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from journeys.cards.enums import ApplicationState
from journeys.customers.enums import CustomerKind
from journeys.demo.customers import NEW, OLD, DemoCustomer, Row, days_before_filing
from journeys.demo.products import CLASSIC, PLATINUM, SHARES, TRAVEL

DAYS = 548  # days of history before the demo's last day, that day not counted
_BINS = {CLASSIC: "999901", TRAVEL: "999902", PLATINUM: "999903"}  # no issuer's range
_MEDIAN_DAYS, _SPREAD = 11.2, 0.62
_FAST_SHARE, _FAST_MEDIAN, _FAST_SPREAD = 0.18, 3.5, 0.45
_REFUSED, _WITHDRAWN = 0.14, 0.035
_INCOMPLETE = 0.22  # some document is missing and comes in later
_ON_FILE = 0.95  # of old cards: their application came over from the system before
_LATE_SHARE = 0.06  # of cards: made weeks after the approval
_WAITS, _LATEST_CARD = (0, 1, 2), 21  # days from approval to the card
_OF_ANOTHER = 0.4  # of supplementary cards: held by another customer, as of the family


@dataclass(frozen=True)
class DemoApplication:
    number: str
    customer: DemoCustomer
    product: str
    filed_date: dt.date
    state: str
    supplemented_date: dt.date | None
    decided_date: dt.date | None
    is_fast_track: bool
    merchant: str | None


@dataclass(frozen=True)
class DemoCard:
    """A card as the spending builder needs it; `is_new` where issued in the demo's months."""

    reference: str
    customer: DemoCustomer
    application: str | None
    product: str
    is_primary: bool
    issued_date: dt.date
    activated_date: dt.date | None
    closed_date: dt.date | None
    is_new: bool
    primary_reference: str | None = None


def draw_applications(
    *,
    seed: str,
    customers: Iterable[DemoCustomer],
    merchants: Sequence[str],
    filing_days: Sequence[dt.date],
    on: dt.date,
) -> list[DemoApplication]:
    """This will draw one application for each new customer, that of most old ones for the card
    they have, and for some of these one for a second card; `merchants` are the numbers of those
    with an on-site post."""
    rng, before = random.Random(f"{seed}:applications"), random.Random(f"{seed}:old applications")
    drawn: list[DemoApplication] = []
    for customer in customers:
        if customer.segment == OLD:
            old = _old_application(before, f"A{len(drawn) + 1:08d}", customer, on)
            drawn += [old] if old else []
        filed = customer.filed_date
        if customer.segment == OLD and rng.random() < 0.07:
            filed = rng.choice(filing_days)
        if filed is not None:
            number = f"A{len(drawn) + 1:08d}"
            drawn.append(_application(rng, number, customer, filed, merchants, on))
    return drawn


def _application(
    rng: random.Random,
    number: str,
    customer: DemoCustomer,
    filed: dt.date,
    merchants: Sequence[str],
    on: dt.date,
) -> DemoApplication:
    fast = rng.random() < _FAST_SHARE
    median, spread = (_FAST_MEDIAN, _FAST_SPREAD) if fast else (_MEDIAN_DAYS, _SPREAD)
    days = round(rng.lognormvariate(math.log(median), spread))
    decided = _office_day(rng, filed + dt.timedelta(days=max(1, days)))
    chance = rng.random()
    state = ApplicationState.APPROVED
    if chance < _REFUSED:
        state = ApplicationState.REFUSED
    elif chance < _REFUSED + _WITHDRAWN:
        state = ApplicationState.WITHDRAWN
    is_open = decided > on
    supplemented = _documents_date(rng, filed, decided, on)
    open_state = ApplicationState.SUPPLEMENTED if supplemented else ApplicationState.FILED
    return DemoApplication(
        number=number,
        customer=customer,
        product=_product(rng, customer),
        filed_date=filed,
        state=(open_state if is_open else state).value,
        supplemented_date=supplemented,
        decided_date=None if is_open else decided,
        is_fast_track=fast,
        merchant=rng.choice(merchants) if merchants and rng.random() < 0.09 else None,
    )


def _old_application(
    rng: random.Random, number: str, customer: DemoCustomer, on: dt.date
) -> DemoApplication | None:
    """The application for the card that an old customer has, where it is on file: approved long
    enough before the demo's months for the card to be issued before them."""
    filed = customer.registered_date + dt.timedelta(days=days_before_filing(rng))
    drawn = _application(rng, number, customer, filed, (), on)
    last = on - dt.timedelta(days=DAYS + 1 + max(_WAITS) + _LATEST_CARD)
    if rng.random() > _ON_FILE or drawn.decided_date is None or drawn.decided_date > last:
        return None
    return replace(drawn, state=ApplicationState.APPROVED.value)


def _documents_date(
    rng: random.Random, filed: dt.date, decided: dt.date, on: dt.date
) -> dt.date | None:
    """Documents that were missing come in between the filing and the decision."""
    span = (decided - filed).days
    if rng.random() >= _INCOMPLETE or span < 3:
        return None
    day = filed + dt.timedelta(days=rng.randint(2, span - 1))
    return day if day <= on else None


def _office_day(rng: random.Random, day: dt.date) -> dt.date:
    """Most decisions of a weekend wait for Monday."""
    if day.weekday() >= 5 and rng.random() < 0.85:
        return day + dt.timedelta(days=7 - day.weekday())
    return day


def _product(rng: random.Random, customer: DemoCustomer) -> str:
    weights = [weight for _code, weight in SHARES]
    if customer.wealth > 2:
        weights = [30, 25, 45]
    return rng.choices([code for code, _weight in SHARES], weights)[0]


def draw_cards(
    *,
    seed: str,
    customers: Iterable[DemoCustomer],
    applications: Iterable[DemoApplication],
    on: dt.date,
) -> list[DemoCard]:
    """This will draw the old cards of which the system before this one kept no application, then
    the cards issued on approved applications, then supplementary ones."""
    rng = random.Random(f"{seed}:cards")
    drawn: list[DemoCard] = []

    def issue(
        customer: DemoCustomer,
        product: str,
        issued: dt.date,
        application: str | None = None,
        primary: str | None = None,
    ) -> None:
        number = f"K{len(drawn) + 1:08d}"
        card = _card(rng, number, customer, product, issued, primary is None, on)
        drawn.append(replace(card, application=application, primary_reference=primary))

    applications = list(applications)
    latest = on - dt.timedelta(days=DAYS)
    on_file = {row.customer.number for row in applications if row.filed_date < latest}
    for customer in customers:
        if customer.segment == OLD and customer.number not in on_file:
            issue(customer, _product(rng, customer), _old_issue(rng, customer, on))
    for application in applications:
        issued = _issue_date(rng, application, on)
        if issued is not None:
            issue(application.customer, application.product, issued, application=application.number)
    persons = [card.customer for card in drawn if card.customer.kind == CustomerKind.PERSON]
    for card in list(drawn):
        later = card.issued_date + dt.timedelta(days=rng.randint(30, 700))
        wants = card.customer.kind == CustomerKind.PERSON and rng.random() < 0.05
        if wants and card.activated_date and later <= on:
            holder = _supplementary_holder(rng, card, persons, later)
            issue(holder, card.product, later, primary=card.reference)
    return drawn


def _supplementary_holder(
    rng: random.Random, card: DemoCard, persons: Sequence[DemoCustomer], issued: dt.date
) -> DemoCustomer:
    """The holder of the primary card, or a person of the same branch who is a customer by then."""
    if rng.random() < _OF_ANOTHER:
        other = rng.choice(persons)
        if other.branch == card.customer.branch and other.registered_date <= issued:
            return other
    return card.customer


def _old_issue(rng: random.Random, customer: DemoCustomer, on: dt.date) -> dt.date:
    latest = on - dt.timedelta(days=DAYS + 1)
    span = max(0, (latest - customer.registered_date).days)
    return min(latest, customer.registered_date + dt.timedelta(days=rng.randint(0, span)))


def _issue_date(rng: random.Random, application: DemoApplication, on: dt.date) -> dt.date | None:
    wait = rng.choices(_WAITS, (50, 35, 15))[0]
    late = rng.randint(4, _LATEST_CARD)
    wait += late if rng.random() < _LATE_SHARE else 0
    if application.state != ApplicationState.APPROVED or application.decided_date is None:
        return None
    issued = application.decided_date + dt.timedelta(days=wait)
    return issued if issued <= on else None


def _card(
    rng: random.Random,
    reference: str,
    customer: DemoCustomer,
    product: str,
    issued: dt.date,
    is_primary: bool,
    on: dt.date,
) -> DemoCard:
    never = rng.random() < (0.13 if is_primary else 0.3)
    activated = issued + dt.timedelta(days=int(rng.expovariate(1 / 6.5)))
    active = None if never or activated > on else activated
    closed = None
    if rng.random() < 0.04:
        day = issued + dt.timedelta(days=rng.randint(90, 1500))
        closed = day if day <= on else None
    if active and closed and closed < active:
        closed = None
    return DemoCard(
        reference=reference,
        customer=customer,
        application=None,
        product=product,
        is_primary=is_primary,
        issued_date=issued,
        activated_date=active,
        closed_date=closed,
        is_new=customer.segment == NEW or (on - issued).days <= DAYS,
    )


def _by(day: dt.date | None, known_until: dt.date) -> dt.date | None:
    """The day, where it had come by then."""
    return day if day is not None and day <= known_until else None


def application_rows(
    applications: Iterable[DemoApplication], *, known_until: dt.date
) -> Iterator[Row]:
    """This will turn applications into rows of their import, as they stood at the end of a day."""
    for row in applications:
        decided = _by(row.decided_date, known_until)
        supplemented = _by(row.supplemented_date, known_until)
        open_state = ApplicationState.SUPPLEMENTED if supplemented else ApplicationState.FILED
        yield {
            "number": row.number,
            "customer": row.customer.number,
            "product": row.product,
            "branch": row.customer.branch.place.code,
            "filed_date": row.filed_date.isoformat(),
            "state": row.state if decided else open_state.value,
            "supplemented_date": _text(supplemented),
            "decided_date": _text(decided),
            "is_fast_track": "true" if row.is_fast_track else "false",
            "merchant": row.merchant,
        }


def card_rows(cards: Iterable[DemoCard]) -> Iterator[Row]:
    """This will turn cards into rows of their import."""
    for row in cards:
        yield {
            "reference": row.reference,
            "masked_number": f"{_BINS[row.product]}******{int(row.reference[1:]) % 10000:04d}",
            "customer": row.customer.number,
            "application": row.application,
            "product": row.product,
            "branch": row.customer.branch.place.code,
            "is_primary": "true" if row.is_primary else "false",
            "issued_date": row.issued_date.isoformat(),
            "primary_reference": row.primary_reference,
            "activated_date": _text(row.activated_date),
            "closed_date": _text(row.closed_date),
        }


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
