"""The Complete Journey data, read and replayed without the portal.

The files are Parquet, which `parquet` reads. Without the data, or where it is written another way,
`Unreadable` says what is missing.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from examples.completejourney import parquet, zstandard

CAMPAIGNS, REDEMPTIONS = "campaign_descriptions.parquet", "coupon_redemptions.parquet"


class Unreadable(Exception):
    """Raised where the data is not at hand, or is written in a way that is not read here."""


@dataclass(frozen=True)
class Campaign:
    """A campaign of the data; both days are inside."""

    number: int
    kind: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Redemption:
    """A household redeemed a coupon of a campaign on a day."""

    household: int
    campaign: int
    day: dt.date


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        raise Unreadable(f"{path} is not at hand")
    try:
        yield from parquet.rows(path)
    except (parquet.NotThisWay, zstandard.Broken) as other:
        raise Unreadable(f"{path}: {other}") from other


def campaigns(folder: Path) -> list[Campaign]:
    """This will read the campaigns in the order of their numbers. Raises Unreadable."""
    found = [
        Campaign(
            int(row["campaign_id"]),
            str(row["campaign_type"]),
            row["start_date"].date(),
            row["end_date"].date(),
        )
        for row in _rows(folder / CAMPAIGNS)
    ]
    return sorted(found, key=lambda one: one.number)


def redemptions(folder: Path) -> list[Redemption]:
    """This will read the redemptions, the first first; those of a day in the order of the file.
    Raises Unreadable."""
    found = [
        Redemption(int(row["household_id"]), int(row["campaign_id"]), row["redemption_date"].date())
        for row in _rows(folder / REDEMPTIONS)
    ]
    return sorted(found, key=lambda one: one.day)


def served(come: Iterable[Redemption], *, stock: int) -> list[Redemption]:
    """This will return those who are served of a stock, first come, first served and one each."""
    taken: dict[int, Redemption] = {}
    for one in come:
        if len(taken) < stock:
            taken.setdefault(one.household, one)
    return list(taken.values())
