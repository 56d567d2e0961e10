"""Importing a file, or rows that a program made."""

import contextlib
import datetime as dt
import hashlib
import itertools
import logging
import operator
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as QueueDown

from portal.audit import operations as audit
from portal.celery import app as queue
from portal.intake.enums import ImportState
from portal.intake.models import ImportBatch
from portal.intake.operations import again, findings, histories, merging, reading, staging
from portal.intake.rules import Column, FileRefused, ImportKind, ImportReport, check_header
from portal.kit import clock, masking, refused
from portal.kit.registry import registry
from portal.staff.models import Staff

logger = logging.getLogger(__name__)

Progress = Callable[[int], None]


@dataclass(frozen=True)
class _Order:
    """Who asked for which import. Without `errors_path` no file of bad rows is written; `shown`
    rows and bad cells are reported. `as_of` is when the whole of it held in its source."""

    kind: ImportKind
    source_name: str
    errors_path: Path | None
    actor: Staff | None
    at: dt.datetime
    dry_run: bool = False
    progress: Progress = lambda _read: None
    shown: int = 0
    as_of: dt.datetime | None = None
    corrects: bool = False
    is_anew: bool = False

    @property
    def is_said(self) -> bool:
        """Whether somebody says of the whole of it when it holds, or that it is said anew: then it
        is no matter whether the same rows came before."""
        return self.as_of is not None or self.corrects or self.is_anew


def import_file(
    *,
    kind: str,
    path: Path,
    actor: Staff | None,
    at: dt.datetime,
    dry_run: bool = False,
    progress: Progress = lambda _read: None,
    source_name: str = "",
    errors_path: Path | None = None,
    shown: int = 0,
    as_of: dt.datetime | None = None,
    corrects: bool = False,
) -> ImportReport:
    """This will take the good rows of a file into the table of its kind, and write the bad ones
    to `FILE.errors.csv` beside it (in var/imports where that cannot be written), or to
    `errors_path`, which may be a workbook.

    `actor` is None for the command line; `progress` hears how many rows were read so far. With
    `dry_run` all is done and taken back; only the batch row stays. `source_name` is the file's
    name for people; `shown` rows and bad cells come back in the report. `as_of` is when the file
    held in its source, for rows that do not say it themselves; an older row than the one that
    stands is left out, unless somebody says that the file `corrects`.
    Raises FileRefused, with nothing taken in.
    """
    beside = errors_path or path.with_name(f"{path.name}.errors.csv")
    name = source_name or path.name
    order = _Order(
        find_kind(kind), name, beside, actor, at, dry_run, progress, shown, as_of, corrects
    )
    return _import(order, lambda: reading.open_table(path))


def import_rows(
    *,
    kind: str,
    rows: Iterable[Mapping[str, str | None]],
    actor: Staff | None,
    at: dt.datetime,
    source_name: str,
    dry_run: bool = False,
    shown: int = 0,
    as_of: dt.datetime | None = None,
    corrects: bool = False,
    digest: str = "",
    is_anew: bool = False,
) -> ImportReport:
    """This will take rows of text by column name in, just as if they stood in a file.

    All rows hold the same columns. The same `digest` a second time says that they are the same
    rows, sent again, unless they say their values anew (`is_anew`). Bad rows go to var/imports;
    with `shown`, the first so many bad cells come back in the report instead. With `dry_run` all is
    taken back, as with a file. Raises FileRefused.
    """
    errors_path = None if shown else findings.fallback(f"{source_name}.errors.csv")
    order = _Order(
        find_kind(kind), source_name, errors_path, actor, at, dry_run, shown=shown, as_of=as_of,
        corrects=corrects, is_anew=is_anew,
    )  # fmt: skip
    return _import(order, lambda: _table_of(rows, digest))


def import_table(
    *,
    kind: str,
    open_table: Callable[[], reading.Table],
    source_name: str,
    errors_path: Path,
    actor: Staff | None,
    at: dt.datetime,
    progress: Progress,
) -> ImportReport:
    """This will take the rows of a table in that is opened when its turn comes. Raises
    FileRefused."""
    order = _Order(find_kind(kind), source_name, errors_path, actor, at, progress=progress)
    return _import(order, open_table)


