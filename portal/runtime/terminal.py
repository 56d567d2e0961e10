"""What the runner shows: steps with a moving bar on a terminal, plain lines elsewhere."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_WIDTH = 24


class Refused(Exception):
    """Raised where something cannot be done; the text says what is wrong and what to do."""


class Interrupted(Exception):
    """Raised where the person asked to stop (Ctrl-C, SIGTERM) while something was under way."""


def say(text: str) -> None:
    """This will show a line at once."""
    print(text, flush=True)


class Steps:
    """Shows a known number of steps, each with the time it took."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._moving = sys.stdout.isatty()

    @contextmanager
    def step(self, text: str, *, speaks: bool = False) -> Iterator[None]:
        """This will show `text` while the work inside goes on; `speaks` where the work itself
        writes lines, so that none of ours moves between them."""
        start = time.monotonic()
        finished = threading.Event()
        painter = None
        if self._moving and not speaks:
            painter = threading.Thread(target=self._paint, args=(text, start, finished))
            painter.start()
        else:
            say(f"[{self.done + 1}/{self.total}] {text}")
        try:
            yield
        finally:
            finished.set()
            if painter:
                painter.join()
                print(
                    f"\r\033[K{self._bar(1)} {text} ({time.monotonic() - start:.1f} s)", flush=True
                )
            self.done += 1

    def skip(self) -> None:
        """This will count a step that has nothing to do."""
        self.done += 1

    def _bar(self, ahead: int = 0) -> str:
        full = _WIDTH * (self.done + ahead) // self.total
        return f"[{'#' * full}{'.' * (_WIDTH - full)}]"

    def _paint(self, text: str, start: float, finished: threading.Event) -> None:
        while True:
            passed = time.monotonic() - start
            print(f"\r\033[K{self._bar()} {text} ... {passed:.0f} s", end="", flush=True)
            if finished.wait(0.2):
                return
