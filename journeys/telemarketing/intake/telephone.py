"""The door of the telephone system: what it is to dial, and that a call began or ended.

It names callers by their user names, and is told the one number that it is to dial and nothing else
of whom it belongs to. What a call came to is the caller's word, never the telephone's.
"""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from journeys.telemarketing import operations
from portal.intake import access as doors
from portal.intake import operations as intake
from portal.kit import clock

CODE = "telephone"
# A number leaves the house by it: a token is asked for each time.
_DOOR = doors.Door(CODE, "TELEPHONE_CALLS_PER_MINUTE", intake.note_use)
_EVENTS = ("began", "ended")
_MOST = 60
Node = dict[str, Any]


@doors.guarded("POST", _DOOR)
def orders(request: HttpRequest, token: doors.Token) -> HttpResponse:
    """This will hand over what is to be dialled now, each once."""
    _check_may(token)
    found = operations.take_orders(at=clock.now())
    return JsonResponse(
        {
            "orders": [
                {"dial": row.pk, "caller": row.asked_by.username, "number": number}
                for row, number in found
            ]
        }
    )


@doors.guarded("POST", _DOOR)
def calls(request: HttpRequest, token: doors.Token) -> HttpResponse:
    """This will note that a caller's call began or ended. Sent again it answers the same."""
    _check_may(token)
    said = _said(request)
    row = operations.note_line(
        username=said["caller"], event=said["event"], reference=said["reference"], at=clock.now()
    )
    if row is None:
        raise doors.Problem(404, _("This caller dialled nothing that it could be about."))
    return JsonResponse(
        {
            "dial": row.pk,
            "began_at": row.began_at.isoformat() if row.began_at else None,
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        }
    )


def _check_may(token: doors.Token) -> None:
    if CODE not in token.kinds:
        raise doors.Problem(403, _("This token is not for the telephone system."))


def _said(request: HttpRequest) -> dict[str, str]:
    words = _(
        "Send a JSON object with the caller's user name, the event (began or ended) and your key "
        "of the call: {“caller”: “…”, “event”: “began”, “reference”: “…”}."
    )
    try:
        body = json.loads(doors.body_of(request))
        found = {name: body[name] for name in ("caller", "event", "reference")}
    except (ValueError, KeyError, TypeError, RecursionError) as bad:
        raise doors.Problem(422, words) from bad
    for value in found.values():
        if not isinstance(value, str) or not 0 < len(value) <= _MOST or not value.isprintable():
            raise doors.Problem(422, words)
    if found["event"] not in _EVENTS:
        raise doors.Problem(422, words)
    return found


def paths() -> Node:
    """This will describe the door's addresses (OpenAPI)."""
    text, whole = {"type": "string"}, {"type": "integer"}
    instant = {"type": ["string", "null"], "format": "date-time"}
    order = _object({"dial": whole, "caller": text, "number": text})
    said = _object(
        {
            "caller": {"type": "string", "maxLength": _MOST},
            "event": {"type": "string", "enum": list(_EVENTS)},
            "reference": {"type": "string", "maxLength": _MOST},
        }
    )
    noted = _object({"dial": whole, "began_at": instant, "ended_at": instant})
    handed = _object({"orders": {"type": "array", "items": order}})
    return {
        "/telephone/orders/": _post("telephone_orders", _("What is to be dialled now"), handed),
        "/telephone/calls/": _post(
            "telephone_calls", _("A call began or ended"), noted, said, "404", "422"
        ),
    }


def _post(name: str, summary: str, schema: Node, body: Node | None = None, *more: str) -> Node:
    described: Node = {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": {"description": summary, "content": _json(schema)},
            **{
                one: {"$ref": "#/components/responses/problem"}
                for one in ("401", "403", *more, "429")
            },
        },
    }
    if body is not None:
        described["requestBody"] = {"required": True, "content": _json(body)}
    return {"post": described}


def _json(schema: Node) -> Node:
    return {"application/json": {"schema": schema}}


def _object(properties: Node) -> Node:
    return {"type": "object", "properties": properties, "required": list(properties)}