def record_trial(
    *, report: ImportReport, digest: str, actor: Staff | None, at: dt.datetime
) -> ImportReport:
    """This will keep the batch row of an import that was taken back, and return its report."""
    kind = find_kind(report.kind)
    order = _Order(kind, report.file_name, report.errors_path, actor, at, dry_run=True)
    counts = {name: value for name, value in vars(report).items() if name.startswith("rows_")}
    batch = _record_batch(order, digest, at, counts)
    return replace(report, batch_id=batch.pk, is_dry_run=True)


def find_kind(code: str) -> ImportKind:
    """This will return the kind of that code. Raises FileRefused."""
    kind: ImportKind | None = registry.import_kinds.get(code)
    if kind is None:
        raise FileRefused(
            _("There is no kind of file “{code}”. Known are: {known}.").format(
                code=code, known=", ".join(registry.import_kinds)
            )
        )
    return kind


def _table_of(rows: Iterable[Mapping[str, str | None]], digest: str) -> reading.Table:
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None:
        raise FileRefused(_("There are no rows."))
    names = list(first)
    source = _cells_of(itertools.chain([first], iterator), names)
    return reading.Table(names, source, digest, source)


def _cells_of(
    rows: Iterable[Mapping[str, Any]], names: list[str]
) -> Generator[reading.Row, None, None]:
    # A getter of two names or more returns a tuple; the first name is asked for twice so that
    # one column is no special case.
    pick = operator.itemgetter(*names, names[0])
    width = len(names)
    for number, row in enumerate(rows, start=1):
        if len(row) != width or any(name not in row for name in names):
            raise FileRefused(_("Row {number} has other columns.").format(number=number))
        yield number, pick(row)[:-1]


def _import(order: _Order, open_table: Callable[[], reading.Table]) -> ImportReport:
    start = time.monotonic()
    digest = hashlib.sha256(order.source_name.encode()).hexdigest()
    try:
        with contextlib.closing(open_table()) as table, transaction.atomic():
            digest = table.digest or digest
            check_header(order.kind, table.names)
            _check_history(order)
            outcome = _take_in(order, table)
            finished_at = order.at + dt.timedelta(seconds=time.monotonic() - start)
            batch = _record_batch(order, digest, finished_at, outcome)
            if not order.dry_run:
                transaction.on_commit(lambda: _ask_for(order.kind), robust=True)
    except FileRefused as refused:
        _record_failure(order, digest, str(refused))
        raise
    except DatabaseError as error:
        failure = _("The database refused the rows ({reason}); nothing was taken in.").format(
            reason=_reason_of(error)
        )
        _record_failure(order, digest, failure)
        raise FileRefused(failure) from error
    return ImportReport(
        kind=order.kind.code,
        file_name=order.source_name,
        batch_id=batch.pk,
        is_dry_run=order.dry_run,
        **outcome,
    )


def _check_history(order: _Order) -> None:
    if order.kind.history is None and (order.as_of is not None or order.corrects):
        raise FileRefused(
            _(
                "Rows of this kind do not go on from state to state; leave out as of when the file"
                " holds, and that it corrects."
            )
        )


def _ask_for(kind: ImportKind) -> None:
    """The tasks that take up what came in. Where the queue does not answer, the clock does."""
    for name in kind.asks_for:
        try:
            queue.send_task(name, retry=False)
        except QueueDown as down:
            logger.warning("The queue does not answer (%s); %s goes by the clock.", down, name)


def _reason_of(error: DatabaseError) -> str:
    """The constraint or the kind of error; its full text would show the row."""
    return refused.rule_of(error) or type(error.__cause__ or error).__name__


