"""Pictures of pages for docs/, small: `make test ARGS="tests/browser/test_twenty_calls.py -n0"
PICTURES=docs` takes them anew. Elsewhere nothing is written."""

import os
import struct
import zlib
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

COLOURS = 256
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def keep(page: Page, name: str) -> None:
    """This will take a picture of what a page shows, where somebody asked for pictures."""
    if folder := os.environ.get("PICTURES"):
        (Path(folder) / f"{name}.png").write_bytes(with_palette(page.screenshot()))


def with_palette(picture: bytes) -> bytes:
    """This will return a picture of Chromium with the 256 colours that it has most of; each other
    colour becomes the nearest of those."""
    pixels = _pixels(picture)
    height, width, _channels = pixels.shape
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    colours, places, counts = np.unique(packed, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(counts)[::-1][:COLOURS]]
    apart = (_split(colours)[:, None, :] - _split(palette)[None, :, :]) ** 2
    rows = apart.sum(axis=2).argmin(axis=1)[places].astype(np.uint8).reshape(height, width)
    lines = np.insert(rows, 0, 0, axis=1).tobytes()  # each line by itself: filter 0
    return _SIGNATURE + b"".join(
        [
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", _split(palette).astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _split(packed: np.ndarray) -> np.ndarray:
    return np.stack([packed >> 16 & 255, packed >> 8 & 255, packed & 255], axis=1).astype(np.int64)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pixels(picture: bytes) -> np.ndarray:
    """The red, green and blue of each pixel of a picture with 8 bits for each colour."""
    chunks, place = [], len(_SIGNATURE)
    width, height, _bits, kind = struct.unpack(">IIBB", picture[16:26])
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        if picture[place + 4 : place + 8] == b"IDAT":
            chunks.append(picture[place + 8 : place + 8 + length])
        place += length + 12
    size = {2: 3, 6: 4}[kind]
    lines = np.frombuffer(zlib.decompress(b"".join(chunks)), np.uint8).reshape(height, -1)
    above = np.zeros((width, size), np.int64)
    found = []
    for line in lines:
        above = _unfiltered(int(line[0]), line[1:].reshape(width, size).astype(np.int64), above)
        found.append(above)
    return np.stack(found)[:, :, :3]


def _unfiltered(how: int, line: np.ndarray, above: np.ndarray) -> np.ndarray:
    """A line of a picture without its filter (PNG specification, section 9)."""
    if how < 2:
        return np.cumsum(line, axis=0) % 256 if how else line
    if how == 2:
        return (line + above) % 256
    left = corner = np.zeros(line.shape[1], np.int64)
    found = np.empty_like(line)
    for place, one in enumerate(line):
        over = above[place]
        guess = (left + over) // 2 if how == 3 else _nearest(left, over, corner)
        left, corner = (one + guess) % 256, over
        found[place] = left
    return found


def _nearest(left: np.ndarray, over: np.ndarray, corner: np.ndarray) -> np.ndarray:
    """Whichever of the three is nearest to left + over - corner, the first of two that are."""
    by_left, by_over = abs(over - corner), abs(left - corner)
    by_corner = abs(left + over - 2 * corner)
    is_left = (by_left <= by_over) & (by_left <= by_corner)
    return np.where(is_left, left, np.where(by_over <= by_corner, over, corner))
