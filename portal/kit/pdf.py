"""A table as a PDF, without any font file: readers show Chinese by a font of their own, which the
standard names (Adobe-GB1, PDF 32000-1, 9.7.5.2)."""

import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_WIDE, _HIGH, _EDGE = 842, 595, 36  # A4 upright on its side, in points
_STEP, _SIZE, _TITLE = 15, 9, 14
_FONT = """<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H
/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light
/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 0 >> /DW 1000 /W [1 95 500]
/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6
/FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -254 /CapHeight 737 /StemV 93 >>
>>] >>"""


@dataclass(frozen=True)
class Table:
    """What a PDF shows: a title, lines below it, and a table whose widths are shares of the page;
    all columns but the first are figures. `foot` stands on each page."""

    title: str
    facts: Sequence[str]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    foot: str = ""


def write(tables: Sequence[Table]) -> bytes:
    """This will write tables to a PDF, each from a new page on."""
    pages = [page for table in tables for page in _pages(table)]
    count = len(pages)
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids ["
        f"{' '.join(f'{4 + 2 * place} 0 R' for place in range(count))}] >>".encode(),
        _FONT.encode(),
    ]
    for place, page in enumerate(pages):
        drawn = zlib.compress("\n".join([*page, _number(place + 1, count)]).encode())
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDE} {_HIGH}]"
            f" /Resources << /Font << /F 3 0 R >> >> /Contents {5 + 2 * place} 0 R >>".encode()
        )
        bodies.append(
            f"<< /Length {len(drawn)} /Filter /FlateDecode >>\nstream\n".encode()
            + drawn
            + b"\nendstream"
        )
    return _file(bodies)


def _file(bodies: Sequence[bytes]) -> bytes:
    """The objects in their order, and where each of them begins."""
    text = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(text))
        text += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    listed = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{listed}"
        f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    )
    return text + end.encode()


def _pages(table: Table) -> Iterator[list[str]]:
    """The drawing of each page: as many rows as fit, the heading above them each time."""
    top = _HIGH - _EDGE - _TITLE
    drawn = [_text(_EDGE, top, table.title, _TITLE)]
    for fact in table.facts:
        top -= _STEP
        drawn.append(_text(_EDGE, top, _cut(fact, _WIDE - 2 * _EDGE)))
    top -= _STEP
    drawn += _row(table, top, table.head)
    for row in table.rows:
        top -= _STEP
        if top < _EDGE + _STEP:
            yield [*drawn, _text(_EDGE, _EDGE - _STEP, table.foot)]
            top = _HIGH - _EDGE - _STEP
            drawn = _row(table, top, table.head)
            top -= _STEP
        drawn += _row(table, top, row)
    yield [*drawn, _text(_EDGE, _EDGE - _STEP, table.foot)]


def _row(table: Table, top: float, cells: Sequence[str]) -> list[str]:
    whole, left = sum(table.widths), float(_EDGE)
    drawn = [f"0.8 G 0.5 w {_EDGE} {top - 4:.1f} m {_WIDE - _EDGE} {top - 4:.1f} l S"]
    for place, (cell, width) in enumerate(zip(cells, table.widths, strict=True)):
        room = (_WIDE - 2 * _EDGE) * width / whole
        shown = _cut(cell, room - 4)
        at = left if place == 0 else left + room - 4 - _width(shown)
        drawn.append(_text(at, top, shown))
        left += room
    return drawn


def _number(number: int, count: int) -> str:
    shown = f"{number} / {count}"
    return _text(_WIDE - _EDGE - _width(shown), _EDGE - _STEP, shown)


def _width(text: str) -> float:
    wide = sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)
    return wide * _SIZE / 2


def _cut(text: str, room: float) -> str:
    """A text as far as there is room for it."""
    if _width(text) <= room:
        return text
    while text and _width(f"{text}…") > room:
        text = text[:-1]
    return f"{text}…"


def _text(left: float, top: float, text: str, size: int = _SIZE) -> str:
    signs = "".join(sign if ord(sign) < 0x10000 else "〓" for sign in text)
    coded = signs.encode("utf-16-be").hex()
    return f"BT 0 g /F {size} Tf {left:.1f} {top:.1f} Td <{coded}> Tj ET"
