"""How long the leads that wait last at the pace at which calls are made."""

from dataclasses import dataclass

# Of fewer calls in the hour no pace is told.
FEWEST_CALLS = 5


@dataclass(frozen=True)
class Pace:
    """So many calls within the last hour, and so many leads that wait."""

    waiting: int
    calls: int

    @property
    def is_told(self) -> bool:
        """Whether enough calls were made to say how long it takes."""
        return self.calls >= FEWEST_CALLS

    @property
    def hours(self) -> float:
        """For how many hours the leads last, each called once."""
        return self.waiting / self.calls if self.calls else 0.0
