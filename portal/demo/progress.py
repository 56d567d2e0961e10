"""Progress of a long piece of work, for a person at a terminal or a reader of a log."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

Row = TypeVar("Row")
_WIDTH = 24
_PAUSE = 0.5  # seconds between two lines of the same step


@dataclass
class Progress:
    """Writes `[#####.......]  42 %  Transactions` as the work goes on.

    `write` takes the text; on a terminal the line is rewritten in place, in a log each step gets
    one line. Steps have weights, their share of the whole work.
    """

    write: Callable[[str], object]
    total: float
    is_terminal: bool = False
    done: float = 0
    _said: float = field(default=0, init=False)

    def watch(
        self, rows: Iterable[Row], label: str, *, expected: int, weight: float
    ) -> Iterator[Row]:
        """This will pass `rows` on and show how far they are; `expected` may be a guess."""
        self._line(label, self.done, end=False)
        for number, row in enumerate(rows, start=1):
            yield row
            if number % 1000 == 0 and time.monotonic() - self._said > _PAUSE:
                self._line(label, self.done + weight * min(1, number / expected), end=False)
        self.step(label, weight=weight)

    def step(self, label: str, *, weight: float) -> None:
        """This will say that a step is done."""
        self.done += weight
        self._line(label, self.done, end=True)

    def _line(self, label: str, done: float, *, end: bool) -> None:
        if not end and not self.is_terminal:
            return
        share = min(1.0, done / self.total)
        filled = round(share * _WIDTH)
        bar = "#" * filled + "." * (_WIDTH - filled)
        start, finish = ("\r\x1b[K", "\n" if end else "") if self.is_terminal else ("", "\n")
        self.write(f"{start}[{bar}] {share:4.0%}  {label}{finish}")
        self._said = time.monotonic()
