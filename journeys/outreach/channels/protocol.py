"""What every channel can do: hand one message over after another, and find one again."""

import time
from dataclasses import dataclass
from typing import Protocol

from journeys.outreach.enums import Found, Result


@dataclass(frozen=True)
class Parcel:
    """A message ready to go. `key` is the same at every try. The destination is in clear and must
    never be logged."""

    key: str
    destination: str
    subject: str
    body: str


@dataclass(frozen=True)
class Outcome:
    """The result of one hand-over, in the gateway's own words where it gave any."""

    result: Result
    detail: str = ""
    reference: str = ""


class Gateway(Protocol):
    """One kept connection to a relay or gateway, closed at the end of a batch run."""

    def hand_over(self, parcel: Parcel) -> Outcome:
        """This will hand one message over and never raise for what a network or gateway does."""

    def find(self, key: str) -> Found:
        """This will ask what became of an earlier hand-over."""

    def close(self) -> None:
        """This will let the connection go."""


class Deadline:
    """The end of one hand-over: every step gets what time is left, `step` seconds at most."""

    def __init__(self, seconds: float, step: float) -> None:
        self._end = time.monotonic() + seconds
        self._step = step

    def left(self) -> float:
        """This will return the seconds for the next step. Raises TimeoutError."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, self._step)
