"""The door of flash redemption for customers' channels: claim, confirm, ask how it stands.

A channel names the customer whom it has signed in by the bank's customer number. Calls of the same
moment are worked off together (`portal.kit.combining`).
"""

import dataclasses
import json
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from campaigns.flash import operations, queries
from campaigns.flash.enums import ClaimAnswer
from campaigns.flash.models import FlashSale
from campaigns.flash.rules import Told
from campaigns.flash.views.answers import as_data
from campaigns.flash.views.description import CODE
from portal.intake import access
from portal.intake import operations as intake
from portal.kit import clock
from portal.kit.combining import Combiner

_DOOR = access.Door("flash", "FLASH_CALLS_PER_MINUTE", intake.note_use, trusts=1.0)
# Where something is granted, a token is asked for each time.
_GRANTING = dataclasses.replace(_DOOR, trusts=0.0)
_MOST_AT_ONCE = 200
_STATUSES = {
    ClaimAnswer.HELD: 200,
    ClaimAnswer.GRANTED: 200,
    ClaimAnswer.BUSY: 503,
}
_REFUSED = 409
Asked = tuple[int, str]


def _work(asked: Sequence[Asked], way: str) -> list[tuple[FlashSale | None, Told]]:
    """Works off calls of one moment, sale by sale."""
    at = clock.now()
    answers: dict[Asked, tuple[FlashSale | None, Told]] = {}
    for sale_id in sorted({sale_id for sale_id, _number in asked}):
        numbers = list(dict.fromkeys(number for of, number in asked if of == sale_id))
        sale = queries.kept_sale(sale_id)
        if sale is None:
            answers |= {(sale_id, who): (None, Told(ClaimAnswer.NONE)) for who in numbers}
            continue
        told = (operations.claim if way == "claim" else operations.confirm)(
            sale=sale, numbers=numbers, at=at
        )
        answers |= {(sale_id, who): (sale, one) for who, one in zip(numbers, told, strict=True)}
    return [answers[one] for one in asked]


_claims: Combiner[Asked, tuple[FlashSale | None, Told]] = Combiner(
    lambda asked: _work(asked, "claim"), most=_MOST_AT_ONCE
)
_confirmations: Combiner[Asked, tuple[FlashSale | None, Told]] = Combiner(
    lambda asked: _work(asked, "confirm"), most=_MOST_AT_ONCE
)


@access.guarded("POST", _DOOR)
def claim(request: HttpRequest, token: access.Token, sale_id: int) -> HttpResponse:
    """This will hold one unit for a customer. Sent again it answers with the same claim."""
    _check_may(token)
    return _answer(*_claims.ask((sale_id, _customer(request))))


@access.guarded("POST", _GRANTING)
def confirm(request: HttpRequest, token: access.Token, sale_id: int) -> HttpResponse:
    """This will grant what a customer holds. Sent again it answers the same."""
    _check_may(token)
    return _answer(*_confirmations.ask((sale_id, _customer(request))))


@access.guarded("POST", _DOOR)
def show_claim(request: HttpRequest, token: access.Token, sale_id: int) -> HttpResponse:
    """This will tell how a customer's claim stands. The number comes in the body as everywhere at
    this door: addresses stand in the logs of every proxy on the way, and in the audit trail."""
    _check_may(token)
    sale = _sale(sale_id)
    latest = queries.latest_of(sale_id, _customer(request))
    told = latest.told_at(clock.now()) if latest else Told(ClaimAnswer.NONE)
    return JsonResponse(as_data(sale, told))


@access.guarded("GET", _DOOR)
def show_sale(request: HttpRequest, token: access.Token, sale_id: int) -> HttpResponse:
    """This will tell whether a sale is open, from when to when, and how many units are left."""
    _check_may(token)
    sale = _sale(sale_id)
    counts = queries.counts_of(sale)
    return JsonResponse(
        {
            "sale": sale.pk,
            "state": sale.state_at(clock.now()).value,
            "opens_at": sale.opens_at.isoformat(),
            "closes_at": sale.closes_at.isoformat(),
            "hold_seconds": sale.hold_seconds,
            "units": sale.units,
            "left": counts.left,
        }
    )


def _answer(sale: FlashSale | None, told: Told) -> HttpResponse:
    if sale is None:
        raise access.Problem(404, _("There is no such sale."))
    return JsonResponse(as_data(sale, told), status=_STATUSES.get(told.answer, _REFUSED))


def _sale(sale_id: int) -> FlashSale:
    sale = queries.find_sale(sale_id)
    if sale is None:
        raise access.Problem(404, _("There is no such sale."))
    return sale


def _check_may(token: access.Token) -> None:
    if CODE not in token.kinds:
        raise access.Problem(403, _("This token is not for flash redemption."))


def _customer(request: HttpRequest) -> str:
    words = _("Send a JSON object with the customer's number: {“customer”: “…”}.")
    try:
        number = json.loads(access.body_of(request))["customer"]
    except (ValueError, KeyError, TypeError, RecursionError) as bad:
        raise access.Problem(422, words) from bad
    # What the database does not take would fail the calls that are worked off together with this.
    if not isinstance(number, str) or not 0 < len(number) <= 40 or not number.isprintable():
        raise access.Problem(422, words)
    return number
