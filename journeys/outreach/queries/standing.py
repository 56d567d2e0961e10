"""How the outbox stands: what waits, what was sent and how fast, and why the rest was not."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import CharField, Count, F, Func, Min, QuerySet, Value
from django.db.models.functions import TruncMinute

from journeys.contact.enums import Channel
from journeys.outreach.enums import WAITING, Failure, MessageState
from journeys.outreach.models import (
    CallingOff,
    Message,
    OriginHalt,
    SendingRate,
    words_of_origin,
)
from journeys.outreach.queries.naming import EACH_ORIGIN, named_origins
from portal.kit import clock
from portal.kit.registry import Named, registry
from portal.staff.access import Scope


@dataclass(frozen=True)
class Figures:
    """How the outbox stands at an instant."""

    waiting: int
    paused: int
    sending: int
    sent_today: int
    in_doubt: int
    parked: int
    failed: int
    per_minute: int
    # Of those that wait: what a stop has yet to cancel.
    to_cancel: int = 0


def figures(*, scope: Scope, at: dt.datetime) -> Figures:
    """This will count the messages to customers of a scope. Asked every two seconds: each state is
    counted by its own small index, and of what was sent only the bank's day of `at`."""
    rows = Message.objects.filter(scope.branches("customer__branch"))
    sent = rows.filter(state=MessageState.SENT)
    minute = dt.timedelta(minutes=1)
    counts = _count_at_once(
        waiting=rows.filter(state=MessageState.QUEUED),
        paused=rows.filter(state=MessageState.HELD),
        sending=rows.filter(state=MessageState.SENDING),
        sent_today=sent.filter(sent_at__gte=clock.start_of(clock.bank_day(at))),
        in_doubt=rows.filter(state=MessageState.IN_DOUBT),
        parked=rows.filter(state=MessageState.PARKED),
        failed=rows.filter(state=MessageState.FAILED),
        per_minute=sent.filter(sent_at__gt=at - minute, sent_at__lte=at),
    )
    return Figures(**counts, to_cancel=_to_cancel(rows))


def _count_at_once(**asked: QuerySet[Message]) -> dict[str, int]:
    """By one statement, which sees one moment: asked one after another, a message that is sent in
    between is counted twice or not at all, and the figures do not add up."""
    first, *others = (
        rows.order_by().annotate(figure=Value(name)).values("figure").annotate(number=Count("pk"))
        for name, rows in asked.items()
    )
    found = dict(first.union(*others, all=True).values_list("figure", "number"))
    return {name: found.get(name, 0) for name in asked}


def _to_cancel(rows: QuerySet[Message]) -> int:
    """How many of these messages wait to be cancelled."""
    stopped = CallingOff.objects.filter(done_at=None).values_list("origin", flat=True)
    origins = list(stopped)
    return rows.filter(origin__in=origins, state__in=WAITING).count() if origins else 0


def sent_by_minute(
    *, scope: Scope, at: dt.datetime, minutes: int
) -> dict[tuple[dt.datetime, str], int]:
    """This will count what was sent in each of the last minutes, by the minute's beginning and
    channel; the last of them is not over."""
    last = at.replace(second=0, microsecond=0)
    first = last - dt.timedelta(minutes=minutes - 1)
    rows = Message.objects.filter(
        scope.branches("customer__branch"), state=MessageState.SENT, sent_at__gte=first,
        sent_at__lte=at,
    )  # fmt: skip
    counts = rows.values_list(TruncMinute("sent_at"), "channel").annotate(Count("pk")).order_by()
    return {(minute, channel): number for minute, channel, number in counts}


# Of so many messages it is read every few seconds when the first may go.
_FEW = 10_000
_OPEN = [
    MessageState.QUEUED, MessageState.HELD, MessageState.SENDING, MessageState.IN_DOUBT,
    MessageState.PARKED,
]  # fmt: skip
_ORIGINS_AT_WORK = f"""
{EACH_ORIGIN}SELECT origin FROM each WHERE EXISTS (
    SELECT FROM journeys_message AS message
    WHERE message.origin = each.origin AND message.state = ANY(%s)
)
UNION SELECT origin FROM journeys_originhalt WHERE ended_at IS NULL AND kind = 'pause'
"""


@dataclass(frozen=True)
class Standing:
    """How the messages of an origin stand, by state, and the halt that holds."""

    origin: str
    counts: dict[str, int]
    halt: OriginHalt | None
    named: Named | None = None
    # When the first of those that wait may go, where all of them wait for that.
    next_at: dt.datetime | None = None
    # That what waits is being cancelled, since it was stopped.
    calling_off: CallingOff | None = None

    @property
    def name(self) -> str:
        return self.named.label if self.named else words_of_origin(self.origin)

    @property
    def url(self) -> str:
        """The page of what it is sent for; "" where it has none."""
        return self.named.url if self.named else ""

    @property
    def number(self) -> int:
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        """How many messages are not at their end."""
        return sum(self.counts.get(state, 0) for state in _OPEN)

    @property
    def waiting(self) -> int:
        return sum(self.counts.get(state, 0) for state in WAITING)

    @property
    def to_cancel(self) -> int:
        """How many messages a stop has yet to cancel."""
        return self.waiting + self.parked if self.calling_off else 0

    @property
    def sending(self) -> int:
        return self.counts.get(MessageState.SENDING, 0)

    @property
    def sent(self) -> int:
        return self.counts.get(MessageState.SENT, 0)

    @property
    def parked(self) -> int:
        return self.counts.get(MessageState.PARKED, 0)

    @property
    def in_doubt(self) -> int:
        return self.counts.get(MessageState.IN_DOUBT, 0)

    @property
    def failed(self) -> int:
        return self.counts.get(MessageState.FAILED, 0)

    @property
    def cancelled(self) -> int:
        return self.counts.get(MessageState.CANCELLED, 0)

    @property
    def trouble(self) -> int:
        """How many wait for a person, or failed."""
        states = (MessageState.IN_DOUBT, MessageState.PARKED, MessageState.FAILED)
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def percent(self) -> int:
        """How many of hundred are at their end."""
        return 100 * (self.number - self.open) // self.number if self.number else 0


