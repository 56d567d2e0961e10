"""Searching every table and column of the database, the files and the queue for a person."""

import base64
import contextlib
import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import redis
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import Q

from journeys.contact.models import BadAddress, ErasedRefusal
from journeys.customers.rules import HASH_OF
from journeys.outreach.models import Answer
from journeys.rights.queries import links
from journeys.rights.queries.holdings import ROOTS
from journeys.rights.rules import needles as rules
from portal.kit import valkey
from portal.kit.personal import ERASED, Fate, ImpersonalTable, Needles

_TABLES = """
SELECT c.table_name, c.column_name, c.data_type, coalesce(c.character_maximum_length, 0)
FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
  AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'bytea', 'ARRAY',
                      'inet', 'USER-DEFINED')
ORDER BY c.table_name, c.ordinal_position
"""
_MOST_ROWS = 200
_NO_CHANCE = 6
_BLOCK = 1 << 20
_BODY = re.compile(rb'"body": ?"([A-Za-z0-9+/=]+)"')


@dataclass(frozen=True)
class Column:
    """A column that can hold text or bytes; `length` is 0 where it has no limit."""

    name: str
    data_type: str
    length: int

    @property
    def is_bytes(self) -> bool:
        return self.data_type == "bytea"


@dataclass(frozen=True)
class Place:
    """Where something was found: never what."""

    table: str
    column: str
    row: str


@dataclass
class Report:
    """What a search looked at, and found, after the erasure `since`."""

    since: dt.datetime | None = None
    tables: int = 0
    columns: int = 0
    rows: int = 0
    files: int = 0
    queued: int = 0
    findings: list[Place] = field(default_factory=list)
    shared: list[Place] = field(default_factory=list)
    kept: list[Place] = field(default_factory=list)

    def place_for(self, place: Place) -> list[Place]:
        """This will tell what a find is: kept on purpose, another person's own, or left over."""
        if place.table == ErasedRefusal._meta.db_table:
            return self.kept
        is_anothers = _is_anothers(place) or _came_for_another(place, self.since)
        return self.shared if is_anothers else self.findings


def all_tables() -> dict[str, list[Column]]:
    """This will ask the database for every table with the columns that can hold text or bytes."""
    found: dict[str, list[Column]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for table, *column in cursor.fetchall():
            found.setdefault(table, []).append(Column(*column))
    return found


def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


@dataclass(frozen=True)
class Look:
    """One reading of a table: in every one of `columns` for what identifies a person alone, and in
    the `nameable` ones for names too; of the rows `pks` alone where they are given."""

    table: str
    columns: Sequence[Column]
    nameable: Sequence[Column] = ()
    pks: Sequence[Any] | None = None

    def conditions(self, secrets: int) -> list[str]:
        """The condition of each column, in order."""
        return [
            _bytes_hold(_quoted(column), secrets)
            if column.is_bytes
            else f"{_text(column)} ~ {'%(named)s' if column in self.nameable else '%(alone)s'}"
            for column in self.columns
        ]

    def quick(self, secrets: int) -> str:
        """A condition that every row meets which meets one of the exact ones: all texts of a row
        are read at once, by a pattern without regard to whole words, and all bytes at once."""
        texts = [_text(column) for column in self.columns if not column.is_bytes]
        held = [f"coalesce({_quoted(column)}, '')" for column in self.columns if column.is_bytes]
        parts = [f"concat_ws(chr(1), {', '.join(texts)}) ~ %(quick)s"] if texts else []
        parts += [_bytes_hold(f"({' || '.join(held)})", secrets)] if held else []
        return " OR ".join(parts) or "false"


def _quoted(column: Column) -> str:
    return connection.ops.quote_name(column.name)


def _text(column: Column) -> str:
    is_text = column.data_type in ("text", "character varying")
    return _quoted(column) if is_text else f"{_quoted(column)}::text"


def _bytes_hold(value: str, secrets: int) -> str:
    found = [f"position(%(secret{place})s IN {value}) > 0" for place in range(secrets)]
    return f"({' OR '.join(found) or 'false'})"


def look(asked: Look, needles: Needles) -> tuple[int, list[Place]]:
    """This will read a table once; return how many rows were read, and the places that hold
    something (of the first 200 rows)."""
    model = _models().get(asked.table)
    key = connection.ops.quote_name(str(model._meta.pk.column)) if model else "ctid"
    named = needles.alone + needles.names + needles.shown
    values, secrets = _values(asked, needles, named)
    quoted, conditions = connection.ops.quote_name(asked.table), asked.conditions(secrets)
    exact = " OR ".join(conditions) or "false"
    where = f"WHERE {key} = ANY(%(pks)s)" if asked.pks is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), (array_agg({key}::text) FILTER"
            f" (WHERE ({asked.quick(secrets)}) AND ({exact})))[1:{_MOST_ROWS}]"
            f" FROM {quoted} {where}",
            values,
        )
        rows, keys = cursor.fetchone()
        if not keys:
            return rows, []
        listed = ", ".join(f"coalesce({one}, false)" for one in conditions)
        cursor.execute(
            f"SELECT {key}::text, ARRAY[{listed}] FROM {quoted} WHERE {key}::text = ANY(%(keys)s)",
            {**values, "keys": keys},
        )
        return rows, [
            Place(asked.table, column.name, row)
            for row, found in cursor.fetchall()
            for column, is_here in zip(asked.columns, found, strict=True)
            if is_here
        ]


