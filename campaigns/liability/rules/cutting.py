"""Days as cells of branch and tier, and the days of a back-test that tell of what was wanted."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from campaigns.liability.rules.fitting import Floats
from campaigns.liability.rules.rooms import Room, Worth


@dataclass(frozen=True)
class Cells:
    """What was granted (CNY) on each day from `first` on, by `branches` and tiers."""

    first: dt.date
    branches: tuple[int, ...]
    amounts: Floats

    def before(self, day: dt.date) -> "Cells":
        """This will leave out the days from `day` on."""
        count = max((day - self.first).days, 0)
        return Cells(self.first, self.branches, self.amounts[:count])


def cells_of(
    rows: Iterable[tuple[dt.date, int, str, float]],
    *,
    first: dt.date,
    end: dt.date,
    tiers: Sequence[str],
) -> Cells:
    """This will put rows of day, branch, tier and amount into cells; days without a row granted
    nothing. Tiers that are not named are left out, and days outside the span."""
    places = {code: place for place, code in enumerate(tiers)}
    kept = [row for row in rows if first <= row[0] < end and row[2] in places]
    branches = tuple(sorted({row[1] for row in kept}))
    columns = {branch: place for place, branch in enumerate(branches)}
    amounts = np.zeros((max((end - first).days, 0), len(branches), len(tiers)))
    for day, branch, tier, amount in kept:
        amounts[(day - first).days, columns[branch], places[tier]] += amount
    return Cells(first, branches, np.maximum(amounts, 0.0))


def before_the_end(cells: Cells, room: Room, worth: Worth) -> Cells:
    """This will leave out the days from the one on which a limit ended that does not come back:
    these tell of the limit, not of what was wanted. `room` is what was left after all of them."""
    ended = [
        cells.amounts[:, :, place].sum(axis=1)
        for place, (left, value) in enumerate(zip(room.tiers, worth.tiers, strict=True))
        if left < value
    ]
    ended += [cells.amounts[:, marks].sum(axis=(1, 2)) for marks, left in room.branches
              if left < worth.least]  # fmt: skip
    if room.whole < worth.least:
        ended.append(cells.amounts.sum(axis=(1, 2)))
    lasts = [int(np.flatnonzero(used)[-1]) for used in ended if used.any()]
    if not lasts:
        return cells
    return cells.before(cells.first + dt.timedelta(days=min(lasts)))