def origins_at_work(*, scope: Scope, at: dt.datetime, most: int) -> list[Standing]:
    """This will tell how those origins stand that have messages that are not at their end, or are
    paused; those with the most of them first."""
    with connection.cursor() as cursor:
        cursor.execute(_ORIGINS_AT_WORK, [list(_OPEN)])
        origins = [row[0] for row in cursor.fetchall()]
    found = _standing(origins, scope, at)
    return sorted(found, key=lambda one: (-one.open, one.origin))[:most]


def origin_standing(*, scope: Scope, at: dt.datetime, origin: str) -> Standing | None:
    """This will tell how an origin stands; None where it has neither messages nor halts."""
    standing = _standing([origin], scope, at)[0]
    is_known = standing.number or OriginHalt.objects.filter(origin=origin).exists()
    return standing if is_known else None


def _standing(origins: Sequence[str], scope: Scope, at: dt.datetime) -> list[Standing]:
    rows = Message.objects.filter(scope.branches("customer__branch"), origin__in=origins)
    counts: dict[str, dict[str, int]] = {origin: {} for origin in origins}
    for origin, state, number in rows.values_list("origin", "state").annotate(Count("pk")):
        counts[origin][state] = number
    open_ones = OriginHalt.objects.filter(origin__in=origins, ended_at=None)
    halts = {halt.origin: halt for halt in open_ones.select_related("halted_by")}
    names, gone = named_origins(origins), being_called_off(origins)
    found = [
        Standing(
            origin, counts[origin], halts.get(origin), names.get(origin),
            calling_off=gone.get(origin),
        )
        for origin in origins
    ]  # fmt: skip
    later = _later([one for one in found if not one.sending and one.waiting <= _FEW], at)
    return [replace(one, next_at=later.get(one.origin)) for one in found]


def _later(standings: Sequence[Standing], at: dt.datetime) -> dict[str, dt.datetime]:
    """When the first message may go of those origins of which none may now."""
    asked = [one.origin for one in standings if one.counts.get(MessageState.QUEUED)]
    rows = Message.objects.filter(origin__in=asked, state=MessageState.QUEUED)
    first = rows.values_list("origin").annotate(first=Min("not_before")).order_by()
    return {origin: instant for origin, instant in first if instant > at} if asked else {}


def being_called_off(origins: Sequence[str]) -> dict[str, CallingOff]:
    """This will return those of the origins of which what waits is being cancelled, since they, or
    what they send for, were stopped."""
    rows = CallingOff.objects.filter(origin__in=origins, done_at=None)
    return {row.origin: row for row in rows}


def halted_among(origins: Collection[str]) -> set[str]:
    """This will return those of the origins that are paused or stopped now, or whose cause is."""
    rows = OriginHalt.objects.filter(origin__in=origins, ended_at=None)
    halted = set(rows.values_list("origin", flat=True))
    asked = sorted(origins)
    return halted.union(*(found_by(asked) for found_by in registry.calls_off if asked))


def halts_of(origin: str) -> QuerySet[OriginHalt]:
    """This will list when an origin was paused or stopped, the latest first."""
    rows = OriginHalt.objects.filter(origin=origin).select_related("halted_by", "ended_by")
    return rows.order_by("-halted_at", "-id")


@dataclass(frozen=True)
class Cause:
    """Why messages did not go, and how many; `percent` is the share of the most frequent one."""

    code: str
    words: str
    state: str
    channel: str
    number: int
    percent: int


_NEWEST = 100_000
# The gateway's own words stand behind the colon.
_CODE = Func(F("failure"), Value(":"), Value(1), function="split_part", output_field=CharField())
_TROUBLE = [MessageState.FAILED, MessageState.PARKED, MessageState.IN_DOUBT, MessageState.CANCELLED]


def causes_of_failure(*, scope: Scope, origin: str = "") -> list[Cause]:
    """This will count why the newest messages that did not go did not, the most frequent cause
    first."""
    rows = Message.objects.filter(scope.branches("customer__branch"), state__in=_TROUBLE)
    if origin:
        rows = rows.filter(origin=origin)
    newest = rows.order_by("-id").values("pk")[:_NEWEST]
    counted = (
        Message.objects.filter(pk__in=newest)
        .annotate(code=_CODE)
        .values_list("code", "state", "channel")
        .annotate(number=Count("pk"))
    )
    found = sorted(counted.order_by(), key=lambda row: (-row[3], row[:3]))
    most = found[0][3] if found else 1
    return [
        Cause(
            code, str(Failure(code).label) if code in Failure.values else code,
            str(MessageState(state).label), str(Channel(channel).label), number,
            max(1, 100 * number // most),
        )
        for code, state, channel, number in found
    ]  # fmt: skip


def rates() -> list[SendingRate]:
    """This will list the rates of each channel and gateway, the latest first."""
    return list(SendingRate.objects.order_by("channel", "gateway", "-effective_date"))


def rate_in_force(*, channel: str, gateway: str, on: dt.date) -> SendingRate | None:
    """This will return how fast a channel's gateway may be given messages on a day: the rate of
    this very gateway, or else of whichever there is; None where there is no limit."""
    rows = SendingRate.objects.filter(
        channel=channel, gateway__in=["", gateway], effective_date__lte=on
    )
    return rows.order_by("-gateway", "-effective_date").first()
