"""The doors that gateways call: receipts, and what people answer.

Who calls proves it by the secret of the channel, by a signature that we gave along with a message,
or by the source address, as the settings say (`outreach.access`); where they say nothing, nobody
may call. The answer is a word and never speaks of a customer. Each call may come twice.
"""

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt

from journeys.outreach import access, channels
from journeys.outreach import operations as outreach
from journeys.outreach.channels.protocol import Fields, Kind, NotReadable
from journeys.outreach.enums import CallCause
from portal.kit import clock, valkey
from portal.staff.access.address import address_of

_MOST_BYTES = 65_536
_STATUSES = {
    CallCause.NOT_CONFIGURED: 403,
    CallCause.BAD_ADDRESS: 403,
    CallCause.BAD_SECRET: 403,
    CallCause.NO_CHANNEL: 404,
    CallCause.UNKNOWN_KEY: 404,
    CallCause.TOO_MANY: 429,
}


class _Refused(Exception):
    """A call that is not taken."""

    def __init__(self, cause: CallCause) -> None:
        super().__init__(cause.value)
        self.cause = cause


Take = Callable[[str, Kind, Fields], None]


def _door(name: str) -> Callable[[Take], Callable[..., HttpResponse]]:
    """What both doors do: look at who calls, read, take, and count what was refused."""

    def decorate(take: Take) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @functools.wraps(take)
        def answer(request: HttpRequest, code: str) -> HttpResponse:
            try:
                _take(request, code, take)
            except _Refused as refused:
                outreach.note_bad_call(
                    channel=code,
                    door=name,
                    cause=refused.cause,
                    address=address_of(request),
                    at=clock.now(),
                )
                return _plain("Refused", _STATUSES.get(refused.cause, 400))
            return _plain("", 200)

        vars(answer)["is_door"] = True  # see portal.kit.requests.DoorMiddleware
        return answer

    return decorate


def _plain(text: str, status: int) -> HttpResponse:
    """A taken call is answered by nothing: Kannel would send an answer's text on as an SMS."""
    answer = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


def _take(request: HttpRequest, code: str, take: Take) -> None:
    address = address_of(request)
    if not valkey.take(f"callback:{code}:{address}", settings.CALLBACK_CALLS_PER_MINUTE):
        raise _Refused(CallCause.TOO_MANY)
    kind = channels.kinds().get(code)
    if kind is None:
        raise _Refused(CallCause.NO_CHANNEL)
    fields = _fields(request)
    proof = access.Proof(
        address=address,
        secret=_bearer(request) or str(fields.get("token", "")),
        key=str(fields.get("id", "")),
        signature=str(fields.get("sign", "")),
    )
    if cause := access.fault_of_call(code, proof):
        raise _Refused(cause)
    try:
        take(code, kind, fields)
    except NotReadable as bad:
        cause = CallCause(str(bad)) if str(bad) in CallCause.values else CallCause.NOT_READABLE
        raise _Refused(cause) from bad
    except outreach.UnknownMessage as unknown:
        raise _Refused(CallCause.UNKNOWN_KEY) from unknown


@_door("receipts")
def receipts(code: str, kind: Kind, fields: Fields) -> None:
    """This will take a receipt about a message of the channel."""
    if kind.read_receipt is None:
        raise _Refused(CallCause.NO_CHANNEL)
    read = kind.read_receipt(fields)
    outreach.take_receipt(
        channel=code, key=read.key, kind=read.kind, reference=read.reference, at=clock.now()
    )


@_door("answers")
def answers(code: str, kind: Kind, fields: Fields) -> None:
    """This will take what somebody wrote back."""
    if kind.read_answer is None:
        raise _Refused(CallCause.NO_CHANNEL)
    outreach.take_answer(channel=code, answer=kind.read_answer(fields), at=clock.now())


def _fields(request: HttpRequest) -> Mapping[str, Any]:
    """What was sent, as a query (Kannel calls by GET), a form or a JSON object."""
    if request.method != "POST":
        return request.GET.dict()
    body = request.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise _Refused(CallCause.NOT_READABLE)
    if request.content_type != "application/json":
        return {**request.GET.dict(), **QueryDict(body).dict()}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as bad:
        raise _Refused(CallCause.NOT_READABLE) from bad
    if not isinstance(found, dict):
        raise _Refused(CallCause.NOT_READABLE)
    return found


def _bearer(request: HttpRequest) -> str:
    scheme, _blank, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""
