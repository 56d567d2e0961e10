"""Rows that tell of an earlier state than the one that stands: they are left out, and counted.

What a row tells holds as of an instant: its own `as_of`, else that of the whole file, where one
gives it. Without any it counts as of when it came in (`heard_at`), but may be older: so it only
takes a state forward, and what says an earlier instant than that does no more than go forward
either (docs/decisions/0108, 0139). What comes a second time, word for word, counts as of its first
time (0146).
"""

import datetime as dt
from typing import Any

from django.conf import settings

from portal.intake.operations.staging import OLDER, PARTIAL, STAGED
from portal.intake.rules import History, ImportKind
from portal.staff.enums import Permission
from portal.staff.models import Staff

_NOTHING = "NULL::timestamptz"
_HEARD = "current_setting('intake.heard_at')::timestamptz"
# Which rows `t` that stand are left alone by a row without an instant. One that was heard at the
# very instant at which the same rows came first is theirs, or stands since; one of which nothing is
# known is left as it is.
_UNTOUCHED = f"coalesce(t.heard_at = {_HEARD}, t.as_of IS NULL)"
# Clocks of two systems differ a little: see the check of instants that have not come yet.
_AHEAD = f"coalesce(t.as_of > {_HEARD}, FALSE)"
# What tells when a row holds, and nothing of what it says.
INSTANTS = ("as_of", "heard_at")


def _whose(actor: Staff | None) -> tuple[str, str]:
    """Who imports, and whose own rows alone count: of who may not import all."""
    if actor is None:
        return "", ""
    is_all = actor.may(Permission.IMPORT_FILES)
    return str(actor.pk), "" if is_all else str(actor.pk)


def prepare(
    cursor: Any,
    kind: ImportKind,
    names: list[str],
    *,
    at: dt.datetime,
    as_of: dt.datetime | None,
    corrects: bool,
    first_at: dt.datetime | None = None,
    with_partial: bool = False,
    actor: Staff | None = None,
) -> int:
    """This will let staged rows say what the file leaves unsaid, take out those that are older
    than what stands, and return how many those are. A file that `corrects` has none, and holds as
    of its import where it says nothing else. Where the same rows came before, they came `first_at`
    that instant."""
    cursor.execute(
        "SELECT set_config('intake.at', %s, TRUE), set_config('intake.heard_at', %s, TRUE),"
        " set_config('intake.actor', %s, TRUE), set_config('intake.own_of', %s, TRUE)",
        [at.isoformat(), (first_at or at).isoformat(), *_whose(actor)],
    )
    whole = (as_of or at) if corrects else as_of
    for table in (STAGED, PARTIAL) if with_partial else (STAGED,):
        cursor.execute(f"ANALYZE {table}")
        _keep_what_is_lacking(cursor, kind, names, table)
        if kind.history is not None and (whole is not None or "as_of" in names):
            cursor.execute(
                f"UPDATE {table} SET as_of = coalesce(CASE WHEN as_of_text ~ '[+-]..:..$'"
                " THEN as_of_text::timestamptz ELSE as_of_text::timestamp AT TIME ZONE %s END, %s)",
                [settings.TIME_ZONE, whole],
            )
    if kind.history is None or corrects:
        return 0
    if whole is None and "as_of" not in names and first_at is None and not kind.history.steps:
        return 0  # whatever stands is not later; `taken` knows the one exception
    is_older = _is_older(kind.history, _all(kind, names), is_again=first_at is not None)
    return _drop_older(cursor, kind, is_older)


def _keep_what_is_lacking(cursor: Any, kind: ImportKind, names: list[str], table: str) -> None:
    """Columns that hang together with others: where the file lacks one, what stands is as if the
    file had said it. What depends on others of them is asked for last."""
    lacking = [(column, value) for column, value in kind.stays if column not in names]
    for last in (False, True):
        sets = [f"{column} = {value}" for column, value in lacking if (" s." in value) == last]
        if sets:
            cursor.execute(
                f"UPDATE {table} s SET {', '.join(sets)} FROM {kind.table} old"
                f" WHERE {kind.is_same('old', 's')}"
            )


def drop_earlier(cursor: Any, kind: ImportKind) -> int:
    """This will leave, of several states of one row that the file tells, each as of another
    instant, the latest, and return how many others there were."""
    return _leave_out(
        cursor, kind,
        f"USING (SELECT {kind.whole_key}, max(as_of) AS latest"
        f" FROM intake_staging GROUP BY {kind.whole_key} HAVING count(*) > 1) several"
        f" WHERE {kind.is_same('several', 's')} AND s.as_of < several.latest",
    )  # fmt: skip


def _drop_older(cursor: Any, kind: ImportKind, is_older: str) -> int:
    return _leave_out(
        cursor, kind, f"USING {kind.table} old WHERE {kind.is_same('old', 's')} AND {is_older}"
    )