def count_rows(asked: Look, needles: Needles) -> int:
    """This will count the rows of a table that hold something, in one reading."""
    values, secrets = _values(asked, needles, needles.alone + needles.names + needles.shown)
    exact = " OR ".join(asked.conditions(secrets)) or "false"
    table = connection.ops.quote_name(asked.table)
    with connection.cursor() as cursor:
        # In this order: the exact patterns are slow, and few rows need them.
        cursor.execute(
            f"SELECT count(*) FROM {table}"
            f" WHERE CASE WHEN {asked.quick(secrets)} THEN {exact} ELSE false END",
            values,
        )
        return int(cursor.fetchone()[0])


def _values(asked: Look, needles: Needles, named: tuple[str, ...]) -> tuple[dict[str, Any], int]:
    """The values of the statement, and how many byte strings are among them: what was put into a
    column of bytes without being sealed is one too, where it is too long to stand there by
    chance."""
    clear = [text.encode() for text in needles.alone if len(text) >= _NO_CHANCE]
    secrets = [*needles.secrets, *clear]
    texts = named if asked.nameable else needles.alone
    return {
        # A pattern that nothing matches, where there is no text to look for.
        "alone": rules.pattern_of(needles.alone) or "(?!)",
        "named": rules.pattern_of(named) or "(?!)",
        "quick": rules.quick_pattern_of(texts) or "(?!)",
        "pks": asked.pks,
        **{f"secret{place}": secret for place, secret in enumerate(secrets)},
    }, len(secrets)


def look_at_rows(pks: dict[type[models.Model], list[Any]], needles: Needles) -> Report:
    """This will search a person's own rows for everything, masks and pinyin included."""
    report, tables = Report(), all_tables()
    for model, keys in pks.items():
        columns = tables.get(model._meta.db_table, [])
        rows, places = look(Look(model._meta.db_table, columns, columns, keys), needles)
        report.tables += 1
        report.columns += len(columns)
        report.rows += rows
        report.findings += places
    return report


def look_everywhere(needles: Needles, since: dt.datetime | None = None) -> Report:
    """This will search every row of every table, the files below `var/` and the queue.

    What identifies a person alone is looked for everywhere; a name, which others may bear, where
    rows belong to nobody. A value that another person has as the own one is told apart, or with
    which somebody wrote after the erasure (`since`); and so is what is kept, the hashes of phone,
    ID number and e-mail of a person who refused.
    """
    needles = replace(needles, shown=())
    report, shortest = Report(since), rules.shortest_of(needles)
    for table, columns in all_tables().items():
        nameable = _nameable(table, columns)
        # A column that is too short for what is looked for needs no reading.
        long = [
            column for column in columns if column in nameable or not 0 < column.length < shortest
        ]
        rows, places = look(Look(table, long, nameable), needles)
        for place in places:
            report.place_for(place).append(place)
        report.tables += 1
        report.columns += len(columns)
        report.rows += rows
    report.files, in_files = look_at_files(needles)
    report.queued, in_queue = look_at_queue(needles)
    report.findings += [*in_files, *in_queue]
    return report


