"""When words are a reason, and how long a value stays on the screen."""

from enum import Enum

# Long enough to dial a number or to compare it, short enough for a screen left alone.
SHOWN_SECONDS = 60
# So that a row of one letter is no reason.
_FEWEST_DIFFERENT_SIGNS = 4


class Fault(Enum):
    """Why words are no reason."""

    SHORT = "short"
    REPEATED = "repeated"


def fault_of(words: str, fewest: int) -> Fault | None:
    """This will tell why `words` are no reason: fewer than `fewest` signs, blanks not counted, or
    the same few ones again and again; None where they are one."""
    signs = "".join(words.split())
    if len(signs) < fewest:
        return Fault.SHORT
    return None if len(set(signs)) >= _FEWEST_DIFFERENT_SIGNS else Fault.REPEATED
