"""The OpenAPI 3.1 description of the JSON API, made from the kinds of rows that there are."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from portal.intake.rules.kinds import Column, ImportKind
from portal.intake.rules.payload import MOST_ROWS
from portal.kit.registry import ApiDoor

JSON, PROBLEM = "application/json", "application/problem+json"
Node = dict[str, Any]


def document(kinds: Iterable[ImportKind], doors: Iterable[ApiDoor] = ()) -> Node:
    """This will describe the API with one path for each kind, and what its other doors take."""
    kinds = list(kinds)
    paths: Node = {f"/imports/{kind.code}/": {"post": _post(kind)} for kind in kinds}
    paths["/imports/{batch}/"] = {"get": _get()}
    for door in doors:
        paths |= door.paths()
    return {
        "openapi": "3.1.0",
        "info": {"title": _("Import of rows"), "version": "1"},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "problem": _problem(),
                "finding": _finding(),
                "counts": _counts(),
                "report": _report(),
                **{f"{kind.code}_row": _row(kind) for kind in kinds},
            },
            "responses": {"problem": _answer(_("Refused"), "problem", PROBLEM)},
        },
    }


def _ref(schema: str) -> Node:
    return {"$ref": f"#/components/schemas/{schema}"}


def _answer(words: str, schema: str, content_type: str = JSON) -> Node:
    return {"description": words, "content": {content_type: {"schema": _ref(schema)}}}


def _refusals(*statuses: int) -> Node:
    return {str(status): {"$ref": "#/components/responses/problem"} for status in statuses}


def _post(kind: ImportKind) -> Node:
    rows = {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_ROWS,
        "items": _ref(f"{kind.code}_row"),
    }
    return {
        "operationId": f"send_{kind.code}",
        "summary": str(kind.label),
        "description": str(kind.help),
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": _(
                    "The same key gets the same answer, and nothing is done twice. Without a key"
                    " the very same rows count as of when they came first: what was said since"
                    " stays, and a warning tells so. Under a key of their own they count anew."
                ),
                "schema": {"type": "string", "maxLength": 200, "pattern": "^[!-~]+$"},
            },
            *([_as_of()] if kind.history else []),
            _trial(),
        ],
        "requestBody": {"required": True, "content": {JSON: {"schema": rows}}},
        "responses": {
            "200": _answer(_("Taken in; bad rows are listed and left out."), "report"),
            **_refusals(401, 403, 413, 422, 429, 503),
        },
    }


def _as_of() -> Node:
    return {
        "name": "as_of",
        "in": "query",
        "required": False,
        "description": _(
            "As of when the rows hold in their source, for those that do not say it: a day, or an"
            " instant. A row that is older than what stands is left out and counted as older;"
            " without any instant they count as of now, and states only go forward."
        ),
        "schema": {"type": "string", "examples": ["2026-03-09T18:00:00+08:00"]},
    }


def _trial() -> Node:
    return {
        "name": "trial",
        "in": "query",
        "required": False,
        "description": _(
            "With true everything is done and taken back: the answer says how many rows would be"
            " new, changed, unchanged, older or bad, and nothing is written."
        ),
        "schema": {"type": "boolean", "default": False},
    }


def _get() -> Node:
    return {
        "operationId": "show_import",
        "summary": _("Counts of an import that this token made"),
        "parameters": [
            {"name": "batch", "in": "path", "required": True, "schema": {"type": "integer"}}
        ],
        "responses": {
            "200": _answer(_("The import"), "counts"),
            **_refusals(401, 404, 429),
        },
    }


def _row(kind: ImportKind) -> Node:
    return {
        "type": "object",
        "description": str(kind.help),
        "properties": {column.name: _cell(column) for column in kind.columns},
        "required": [column.name for column in kind.columns if column.is_needed],
        "additionalProperties": False,
    }


def _cell(column: Column) -> Node:
    cell: Node = {
        "type": "string" if column.is_needed else ["string", "null"],
        "description": f"{column.help}; {column.cell.format}",
    }
    if column.example:
        cell["examples"] = [column.example]
    if column.default:
        cell["default"] = column.default
    return cell


def _object(properties: Node) -> Node:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _counts() -> Node:
    numbers = ["batch", "rows_read", "rows_new", "rows_changed", "rows_same", "rows_bad"]
    numbers.append("rows_older")
    counts: Node = {name: {"type": "integer"} for name in numbers}
    return _object({"kind": {"type": "string"}, "is_trial": {"type": "boolean"}, **counts})


def _report() -> Node:
    more = {
        "warnings": {"type": "array", "items": {"type": "string"}},
        "errors_total": {"type": "integer"},
        "errors": {"type": "array", "items": _ref("finding")},
    }
    return {"allOf": [_ref("counts"), _object(more)]}


def _finding() -> Node:
    return _object(
        {
            "row": {"type": "integer", "minimum": 1},
            "column": {"type": "string"},
            "value": {"type": "string", "description": _("The cell, masked")},
            "reason": {"type": "string"},
        }
    )


def _problem() -> Node:
    return _object(
        {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": _("A sentence for a person")},
        }
    )
