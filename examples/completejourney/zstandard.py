"""Zstandard frames, unpacked in plain Python: enough for the few kilobytes of the data's columns.

After RFC 8878. Slow and small; what is no whole frame raises `Broken`. No checksum is looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MAGIC = 0xFD2FB528
_RAW, _RUN, _PACKED = 0, 1, 2
_TREELESS = 3


class Broken(Exception):
    """Raised where bytes are no Zstandard frame."""


# --- bits ---------------------------------------------------------------------------------------
class _Forward:
    """Reads bits from the first byte on, the lowest first."""

    def __init__(self, data: bytes) -> None:
        self.value, self.place = int.from_bytes(data, "little"), 0

    def read(self, count: int) -> int:
        found = (self.value >> self.place) & ((1 << count) - 1)
        self.place += count
        return found


class _Backward:
    """Reads bits from the last byte back, behind the bit that marks the end; past the beginning
    there are zeros."""

    def __init__(self, data: bytes) -> None:
        if not data or not data[-1]:
            raise Broken("a stream of bits has no end")
        self.value = int.from_bytes(data, "little")
        self.left = self.value.bit_length() - 1

    def peek(self, count: int) -> int:
        shift = self.left - count
        found = self.value >> shift if shift >= 0 else self.value << -shift
        return found & ((1 << count) - 1)

    def read(self, count: int) -> int:
        found = self.peek(count)
        self.left -= count
        return found


# --- tables of states (FSE) ---------------------------------------------------------------------
@dataclass(frozen=True)
class _States:
    """For each state its symbol, how many bits lead on, and from where."""

    accuracy: int
    symbols: Sequence[int]
    bits: Sequence[int]
    bases: Sequence[int]

    def onward(self, state: int, stream: _Backward) -> int:
        return self.bases[state] + stream.read(self.bits[state])


def _states(chances: Sequence[int], accuracy: int) -> _States:
    size = 1 << accuracy
    symbols, high = [0] * size, size
    following = {symbol: abs(chance) for symbol, chance in enumerate(chances) if chance}
    for symbol, chance in enumerate(chances):
        if chance == -1:
            high -= 1
            symbols[high] = symbol
    place, step = 0, (size >> 1) + (size >> 3) + 3
    for symbol, chance in enumerate(chances):
        for _each in range(max(chance, 0)):
            symbols[place] = symbol
            place = (place + step) & (size - 1)
            while place >= high:
                place = (place + step) & (size - 1)
    bits, bases = [], []
    for symbol in symbols:
        now = following[symbol]
        following[symbol] += 1
        count = accuracy - (now.bit_length() - 1)
        bits.append(count)
        bases.append((now << count) - size)
    return _States(accuracy, symbols, bits, bases)


def _one_state(symbol: int) -> _States:
    return _States(0, [symbol], [0], [0])


def _read_states(data: bytes) -> tuple[_States, int]:
    """A table that is described in front of what it is for, and how many bytes say it."""
    stream = _Forward(data)
    accuracy = stream.read(4) + 5
    left, chances = 1 << accuracy, []
    while left > 0:
        chance = _read_chance(stream, left)
        left -= abs(chance)
        chances.append(chance)
        more = 3 if chance == 0 else 0
        while more == 3:
            more = stream.read(2)
            chances += [0] * more
    return _states(chances, accuracy), (stream.place + 7) // 8


def _read_chance(stream: _Forward, left: int) -> int:
    count = (left + 1).bit_length()
    found, lower = stream.read(count), (1 << (count - 1)) - 1
    spare = (1 << count) - 1 - (left + 1)
    if found & lower < spare:
        stream.place -= 1
        return (found & lower) - 1
    return (found - spare if found > lower else found) - 1


# --- literals (Huffman) -------------------------------------------------------------------------
@dataclass(frozen=True)
class _Tree:
    """What the next `most` bits say: a symbol, and how many of them were its own."""

    most: int
    found: Sequence[tuple[int, int]]

    def read(self, data: bytes, count: int) -> bytes:
        stream, out = _Backward(data), bytearray()
        for _each in range(count):
            symbol, bits = self.found[stream.peek(self.most)]
            stream.left -= bits
            out.append(symbol)
        return bytes(out)


def _read_tree(data: bytes) -> tuple[_Tree, int]:
    head = data[0]
    if head >= 128:
        count, used = head - 127, 1 + (head - 126) // 2
        weights = [(data[1 + n // 2] >> (4 if n % 2 == 0 else 0)) & 15 for n in range(count)]
    else:
        used, weights = 1 + head, list(_weights(data[1 : 1 + head]))
    filled = sum(1 << (weight - 1) for weight in weights if weight)
    most = filled.bit_length()
    weights.append(((1 << most) - filled).bit_length())
    found = [
        (symbol, most + 1 - weight)
        for weight in range(1, most + 1)
        for symbol, own in enumerate(weights)
        if own == weight
        for _each in range(1 << (weight - 1))
    ]
    return _Tree(most, found), used


def _weights(data: bytes) -> Iterator[int]:
    """Two states in turn, until the bits are used up."""
    table, used = _read_states(data)
    stream = _Backward(data[used:])
    now, other = stream.read(table.accuracy), stream.read(table.accuracy)
    while True:
        yield table.symbols[now]
        now = table.onward(now, stream)
        if stream.left < 0:
            yield table.symbols[other]
            return
        now, other = other, now


_STREAMS = {0: (1, 10, 3), 1: (4, 10, 3), 2: (4, 14, 4), 3: (4, 18, 5)}


def _read_literals(data: bytes, tree: _Tree | None) -> tuple[bytes, int, _Tree | None]:
    """The literals of a block, how many bytes say them, and the tree that holds from here."""
    kind, form = data[0] & 3, (data[0] >> 2) & 3
    if kind in (_RAW, _RUN):
        shift, used = {0: (3, 1), 2: (3, 1), 1: (4, 2), 3: (4, 3)}[form]
        size = int.from_bytes(data[:used], "little") >> shift
        if kind == _RUN:
            return data[used : used + 1] * size, used + 1, tree
        return data[used : used + size], used + size, tree
    streams, bits, used = _STREAMS[form]
    head = int.from_bytes(data[:used], "little") >> 4
    size, packed = head & ((1 << bits) - 1), (head >> bits) & ((1 << bits) - 1)
    body, end = data[used : used + packed], used + packed
    if kind != _TREELESS:
        tree, of_tree = _read_tree(body)
        body = body[of_tree:]
    if tree is None:
        raise Broken("literals come without their tree")
    if streams == 1:
        return tree.read(body, size), end, tree
    ends = [6]
    for n in range(3):
        ends.append(ends[-1] + int.from_bytes(body[2 * n : 2 * n + 2], "little"))
    part = (size + 3) // 4
    parts = [tree.read(body[ends[n] : ends[n + 1]], part) for n in range(3)]
    return b"".join([*parts, tree.read(body[ends[3] :], size - 3 * part)]), end, tree


# --- sequences ----------------------------------------------------------------------------------
def _codes(first: int, plain: int, bits: Sequence[int]) -> list[tuple[int, int]]:
    """For each code of a length where it begins and how many bits follow."""
    found = [(first + n, 0) for n in range(plain)]
    base = first + plain
    for count in bits:
        found.append((base, count))
        base += 1 << count
    return found


_LITERAL_CODES = _codes(0, 16, (1, 1, 1, 1, 2, 2, 3, 3, 4, 6, *range(7, 17)))
_MATCH_CODES = _codes(3, 32, (1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, *range(7, 17)))
_USUAL = (
    _states([4, 3, *[2] * 11, 1, 1, 1, *[2] * 9, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1], 6),
    _states([*[1] * 6, 2, 2, 2, *[1] * 15, *[-1] * 5], 5),
    _states([1, 4, 3, *[2] * 6, *[1] * 37, *[-1] * 7], 6),
)


def _read_tables(
    data: bytes, place: int, before: Sequence[_States]
) -> tuple[tuple[_States, ...], int]:
    """The tables of literal lengths, offsets and match lengths, and where they end."""
    modes, tables = data[place], []
    place += 1
    for number, shift in enumerate((6, 4, 2)):
        mode = (modes >> shift) & 3
        if mode == 1:
            tables.append(_one_state(data[place]))
            place += 1
        elif mode == 2:
            table, used = _read_states(data[place:])
            tables.append(table)
            place += used
        else:
            tables.append(before[number] if mode == 3 else _USUAL[number])
    return tuple(tables), place


def _count(data: bytes) -> tuple[int, int]:
    """How many sequences follow, and where."""
    head = data[0]
    if head < 128:
        return head, 1
    if head < 255:
        return ((head - 128) << 8) + data[1], 2
    return data[1] + (data[2] << 8) + 0x7F00, 3


class _Frame:
    """What goes on from block to block."""

    def __init__(self) -> None:
        self.out = bytearray()
        self.tree: _Tree | None = None
        self.tables: tuple[_States, ...] = _USUAL
        self.recent = [1, 4, 8]

    def block(self, data: bytes) -> None:
        """This will unpack a block."""
        literals, used, self.tree = _read_literals(data, self.tree)
        count, start = _count(data[used:])
        if count:
            self.tables, end = _read_tables(data, used + start, self.tables)
            place = self._sequences(literals, count, _Backward(data[end:]))
            literals = literals[place:]
        self.out += literals

    def _sequences(self, literals: bytes, count: int, stream: _Backward) -> int:
        lengths, offsets, matches = self.tables
        at = [stream.read(table.accuracy) for table in self.tables]
        place = 0
        for number in range(count):
            code = offsets.symbols[at[1]]
            offset = (1 << code) + stream.read(code)
            base, bits = _MATCH_CODES[matches.symbols[at[2]]]
            match = base + stream.read(bits)
            base, bits = _LITERAL_CODES[lengths.symbols[at[0]]]
            own = base + stream.read(bits)
            self.out += literals[place : place + own]
            place += own
            self._copy(self._offset(offset, own), match)
            if number + 1 < count:
                at[0] = lengths.onward(at[0], stream)
                at[2] = matches.onward(at[2], stream)
                at[1] = offsets.onward(at[1], stream)
        return place

    def _offset(self, value: int, own: int) -> int:
        """How far back a match lies; small values name one of the last three."""
        first, second, third = self.recent
        if value > 3:
            self.recent = [value - 3, first, second]
            return value - 3
        which = value - 1 + (own == 0)
        found = (first, second, third, first - 1)[which]
        if which:
            self.recent = [found, first, third if which == 1 else second]
        return found

    def _copy(self, offset: int, count: int) -> None:
        if not 0 < offset <= len(self.out):
            raise Broken("a match lies before the beginning")
        for _each in range(count):
            self.out.append(self.out[-offset])


def unpack(data: bytes) -> bytes:
    """This will return what a frame holds. Raises Broken."""
    try:
        return _unpack(data)
    except (IndexError, KeyError) as short:
        raise Broken("the frame ends too early, or is none") from short


def _unpack(data: bytes) -> bytes:
    if int.from_bytes(data[:4], "little") != _MAGIC:
        raise Broken("this is no Zstandard frame")
    head = data[4]
    is_single = head >> 5 & 1
    place = 5 + (1 - is_single) + (0, 1, 2, 4)[head & 3]
    place += (is_single, 2, 4, 8)[head >> 6]
    frame, is_last = _Frame(), False
    while not is_last:
        raw = int.from_bytes(data[place : place + 3], "little")
        is_last, kind, size = bool(raw & 1), raw >> 1 & 3, raw >> 3
        place += 3
        if kind == _RUN:
            frame.out += data[place : place + 1] * size
            place += 1
            continue
        body = data[place : place + size]
        if len(body) != size:
            raise Broken("the frame ends too early")
        if kind == _PACKED:
            frame.block(body)
        else:
            frame.out += body
        place += size
    return bytes(frame.out)