def _nameable(table: str, columns: list[Column]) -> list[Column]:
    """Columns in which a name is looked for: of rows that belong to nobody, those from which names
    are cut; of models that nobody declared, all."""
    model = _models().get(table)
    declared = links.declared(model) if model else None
    if model is None or isinstance(declared, ImpersonalTable) or _is_owned(model):
        return []
    if declared is None:
        return columns
    cleaned = {
        model._meta.get_field(name).column  # type: ignore[union-attr]
        for name, fate in declared.columns.items()
        if fate.fate is Fate.CLEAN
    }
    return [column for column in columns if column.name in cleaned]


def _is_owned(model: type[models.Model]) -> bool:
    return any(link.model is model for root in ROOTS for link in links.links_to(root))


def _is_anothers(place: Place) -> bool:
    """Whether it is the blind index of a customer or lead, or a hash by which the gate knows a
    phone, ID number or e-mail: that person's own. The person's own rows have none any more, as
    the search of the rows showed."""
    tables = {root._meta.db_table for root in ROOTS}
    return place.table in tables and place.column.endswith(("_index", *HASH_OF.values()))


def _came_for_another(place: Place, since: dt.datetime | None) -> bool:
    """Whether it is the index or hash beside what came back from another living customer, or from
    the same phone after the erasure, which took all that nobody had till then."""
    if (place.table, place.column) == (BadAddress._meta.db_table, "address_index"):
        rows: Any = BadAddress.objects.filter(pk=place.row)
        return bool(rows.exclude(customer__name=ERASED).exists())
    if (place.table, place.column) == (Answer._meta.db_table, "callee"):
        rows = Answer.objects.filter(pk=place.row)
        is_later = Q(customer=None, at__gte=since) if since else Q(pk__in=[])
        living = Q(customer__isnull=False) & ~Q(customer__name=ERASED)
        return bool(rows.filter(living | is_later).exists())
    return False


def look_at_files(needles: Needles) -> tuple[int, list[Place]]:
    """This will search uploaded files, files of bad rows and workbooks for what identifies a
    person alone; return how many were read, and which hold something."""
    wanted = [
        text.encode(coding)
        for text in needles.alone
        for coding in ("utf-8", "gb18030", "utf-16-le")
    ]
    paths = [
        path
        for folder in ("uploads", "imports", "copies")
        for path in sorted((settings.VAR_DIR / folder).rglob("*"))
        if path.is_file()
    ]
    return len(paths), [
        Place(path.parent.name, "file", path.name) for path in paths if _holds(path, wanted)
    ]


def _holds(path: Path, wanted: list[bytes]) -> bool:
    """Whether a file, or a part of a workbook, holds one of the byte strings. One that vanishes
    meanwhile holds nothing."""
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as handle:
                return _stream_holds(handle, wanted)
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                with book.open(name) as handle:
                    if _stream_holds(handle, wanted):
                        return True
            return False
    except (OSError, zipfile.BadZipFile):
        return False


def _stream_holds(handle: Any, wanted: list[bytes]) -> bool:
    overlap, kept = max((len(one) for one in wanted), default=0), b""
    while block := handle.read(_BLOCK):
        block = kept + block
        if any(one in block for one in wanted):
            return True
        kept = block[-overlap:] if overlap else b""
    return False


def look_at_queue(needles: Needles) -> tuple[int, list[Place]]:
    """This will search what lies in Valkey: tasks that wait or are held, rates, what is cached."""
    wanted, looked, found = [text.encode() for text in needles.alone], 0, []
    with valkey.connect(as_bytes=True) as client:
        for key in client.scan_iter(count=500):
            for entry in [key, *_entries(client, key)]:
                looked += 1
                if any(one in text for text in _readings(entry) for one in wanted):
                    found.append(Place("queue", "entry", key.decode("utf-8", "replace")[:80]))
    return looked, found


def _readings(entry: bytes) -> Iterator[bytes]:
    """An entry as it stands, and the bodies of tasks in it, which lie there in base 64."""
    yield entry
    for body in _BODY.findall(entry):
        with contextlib.suppress(ValueError):
            yield base64.b64decode(body, validate=True)


def _entries(client: redis.Redis, key: bytes) -> list[bytes]:
    kind = client.type(key)
    reads: dict[Any, Any] = {
        b"string": lambda: [client.get(key) or b""],
        b"list": lambda: client.lrange(key, 0, -1),
        b"hash": lambda: list(client.hgetall(key).values()),
        b"set": lambda: list(client.smembers(key)),
        b"zset": lambda: client.zrange(key, 0, -1),
    }
    return reads[kind]() if kind in reads else []
