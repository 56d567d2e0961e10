"""Kinds of file: columns, checks and the table they end in, as data that the topics register."""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.kit import masking

_WORD = re.compile(r"\w+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_CHECKED = re.compile(r"\bintake_staging s\b")


# What has happened has no day ahead; but a system that has closed its books in the evening dates
# by the next day already, and another clock may be past midnight.
NEXT_ACCOUNTING_DAY = 1


@dataclass(frozen=True)
class Reason:
    """Why a row is bad. `text` is a translatable sentence with {named} gaps."""

    code: str
    text: Any


class BadCell(Exception):
    """Raised by a parser for a cell that cannot be taken; `params` fill the reason's gaps."""

    def __init__(self, reason: Reason, **params: object) -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.params = params


class BadText(str):
    """A cell that was found bad before its column saw it: by a mapping, for example.

    It equals nothing but itself, so that no good cell of the same letters is taken for it.
    """

    def __new__(cls, text: str, reason: Reason, **params: object) -> "BadText":
        made = super().__new__(cls, text)
        made.bad = BadCell(reason, **params)
        return made

    bad: BadCell
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other


class FileRefused(Exception):
    """Raised for a file of which nothing is taken in; the text is for a person."""


@dataclass(frozen=True)
class Cell:
    """What the cells of a column hold.

    `parse` gets stripped text that is not empty and returns it as PostgreSQL reads it for
    `sql_type`; it raises BadCell. `format` tells people how to write it. Only where
    `is_signed`, a leading plus or minus before digits is not taken for a formula.
    """

    parse: Callable[[str], str]
    sql_type: str
    format: Any
    is_signed: bool = False


@dataclass(frozen=True)
class Column:
    """One column of a kind of file.

    An empty cell takes `default`, and is nothing where that is "". `stages` names the staged
    columns with their types where one cell becomes several, which `expand` makes of the parsed
    value (None where the cell is empty). `mask` hides the cell in the file of bad rows, and keeps
    its values out of memory. A day may lie at most `days_ahead` days after the day of import.
    """

    name: str
    cell: Cell
    help: Any
    example: str
    is_needed: bool = False
    default: str = ""
    stages: tuple[tuple[str, str], ...] = ()
    expand: Callable[[str | None], tuple[str | bytes | None, ...]] | None = None
    mask: Callable[[str], str] | None = None
    days_ahead: int = NEXT_ACCOUNTING_DAY

    @property
    def staged(self) -> tuple[tuple[str, str], ...]:
        """The staged columns and their SQL types."""
        return self.stages or ((self.name, self.cell.sql_type),)


@dataclass(frozen=True)
class Check:
    """A set-based check of the staged rows.

    `sql` reads the rows to check as `intake_staging s`, and returns `row_number`, `value` (what the
    bad row shows) and further columns that fill the gaps of the reason. With `when_lacking` the
    check is made only for a file without that column, whose values then stay as they stand in the
    table; with `when_given` only for a file that has it. Where it `is_of_locked` rows, it is made
    once more when `before` has locked them, for what was committed meanwhile.
    """

    column: str
    reason: Reason
    sql: str
    when_lacking: str = ""
    when_given: str = ""
    is_of_locked: bool = False

    def is_due(self, names: Sequence[str]) -> bool:
        """Whether it is made for a file with the columns `names`."""
        if self.when_given and self.when_given not in names:
            return False
        return not self.when_lacking or self.when_lacking not in names

    def over(self, table: str) -> str:
        """The SQL that checks the rows of `table` beside the staged ones."""
        return _CHECKED.sub(f"{table} s", self.sql)

    def names_of(self, columns: Sequence["Column"]) -> list[str]:
        """Which of these columns the check may look at: those whose names its SQL has."""
        words = set(_WORD.findall(self.sql))
        return [column.name for column in columns if words & {name for name, _ in column.staged}]


@dataclass(frozen=True)
class Target:
    """One column of the table that a kind writes.

    `value` is SQL over the staged row `s` and the kind's joins. With `of`, a file without that
    column leaves existing rows as they are. `same_by` names the column, or several with spaces
    between, by whose equality the value counts as unchanged: a sealed value differs each time it is
    made. What `is_of_new` is
    what a new row begins with; no file changes it afterwards.
    """

    column: str
    value: str
    of: str = ""
    same_by: str = ""
    is_of_new: bool = False


@dataclass(frozen=True)
class History:
    """How a row goes on in its source, so that an older state is told from a later one.

    `steps` are conditions on a row ({row} stands for its name) that come true one after the other
    as it goes on, each with the column of the file that it asks for. `days` are its days, of which
    the latest is when it came to be as it is; where rows say in a column `state` how they ended,
    the later day decides between two ends. `kept` are columns of days, each with the condition on
    the row `t` that stands and on `excluded` under which a day once known stays where a row has
    none. `opens`, one of the days, tells of rows that may begin anew once they have ended: what
    opened when the other had ended already is later than that, whatever it says besides.
    """

    steps: tuple[tuple[str, str], ...] = ()
    days: tuple[str, ...] = ()
    state: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    opens: str = ""

    def is_anew(self, row: str, before: str) -> str:
        """SQL: whether the row of that name began anew after the row `before` had ended."""
        if not self.opens:
            return "FALSE"
        ends = ", ".join(f"{before}.{day}" for day in self.days if day != self.opens)
        opened, was_opened = f"{row}.{self.opens}", f"{before}.{self.opens}"
        return f"coalesce({opened} > {was_opened} AND {opened} >= greatest({ends}), FALSE)"

    def rank(self, row: str, names: Sequence[str]) -> str:
        """SQL: how far the row of that name has gone, as far as a file with these columns says."""
        steps = (f"({step.format(row=row)})::int" for column, step in self.steps if column in names)
        return f"({' + '.join(steps) or '0'})"


@dataclass(frozen=True)
class ImportKind:
    """A kind of file: how it is read, checked and written, found by its `code`.

    `key` is the source's own key: a column of the file, of the staging and of `table` alike; so are
    those of `within`, where several sources each have keys of their own.
    `before` and `after` are statements around the upsert, in the same transaction; the instant of
    the import is their `current_setting('intake.at')`. Two imports that share one of `locks` (the
    code where none are named) wait for each other. `asks_for` names tasks that are asked for once
    the rows are committed; each must also run by the clock, for the queue may lose them.

    `older` are statements over rows that were left out because they are older than what stands,
    as `intake_older s`, each with the column without which a file says nothing of it; they run
    after the upsert, over rows that pass the checks.

    Who holds its `permission` uploads files of this kind alone, without the right to all; its
    checks then hold the rows to what is that person's (`current_setting('intake.own_of')`, an id,
    empty for everybody else). `intake.actor` is the id of whoever imports.

    `stays` names columns that hang together with others, each with what stands for it in the row
    `old` where a file lacks it. A kind with a `history` takes the optional column `as_of`, and
    keeps it in its table, and in `heard_at` when a row came in that does not say it. New rows of a
    kind that is written `in_order` get their ids in the order of the file.
    """

    code: str
    label: Any
    help: Any
    table: str
    key: str
    columns: tuple[Column, ...]
    targets: tuple[Target, ...]
    joins: str = ""
    checks: tuple[Check, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    older: tuple[tuple[str, str], ...] = ()
    locks: tuple[str, ...] = ()
    asks_for: tuple[str, ...] = ()
    stays: tuple[tuple[str, str], ...] = ()
    history: History | None = None
    within: tuple[str, ...] = ()
    permission: str = ""
    in_order: bool = False

    def __post_init__(self) -> None:
        if self.history is not None and "as_of" not in self.names:
            object.__setattr__(self, "columns", (*self.columns, _as_of()))
            instants = Target("as_of", "s.as_of"), Target("heard_at", _HEARD_AT)
            object.__setattr__(self, "targets", (*self.targets, *instants))
            object.__setattr__(self, "checks", (*self.checks, _NOT_YET))

    @property
    def names(self) -> list[str]:
        """The names of all columns, in order."""
        return [column.name for column in self.columns]

    @property
    def whole_key(self) -> str:
        """SQL: the columns that tell a row from all others."""
        return ", ".join((*self.within, self.key))

    def is_same(self, row: str, other: str) -> str:
        """SQL: whether the rows of these names are one row of the source."""
        names = (*self.within, self.key)
        return " AND ".join(f"{row}.{name} = {other}.{name}" for name in names)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


NOT_YET = Reason("not_yet", _("This instant has not come yet."))
# Clocks of two systems differ a little, and a day is that of the bank.
_NOT_YET = Check(
    "as_of", NOT_YET,
    "SELECT s.row_number, s.as_of_text AS value FROM intake_staging s"
    " WHERE s.as_of > current_setting('intake.at')::timestamptz + interval '1 day'",
)  # fmt: skip

# A row that does not say as of when it holds may hold as late as it comes in.
_HEARD_AT = "CASE WHEN s.as_of IS NULL THEN current_setting('intake.heard_at')::timestamptz END"


def _as_of() -> Column:
    from portal.intake.rules import cells  # they are made of what stands above

    return Column(
        "as_of", cells.INSTANT,
        _("as of when the source says so; an older row than the one that stands is left out"),
        "2026-03-09 18:00:00", stages=(("as_of_text", "text"),),
    )  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A bad cell as people see it: its row, its column, its masked value, and why it is bad."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """What came of an import. `rows_older` tell of an earlier state than the one that stands, which
    is kept. `reasons` counts the bad cells by the reason's code; `warnings`
    are sentences for a person; `errors_path` is the file of bad rows, None where all are good.
    Where some are to be shown: `names` of the columns, the `first_rows` (number and masked
    cells) and the first `findings`."""

    kind: str
    file_name: str
    batch_id: int
    is_dry_run: bool
    rows_read: int
    rows_new: int
    rows_changed: int
    rows_same: int
    rows_bad: int
    rows_older: int = 0
    errors_path: Path | None = None
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    first_rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    findings: tuple[Finding, ...] = ()


def unknown(column: str, table: str, key: str, reason: Reason, only: str = "TRUE") -> Check:
    """This will return the check that `column` names a row of `table` by its `key`.

    `only` is a further condition on the named row `r`.
    """
    sql = (
        f"SELECT s.row_number, s.{column} AS value FROM intake_staging s"
        f" LEFT JOIN {table} r ON r.{key} = s.{column} AND {only}"
        f" WHERE s.{column} IS NOT NULL AND r.{key} IS NULL"
    )
    return Check(column, reason, sql)


def unknown_branch() -> Check:
    """This will return the check that the column `branch` names a branch by its code."""
    reason = Reason("unknown_branch", _("There is no branch with this code."))
    return unknown("branch", "portal_branch", "code", reason)


def check_header(kind: ImportKind, names: Sequence[str]) -> None:
    """This will check that a file's columns are known, not repeated, and all that are needed.

    Raises FileRefused.
    """
    _refuse_unknown(kind, names)
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise FileRefused(
            _("Column repeated: {names}. Keep each column once.").format(names=", ".join(repeated))
        )
    needed = [column.name for column in kind.columns if column.is_needed]
    missing = [name for name in needed if name not in names]
    if missing:
        raise FileRefused(
            _("Column missing: {names}. Needed are: {needed}.").format(
                names=", ".join(missing), needed=", ".join(needed)
            )
        )


def _refuse_unknown(kind: ImportKind, names: Sequence[str]) -> None:
    strange = [name for name in names if name not in kind.names]
    if not strange:
        return
    plain = (masking.mask_text(_UNPRINTABLE.sub(" ", name[:1_000])) for name in strange[:5])
    shown = ", ".join(f"“{name[:40]}”" for name in plain)
    near = difflib.get_close_matches(strange[0], kind.names, n=1)
    sentence = _("Unknown column: {names}. Known are: {known}.").format(
        names=shown, known=", ".join(kind.names)
    )
    if near:
        sentence += " " + _("Did you mean “{name}”?").format(name=near[0])
    raise FileRefused(sentence)