def _take_in(order: _Order, table: reading.Table) -> dict[str, Any]:
    """Stages, checks and writes; returns the counts for the report."""
    kind = order.kind
    point = transaction.savepoint()
    first = list(itertools.islice(table.rows, order.shown))
    with connection.cursor() as cursor:
        _wait_for_others(cursor, kind.locks or (kind.code,))
        earlier = again.find(kind, "" if order.is_said else table.digest)
        staging.make_tables(cursor, kind)
        stager = staging.Stager(cursor, kind, table.names, latest_on(clock.bank_day(order.at)))
        stager.stage(itertools.chain(first, table.rows), order.progress)
        older = histories.prepare(
            cursor, kind, table.names, at=order.at, as_of=order.as_of or earlier.as_of,
            corrects=order.corrects, first_at=earlier.first_at, with_partial=stager.has_partial,
            actor=order.actor,
        )  # fmt: skip
        older += merging.check_rows(cursor, kind, table.names)
        if stager.has_partial:
            merging.check_partial_rows(cursor, kind, table.names)
        new, changed = merging.write_rows(
            cursor, kind, table.names, corrects=order.corrects, is_again=earlier.is_unsaid
        )
        rows_bad, reasons = merging.count_bad(cursor)
        path = order.errors_path
        errors_path = findings.write_file(path) if rows_bad and path else None
        found = tuple(findings.first(order.shown)) if rows_bad and order.shown else ()
        if order.dry_run:
            transaction.savepoint_rollback(point)
        else:
            staging.drop_tables(cursor)
            transaction.savepoint_commit(point)
    return {
        "rows_read": stager.rows_read,
        "rows_new": new,
        "rows_changed": changed,
        "rows_same": stager.rows_read - rows_bad - older - new - changed,
        "rows_bad": rows_bad,
        "rows_older": older,
        "errors_path": errors_path,
        "reasons": reasons,
        "names": tuple(table.names) if order.shown else (),
        "warnings": (*table.warnings, *earlier.warnings(table.names)),
        "first_rows": tuple(findings.masked_rows(kind, table.names, first)),
        "findings": found,
    }


def hold_imports() -> None:
    """This will wait for the imports that run, of whatever kind, and keep others from starting
    until the transaction ends. Call it before anything else is locked."""
    names = {name for kind in registry.import_kinds.values() for name in kind.locks or (kind.code,)}
    with connection.cursor() as cursor:
        _wait_for_others(cursor, names)


def _wait_for_others(cursor: Any, names: Iterable[str]) -> None:
    """Imports that touch the same tables run one after the other; sorted, so that none block."""
    for name in sorted(names):
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"intake:{name}"])


def latest_on(today: dt.date) -> Callable[[Column], str]:
    """This will return what tells the latest day that a column may hold."""
    return lambda column: (today + dt.timedelta(days=column.days_ahead)).isoformat()


def _record_batch(
    order: _Order, digest: str, finished_at: dt.datetime, outcome: dict[str, Any]
) -> ImportBatch:
    counts = {name: count for name, count in outcome.items() if name.startswith("rows_")}
    batch = ImportBatch.objects.create(
        kind=order.kind.code,
        file_name=masking.mask_text(order.source_name)[:200],
        file_hash=digest,
        by=order.actor,
        is_dry_run=order.dry_run,
        state=ImportState.DONE,
        as_of=order.as_of or (order.at if order.corrects else None),
        started_at=order.at,
        finished_at=finished_at,
        **counts,
    )
    audit.record(
        action="import.tried" if order.dry_run else "import.done",
        actor=order.actor,
        at=order.at,
        target=batch,
        changes=counts | ({"corrects": True} if order.corrects else {}),
    )
    return batch


def _record_failure(order: _Order, digest: str, failure: str) -> None:
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            kind=order.kind.code,
            file_name=masking.mask_text(order.source_name)[:200],
            file_hash=digest,
            by=order.actor,
            is_dry_run=order.dry_run,
            state=ImportState.FAILED,
            started_at=order.at,
            finished_at=order.at,
            # A file without header has a person there; one of another encoding has NULs.
            failure=masking.mask_text(failure.replace("\0", " ")),
        )
        audit.record(action="import.refused", actor=order.actor, at=order.at, target=batch)
