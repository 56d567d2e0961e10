"""Looking into a workbook, as a spreadsheet and as the XML that it is."""

import io
import zipfile
from typing import IO, Any

import python_calamine


def sheets_of(file: IO[bytes]) -> dict[str, list[list[Any]]]:
    """Every sheet's rows by the sheet's name, in order."""
    file.seek(0)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read()))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def parts_of(file: IO[bytes]) -> dict[str, str]:
    """The parts of the file as text, by their names."""
    file.seek(0)
    with zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}
