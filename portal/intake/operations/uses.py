"""Uses of a door of thousands of calls a second, summed up: the audit trail has one head, which
they would all wait for."""

import dataclasses
import datetime as dt
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from portal.audit import operations as audit
from portal.intake.models import ApiToken
from portal.intake.operations.calls import record_access

# Whom these are said to has no business at the door: each such call is noted by itself, at once.
_OF_SECURITY = frozenset({401, 403})
_MINUTE = dt.timedelta(minutes=1)
_MOST_SUMS = 1_000  # of one process at a time; more are written down at once
_NEVER = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class _Use:
    """What is summed up: calls of a token with one answer, in one minute."""

    token_id: int
    method: str
    path: str
    status: int
    minute: dt.datetime


@dataclass(frozen=True)
class _Sum:
    """How often, from when to when, and from where: None where from several places."""

    token: ApiToken
    calls: int
    first_at: dt.datetime
    last_at: dt.datetime
    address: str | None

    def plus(self, other: "_Sum") -> "_Sum":
        return dataclasses.replace(
            self,
            calls=self.calls + other.calls,
            first_at=min(self.first_at, other.first_at),
            last_at=max(self.last_at, other.last_at),
            address=self.address if self.address == other.address else None,
        )


class _Uses:
    """What a process has counted and not yet written down."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._sums: dict[_Use, _Sum] = {}
        self._first = _NEVER

    def add(self, found: Mapping[_Use, _Sum]) -> None:
        """This will count calls."""
        with self._guard:
            for use, more in found.items():
                has = self._sums.get(use)
                self._sums[use] = has.plus(more) if has else more
                self._first = min(self._first, use.minute)

    def take(self, before: dt.datetime) -> dict[_Use, _Sum]:
        """This will hand out what was counted in the minutes before one."""
        with self._guard:
            found = {use: self._sums.pop(use) for use in [*self._sums] if use.minute < before}
            self._first = min((use.minute for use in self._sums), default=_NEVER)
        return found

    def is_due(self, minute: dt.datetime) -> bool:
        """Whether something of an earlier minute is there."""
        return self._first < minute

    @property
    def is_full(self) -> bool:
        return len(self._sums) >= _MOST_SUMS


_uses = _Uses()


def note_use(
    *, token: ApiToken, method: str, path: str, status: int, address: str | None, at: dt.datetime
) -> None:
    """This will note a call at a door of thousands of calls a second: an audit line at once where
    the token has no business there, else it is counted, and a line a minute for each token and
    answer says how many there were (`write_uses`). What a call did leaves a row of its own."""
    if status in _OF_SECURITY:
        record_access(token=token, method=method, path=path, status=status, address=address, at=at)
        return
    minute = _minute(at)
    _uses.add({_Use(token.pk, method, path, status, minute): _Sum(token, 1, at, at, address)})
    if _uses.is_due(minute) or _uses.is_full:
        write_uses(at=at, is_last=_uses.is_full)
    if token.last_used_at is None or token.last_used_at <= at - _MINUTE:
        is_older = Q(last_used_at=None) | Q(last_used_at__lt=at)
        ApiToken.objects.filter(is_older, pk=token.pk).update(last_used_at=at)
        token.last_used_at = at


def write_uses(*, at: dt.datetime, is_last: bool = False) -> int:
    """This will write down what this process counted in the minutes that are over, or all of it
    where it is the last time; returns the number of lines. What cannot be written is kept."""
    due = _uses.take(_NEVER if is_last else _minute(at))
    try:
        with transaction.atomic():
            for use, found in due.items():
                _write(use, found, at)
    except BaseException:
        _uses.add(due)
        raise
    return len(due)


def _minute(at: dt.datetime) -> dt.datetime:
    return at.replace(second=0, microsecond=0)


def _write(use: _Use, found: _Sum, at: dt.datetime) -> None:
    changes = {
        "method": use.method,
        "path": use.path,
        "status": use.status,
        "calls": found.calls,
        "first_at": found.first_at.isoformat(),
        "last_at": found.last_at.isoformat(),
    }
    audit.record(
        action="api.called", actor=None, at=at, target=found.token, changes=changes,
        address=found.address,
    )  # fmt: skip
