"""What a workbook holds that its reader does not tell: damage, cells so far out that the table
would fill the memory, formulas that failed, and sheets beside the first."""

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from portal.intake.rules import FileRefused
from portal.kit import masking

_BLOCK = 1 << 20
_MOST_BYTES = 400 << 20
_MOST_ROWS = 300_000
_MOST_FAILED = 200_000
_NAMED = 5
_WIDE_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"'](?:[B-Z][A-Z]|[A-Z]{3})\d")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d{6,})")
_FAILED_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\bt=[\"']e[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)>")
# A pattern may lie across two blocks.
_OVERLAP = 200

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True)
class Inspection:
    """What was found. `failed` are the cells of the first sheet whose formula failed: by row and
    column, counted from 0, what stands there instead of a value. `others` names the other sheets
    that hold something."""

    failed: dict[int, dict[int, str]]
    others: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences for a person."""
        if not self.others:
            return ()
        names = ", ".join(f"“{masking.mask_text(name)[:40]}”" for name in self.others[:_NAMED])
        if len(self.others) > _NAMED:
            names += ", …"
        return (
            _(
                "Only the first sheet was read; there are cells on others too: {names}. Where rows"
                " stand there, save each sheet as a file of its own."
            ).format(names=names),
        )


@dataclass
class _Seen:
    """What the bytes of one part show."""

    has_values: bool = False
    has_failed: bool = False


def inspect(path: Path) -> Inspection:
    """This will read all parts of a workbook once, which proves their checksums. Raises
    FileRefused, and BadZipFile where it is damaged."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > _MOST_BYTES:
            raise FileRefused(_("The workbook is too large; save it as CSV."))
        # All of them: a sheet may lie elsewhere, and a part may hold more than it declares.
        seen = {}
        for member in members:
            with archive.open(member) as handle:
                seen[member.filename.lower()] = _look_at(handle)
        sheets = _sheets_of(archive)
        parts = {member.filename.lower(): member for member in members}
        failed: dict[int, dict[int, str]] = {}
        if sheets and seen.get(sheets[0][1], _Seen()).has_failed:
            with archive.open(parts[sheets[0][1]]) as handle:
                failed = _failed_cells(handle)
    others = tuple(name for name, part in sheets[1:] if seen.get(part, _Seen()).has_values)
    return Inspection(failed, others)


def _look_at(handle: Any) -> _Seen:
    seen, tail = _Seen(), b""
    while block := handle.read(_BLOCK):
        text = tail + block
        far = _WIDE_CELL.search(text) or any(
            int(number) > _MOST_ROWS for number in _ROW_NUMBER.findall(text)
        )
        if far:
            raise FileRefused(
                _("The workbook has more than {rows} rows or 26 columns; save it as CSV.")
                .format(rows=_MOST_ROWS)
            )  # fmt: skip
        seen.has_values = seen.has_values or bool(_VALUE.search(text))
        seen.has_failed = seen.has_failed or bool(_FAILED_CELL.search(text))
        tail = text[-_OVERLAP:]
    return seen


def _parse(handle: Any, reader: Any) -> None:
    """Lets a reader hear of the elements of one part, block by block."""

    def refuse(*_words: object) -> None:
        raise zipfile.BadZipFile  # no workbook declares a document type or entities

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = getattr(reader, "end", None)
    parser.CharacterDataHandler = getattr(reader, "text", None)
    try:
        while block := handle.read(_BLOCK):
            parser.Parse(block)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise zipfile.BadZipFile from error


@dataclass
class _Elements:
    """The attributes of all elements of one name."""

    wanted: str
    found: list[dict[str, str]] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _plain(name) == self.wanted:
            self.found.append({_plain(key): value for key, value in attributes.items()})


def _plain(name: str) -> str:
    """A name without the prefix of its namespace."""
    return name.rpartition(":")[2]


def _sheets_of(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The names of the sheets, in order, each with the part in which it lies."""
    parts = {name.lower(): name for name in archive.namelist()}
    found = []
    for part, wanted in ((_BOOK, "sheet"), (_RELATIONS, "Relationship")):
        elements = _Elements(wanted)
        if part not in parts:
            raise zipfile.BadZipFile
        with archive.open(parts[part]) as handle:
            _parse(handle, elements)
        found.append(elements.found)
    sheets, relations = found
    targets = {one.get("Id", ""): one.get("Target", "") for one in relations}
    return [(one.get("name", ""), _part_of(targets.get(one.get("id", ""), ""))) for one in sheets]


def _part_of(target: str) -> str:
    """Where the target of a relation lies in the archive; most are told from xl/ on."""
    target = target.replace("\\", "/").lower()
    if target.startswith("/"):
        return target[1:]
    return target if target.startswith("xl/") else str(PurePosixPath("xl", target))


class _FailedCells:
    """Hears a sheet and keeps the cells of the type for errors. Rows and cells may leave out
    their places; then each follows the one before."""

    def __init__(self) -> None:
        self.found: dict[int, dict[int, str]] = {}
        self._row = self._column = -1
        self._is_failed = self._is_value = False
        self._words: list[str] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = _plain(name)
        if name == "row":
            self._row = int(attributes.get("r", self._row + 2)) - 1
            self._column = -1
        elif name == "c":
            place = attributes.get("r", "").rstrip("0123456789")
            self._column = _column_of(place) if place else self._column + 1
            self._is_failed, self._words = attributes.get("t") == "e", []
        self._is_value = self._is_failed and name == "v"

    def text(self, words: str) -> None:
        if self._is_value:
            self._words.append(words)

    def end(self, name: str) -> None:
        self._is_value = False
        if self._is_failed and _plain(name) == "c":
            self._is_failed = False
            self._count += 1
            if self._count > _MOST_FAILED:
                raise FileRefused(
                    _("More than {most} formulas of the workbook failed; open it and mend them.")
                    .format(most=_MOST_FAILED)
                )  # fmt: skip
            words = "".join(self._words).strip() or "#N/A"
            self.found.setdefault(self._row, {})[self._column] = words


def _column_of(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _failed_cells(handle: Any) -> dict[int, dict[int, str]]:
    reader = _FailedCells()
    _parse(handle, reader)
    return reader.found
