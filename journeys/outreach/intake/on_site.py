"""The door of mobile bank: what a customer who signed in there is shown, and that it was read.

The customer is named in the body, as at every door: addresses stand in the logs of every proxy on
the way. A person of another bank's number, and one without messages, get the same empty list.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from journeys.contact.enums import Channel
from journeys.outreach import operations as outreach
from journeys.outreach import queries
from journeys.outreach.enums import ReceiptKind
from portal.intake import access as doors
from portal.intake import operations as intake
from portal.kit import clock

CODE = "on_site"
_DOOR = doors.Door(CODE, "ON_SITE_CALLS_PER_MINUTE", intake.note_use, trusts=1.0)
Node = dict[str, Any]


@doors.guarded("POST", _DOOR)
def messages(request: HttpRequest, token: doors.Token) -> HttpResponse:
    """This will list the messages of a customer, the latest first."""
    _check_may(token)
    shown = queries.on_site_messages(customer_number=_asked(request)["customer"], at=clock.now())
    return JsonResponse({"messages": [_as_data(one) for one in shown]})


@doors.guarded("POST", _DOOR)
def read(request: HttpRequest, token: doors.Token) -> HttpResponse:
    """This will note that a customer read a message. Sent again it answers the same."""
    _check_may(token)
    asked, at = _asked(request, "message"), clock.now()
    shown = queries.on_site_messages(customer_number=asked["customer"], at=at)
    if asked["message"] not in {one.key for one in shown}:
        raise doors.Problem(404, _("The customer is shown no such message."))
    outreach.take_receipt(
        channel=Channel.ON_SITE, key=asked["message"], kind=ReceiptKind.READ, reference="", at=at
    )
    return JsonResponse({"message": asked["message"], "read": True})


def _as_data(one: queries.OnSite) -> Node:
    return {
        "message": one.key,
        "title": one.title,
        "text": one.text,
        "sent_at": one.sent_at.isoformat(),
        "read": one.is_read,
    }


def _check_may(token: doors.Token) -> None:
    if CODE not in token.kinds:
        raise doors.Problem(403, _("This token is not for messages in mobile bank."))


def _asked(request: HttpRequest, *more: str) -> dict[str, str]:
    """The customer's number, and what else is named."""
    try:
        body = json.loads(doors.body_of(request))
        found = {name: body[name] for name in ("customer", *more)}
    except (ValueError, KeyError, TypeError, RecursionError) as bad:
        raise doors.Problem(422, _words(more)) from bad
    for value in found.values():
        if not isinstance(value, str) or not 0 < len(value) <= 120 or not value.isprintable():
            raise doors.Problem(422, _words(more))
    return found


def _words(more: tuple[str, ...]) -> str:
    if more:
        return _("Send a JSON object with the customer's number and the message's key.")
    return _("Send a JSON object with the customer's number: {“customer”: “…”}.")


def paths() -> Node:
    """This will describe the door's addresses (OpenAPI)."""
    text = {"type": "string"}
    message = _object(
        {
            "message": text,
            "title": text,
            "text": text,
            "sent_at": {"type": "string", "format": "date-time"},
            "read": {"type": "boolean"},
        }
    )
    listed = _object({"messages": {"type": "array", "items": message}})
    noted = _object({"message": text, "read": {"type": "boolean"}})
    return {
        "/on-site/messages/": _post(
            "on_site_messages",
            _("The messages of a customer in mobile bank"),
            ("customer",),
            listed,
        ),
        "/on-site/read/": _post(
            "on_site_read", _("A message was read"), ("customer", "message"), noted, "404"
        ),
    }


def _post(name: str, summary: str, fields: tuple[str, ...], schema: Node, *more: str) -> Node:
    body = _object({field: {"type": "string", "maxLength": 120} for field in fields})
    problems = ("401", "403", *more, "422", "429")
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "requestBody": {"required": True, "content": _json(body)},
            "responses": {
                "200": {
                    "description": summary,
                    "content": {"application/json": {"schema": schema}},
                },
                **{one: {"$ref": "#/components/responses/problem"} for one in problems},
            },
        }
    }


def _json(schema: Node) -> Node:
    return {"application/json": {"schema": schema}}


def _object(properties: Node) -> Node:
    return {"type": "object", "properties": properties, "required": list(properties)}
