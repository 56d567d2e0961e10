"""How well answers did, and which of them can be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from merchants.prospects.rules import Share, places
from portal.kit import fewest


@dataclass(frozen=True)
class Standing:
    """An answer with how often it worked of all the times whose outcome is known, how many are open
    still, and the places between which it stands among those that were tried often enough; (0, 0)
    for one that was not."""

    answer: Any
    share: Share
    open: int
    first: int = 0
    last: int = 0

    @property
    def is_untried(self) -> bool:
        return not self.share.whole

    @property
    def is_few(self) -> bool:
        """This will tell whether it was tried, but too few times to be ranked."""
        return fewest.is_few(self.share.whole)

    @property
    def is_ranked(self) -> bool:
        return self.first > 0

    @property
    def is_certain(self) -> bool:
        return self.is_ranked and self.first == self.last

    @property
    def may_be_best(self) -> bool:
        return self.first == 1


def ranked(counted: Sequence[tuple[Any, Share, int]]) -> list[Standing]:
    """This will give answers, each with its share and how many tries are open, their places: those
    tried too few times get none and push nobody aside, and those whose intervals overlap share
    theirs. What may be best comes first, then by how often it was tried, which is no rank."""
    enough = [share for _answer, share, _open in counted if share.whole >= fewest.FEWEST]
    found = iter(places(enough))
    rows = [
        Standing(answer, share, left, *(next(found) if share.whole >= fewest.FEWEST else (0, 0)))
        for answer, share, left in counted
    ]
    return sorted(rows, key=lambda row: (not row.may_be_best, -row.share.whole))


def is_alone_best(rows: Sequence[Standing]) -> bool:
    """This will tell whether one answer did better than all others for certain, of at least two
    that were tried often enough."""
    known = [row for row in rows if row.is_ranked]
    return len(known) > 1 and any(row.is_certain and row.may_be_best for row in known)