def _leave_out(cursor: Any, kind: ImportKind, which: str) -> int:
    """Where the kind asks for rows that are left out, they are kept aside."""
    leave = f"DELETE FROM {STAGED} s {which}"
    if kind.older:
        leave = f"WITH older AS ({leave} RETURNING s.*) INSERT INTO {OLDER} SELECT * FROM older"
    cursor.execute(leave)
    return int(cursor.rowcount)


def _all(kind: ImportKind, names: list[str]) -> list[str]:
    """The columns that the file has, or that what stands has filled in."""
    return [*names, *(column for column, _value in kind.stays)]


def _is_older(history: History, names: list[str], *, is_again: bool) -> str:
    """SQL: whether the staged row `s` is older than the row `old` that stands, or may be and goes
    no further. Without an instant of its own, the row of a file that comes again is also older
    where it would be as of the file's first time. What began anew goes further than what had ended
    by then."""
    rank, stood = history.rank("s", names), history.rank("old", names)
    anew, was_anew = history.is_anew("s", "old"), history.is_anew("old", "s")
    further = f"(NOT {was_anew} AND ({anew} OR {rank} > {stood}))"
    behind = f"({was_anew} OR NOT {anew} AND {rank} < {stood})"
    equal = f"(NOT {was_anew} AND NOT {anew} AND {rank} = {stood})"
    own, since = _moment(history, "s"), f"coalesce(old.as_of, {_moment(history, 'old')})"
    ends = f"({rank} = {stood} AND s.{history.state} <> old.{history.state})"
    ends = ends if history.state else "FALSE"
    goes_on = f"({further} OR {ends} AND {own} > {_moment(history, 'old')})"

    def as_of(instant: str, is_before: str, goes_on: str) -> str:
        return (
            f"CASE WHEN {instant} {is_before} old.heard_at"
            f" THEN coalesce({instant} < old.as_of, FALSE) OR NOT {goes_on}"
            f" WHEN {instant} = {since} THEN {behind}"
            f" ELSE coalesce({instant} < {since}, FALSE) END"
        )

    unsaid = (
        f"({behind} OR {ends} AND {own} < {since}"
        f" OR {equal} AND coalesce(old.as_of > {_HEARD}, FALSE))"
    )
    if is_again:
        # Between two ends its day decides nothing: a later file may have corrected it.
        unsaid = f"({unsaid} OR {as_of(_HEARD, '<', further)})"
    return f"CASE WHEN s.as_of IS NULL THEN {unsaid} ELSE {as_of('s.as_of', '<=', goes_on)} END"


def _moment(history: History, row: str) -> str:
    """The bank's day of its latest step: since then a row is as it is."""
    if not history.days:
        return _NOTHING
    days = ", ".join(f"{row}.{day}" for day in history.days)
    return f"(greatest({days})::timestamp AT TIME ZONE '{settings.TIME_ZONE}')"


def value_kept(kind: ImportKind, column: str, *, corrects: bool) -> str:
    """This will return what the upsert writes into a column of the row `t` that stands: a day once
    known stays where a row has none, unless the row is known to be later."""
    history = kind.history
    if history is None:
        return f"excluded.{column}"
    if column == "as_of":
        return "greatest(t.as_of, excluded.as_of)"
    where = dict(history.kept).get(column)
    if where is None or corrects:
        return f"excluded.{column}"
    known = f"coalesce(greatest(t.as_of, t.heard_at), {_moment(history, 't')})"
    is_later = f"coalesce(excluded.as_of > {known}, FALSE)"
    return (
        f"CASE WHEN excluded.{column} IS NULL AND {where} AND NOT {is_later}"
        f" THEN t.{column} ELSE excluded.{column} END"
    )


def taken(kind: ImportKind, *, is_again: bool) -> str:
    """This will return a condition on the row `t` that stands and the `excluded` one: whether it
    may be changed at all."""
    history = kind.history
    if history is None:
        return "TRUE"
    left = [_UNTOUCHED] * is_again + [_AHEAD] * (not history.steps)
    if not left:
        return "TRUE"
    return f"(excluded.as_of IS NOT NULL OR NOT ({' OR '.join(left)}))"


def heard_at_kept(said: str, values: str) -> str:
    """This will return what the upsert writes into `heard_at` of the row `t` that stands, given
    what the row says there and what it would say (`said`, `values`). While nobody says instants of
    it, a row that says the same again leaves it as it was, so that nothing is written; beside
    instants it is kept like one."""
    return (
        f"CASE WHEN t.as_of IS NULL AND {said} IS NOT DISTINCT FROM {values} THEN t.heard_at"
        " ELSE greatest(t.heard_at, excluded.heard_at) END"
    )
