"""Opening a file of text as it is, or packed with gzip or xz: unpacked while it is read, never
beyond a bound."""

import gzip
import io
import lzma
import zlib
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from portal.intake.rules import FileRefused

PACKED = (".gz", ".xz")
_BLOCK = 1 << 18
_MOST_BYTES = 4 << 30
_MOST_ROWS = 20_000_000
_MOST_MEMORY = 96 << 20


def text_ending(path: Path) -> str:
    """This will return the ending of the text itself: ".csv" of both `a.csv` and `a.csv.xz`."""
    ending = path.suffix.lower()
    return Path(path.stem).suffix.lower() if ending in PACKED else ending


def open_bytes(path: Path) -> BinaryIO:
    """This will open the file; reading raises FileRefused where what is packed is damaged, or
    larger than may be taken in."""
    ending = path.suffix.lower()
    if ending not in PACKED:
        return path.open("rb")
    packed = gzip.GzipFile(path) if ending == ".gz" else _Unpacker(path)
    return io.BufferedReader(_Bounded(packed), _BLOCK)


class _Unpacker(io.RawIOBase):
    """Reads xz; a file that asks for much memory to be unpacked is refused."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._stream = self._fresh()

    @staticmethod
    def _fresh() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY)

    def readable(self) -> bool:
        return True

    def readinto(self, room: "memoryview[int]") -> int:  # type: ignore[override]
        """This will fill `room` with what comes next."""
        while True:
            packed = self._stream.unused_data if self._stream.eof else b""
            if self._stream.eof:
                # Several streams one after the other are one file.
                packed = packed.lstrip(b"\0") or self._file.read(_BLOCK).lstrip(b"\0")
                if not packed:
                    return 0
                self._stream = self._fresh()
            elif self._stream.needs_input:
                packed = self._file.read(_BLOCK)
                if not packed:
                    raise EOFError
            found = self._stream.decompress(packed, len(room))
            if found:
                room[: len(found)] = found
                return len(found)

    def close(self) -> None:
        """This will close the file beneath."""
        self._file.close()
        super().close()


class _Bounded(io.RawIOBase):
    """Passes on what is unpacked, and counts it: a small file may hold a flood."""

    def __init__(self, packed: io.RawIOBase | gzip.GzipFile) -> None:
        self._packed = packed
        self._bytes = self._rows = 0

    def readable(self) -> bool:
        return True

    def readinto(self, room: "memoryview[int]") -> int:  # type: ignore[override]
        """This will fill `room` with what comes next, and raise FileRefused beyond the bound."""
        try:
            count = self._packed.readinto(room) or 0
        except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
            raise FileRefused(
                _("The packed file is damaged or was cut off; pack it or send it again.")
            ) from error
        self._bytes += count
        self._rows += bytes(room[:count]).count(b"\n")
        if self._bytes > _MOST_BYTES or self._rows > _MOST_ROWS:
            raise FileRefused(
                _("Unpacked, the file has more than {rows} rows or {gigabytes} GB; split it.")
                .format(rows=_MOST_ROWS, gigabytes=_MOST_BYTES >> 30)
            )  # fmt: skip
        return count

    def close(self) -> None:
        """This will close the file beneath."""
        self._packed.close()
        super().close()
