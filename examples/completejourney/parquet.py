"""Parquet files read in plain Python: flat tables of whole numbers, words and instants, columns of
which are dictionaries, as the Complete Journey data has them. What is written another way raises
`NotThisWay`.

After the format's own description (parquet-format: thrift, encodings).
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from examples.completejourney import zstandard

_INT64, _WORDS = 2, 6
_UNPACKED, _ZSTANDARD = 0, 6
_DATA, _DICTIONARY = 0, 2
_BY_DICTIONARY = {2, 8}
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class NotThisWay(Exception):
    """Raised where a file is written in a way that is not read here."""


class _Thrift:
    """Reads structures of the compact protocol as {number of the field: value}."""

    def __init__(self, data: bytes, place: int = 0) -> None:
        self.data, self.place = data, place

    def byte(self) -> int:
        self.place += 1
        return self.data[self.place - 1]

    def number(self) -> int:
        found = shift = 0
        while True:
            part = self.byte()
            found |= (part & 127) << shift
            shift += 7
            if part < 128:
                return found

    def signed(self) -> int:
        found = self.number()
        return (found >> 1) ^ -(found & 1)

    def take(self, count: int) -> bytes:
        self.place += count
        return self.data[self.place - count : self.place]

    def struct(self) -> dict[int, Any]:
        """This will read a structure."""
        found: dict[int, Any] = {}
        field = 0
        while head := self.byte():
            field = field + (head >> 4) if head >> 4 else self.signed()
            found[field] = self._value(head & 15)
        return found

    def _value(self, kind: int) -> Any:
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            return self.byte()
        if kind in (4, 5, 6):
            return self.signed()
        if kind == 7:
            return self.take(8)
        if kind == 8:
            return self.take(self.number())
        if kind in (9, 10):
            return self._list()
        if kind == 12:
            return self.struct()
        raise NotThisWay(f"a field of the kind {kind}")

    def _list(self) -> list[Any]:
        head = self.byte()
        count = head >> 4 if head >> 4 < 15 else self.number()
        return [self._value(head & 15) for _each in range(count)]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """This will read the rows of a file. Raises NotThisWay."""
    data = path.read_bytes()
    if data[-4:] != b"PAR1":
        raise NotThisWay("this is no Parquet file")
    size = int.from_bytes(data[-8:-4], "little")
    about = _Thrift(data, len(data) - 8 - size).struct()
    fields = [one for one in about[2] if 5 not in one]
    for group in about[4]:
        columns = [
            _column(data, chunk[3], field) for chunk, field in zip(group[1], fields, strict=True)
        ]
        names = [field[4].decode() for field in fields]
        for values in zip(*columns, strict=True):
            yield dict(zip(names, values, strict=True))


def _column(data: bytes, about: dict[int, Any], field: dict[int, Any]) -> list[Any]:
    """The values of a column, None where one is missing."""
    place = min(about[9], about.get(11, about[9]))
    known: list[Any] = []
    found: list[Any] = []
    while len(found) < about[5]:
        thrift = _Thrift(data, place)
        head = thrift.struct()
        place = thrift.place + head[3]
        page = _unpacked(data[thrift.place : place], about[4])
        if head[1] == _DICTIONARY:
            known = _plain(page, head[7][1], field)
        elif head[1] == _DATA and head[5][2] in _BY_DICTIONARY:
            found += _by_dictionary(page, head[5][1], known, is_optional=field.get(3) == 1)
        else:
            raise NotThisWay("a page of another kind")
    return found


def _unpacked(page: bytes, codec: int) -> bytes:
    if codec == _ZSTANDARD:
        return zstandard.unpack(page)
    if codec != _UNPACKED:
        raise NotThisWay(f"packed by the codec {codec}")
    return page


def _plain(page: bytes, count: int, field: dict[int, Any]) -> list[Any]:
    if field[1] == _INT64:
        numbers = [
            int.from_bytes(page[8 * n : 8 * n + 8], "little", signed=True) for n in range(count)
        ]
        return [_instant(number) for number in numbers] if _is_instant(field) else numbers
    if field[1] != _WORDS:
        raise NotThisWay(f"values of the type {field[1]}")
    found, place = [], 0
    for _each in range(count):
        size = int.from_bytes(page[place : place + 4], "little")
        found.append(page[place + 4 : place + 4 + size].decode())
        place += 4 + size
    return found


def _is_instant(field: dict[int, Any]) -> bool:
    """Whether whole numbers are nanoseconds since 1970."""
    instant = field.get(10, {}).get(8)
    if instant is not None and 3 not in instant[2]:
        raise NotThisWay("instants that are not in nanoseconds")
    return instant is not None


def _instant(nanoseconds: int) -> dt.datetime:
    return _EPOCH + dt.timedelta(microseconds=nanoseconds // 1000)


def _by_dictionary(page: bytes, count: int, known: list[Any], *, is_optional: bool) -> list[Any]:
    there, place = [1] * count, 0
    if is_optional:
        size = int.from_bytes(page[:4], "little")
        there, place = _runs(page[4 : 4 + size], 1, count), 4 + size
    places = iter(_runs(page[place + 1 :], page[place], sum(there)))
    return [known[next(places)] if one else None for one in there]


def _runs(data: bytes, width: int, count: int) -> list[int]:
    """Numbers of so many bits, repeated or packed by eights."""
    thrift, found = _Thrift(data), []
    while len(found) < count:
        head = thrift.number()
        if head & 1:
            numbers = int.from_bytes(thrift.take((head >> 1) * width), "little")
            mask = (1 << width) - 1
            found += [(numbers >> (n * width)) & mask for n in range((head >> 1) * 8)]
        else:
            value = int.from_bytes(thrift.take((width + 7) // 8), "little")
            found += [value] * (head >> 1)
    return found[:count]
