"""The OpenAPI description of the door of flash redemption."""

from typing import Any

from django.utils.translation import gettext as _

from campaigns.flash.enums import ClaimAnswer, SaleState

CODE = "flash_claims"
Node = dict[str, Any]
_WHEN: Node = {"type": "string", "format": "date-time"}
_SALE: Node = {"name": "sale", "in": "path", "required": True, "schema": {"type": "integer"}}


def paths() -> Node:
    """This will describe the door's addresses."""
    claim = _post("flash_claim", _("Hold one unit for a customer; sent again, the same claim"))
    confirm = _post("flash_confirm", _("Grant what a customer holds; sent again, the same answer"))
    standing = _asked("flash_standing", _("How a customer's claim stands"))
    return {
        "/flash/{sale}/": {"get": _get("flash_sale", _("A sale"), _sale(), [_SALE])},
        "/flash/{sale}/claims/": {"post": claim},
        "/flash/{sale}/confirmations/": {"post": confirm},
        "/flash/{sale}/standings/": {"post": standing},
    }


def _post(name: str, summary: str) -> Node:
    answers = {
        "200": _answer(_("Held or granted: a row stands behind it"), _told()),
        "409": _answer(_("Refused, with the reason and what to do next"), _told()),
        "503": _answer(_("Try again"), _told()),
    }
    return _about_one(name, summary, answers)


def _asked(name: str, summary: str) -> Node:
    return _about_one(name, summary, {"200": _answer(summary, _told())})


def _about_one(name: str, summary: str, answers: Node) -> Node:
    """A call about one customer, who is named in the body and never in the address."""
    body = {
        "type": "object",
        "properties": {"customer": {"type": "string", "maxLength": 40}},
        "required": ["customer"],
    }
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [_SALE],
        "requestBody": {"required": True, "content": _json(body)},
        "responses": {**answers, **_problems(401, 403, 404, 422, 429)},
    }


def _get(name: str, summary: str, schema: Node, parameters: list[Node]) -> Node:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": _answer(summary, schema), **_problems(401, 403, 404, 429)},
    }


def _problems(*statuses: int) -> Node:
    return {str(status): {"$ref": "#/components/responses/problem"} for status in statuses}


def _json(schema: Node) -> Node:
    return {"application/json": {"schema": schema}}


def _answer(words: str, schema: Node) -> Node:
    return {"description": words, "content": _json(schema)}


def _object(properties: Node) -> Node:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _told() -> Node:
    return _object(
        {
            "sale": {"type": "integer"},
            "answer": {"type": "string", "enum": [answer.value for answer in ClaimAnswer]},
            "message": {"type": "string", "description": _("A sentence for a person")},
            "next": {"type": "string", "description": _("What to do next")},
            "claim": {"type": ["integer", "null"]},
            "unit": {"type": ["integer", "null"]},
            "held_until": {"type": ["string", "null"], "format": "date-time"},
            "opens_at": _WHEN,
            "closes_at": _WHEN,
        }
    )


def _sale() -> Node:
    return _object(
        {
            "sale": {"type": "integer"},
            "state": {"type": "string", "enum": [state.value for state in SaleState]},
            "opens_at": _WHEN,
            "closes_at": _WHEN,
            "hold_seconds": {"type": "integer"},
            "units": {"type": "integer"},
            "left": {"type": "integer"},
        }
    )
