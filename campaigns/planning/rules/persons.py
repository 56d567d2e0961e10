"""A tier that is given for each person whom a customer brought."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from campaigns.conditions.rules.brought import PersonsBrought
from campaigns.planning.rules.reading import Reading

MOST_PERSONS = 100


@dataclass(frozen=True)
class ForEach:
    """One for each of the persons who count, for `most` of them in all."""

    persons: PersonsBrought
    most: int

    def free_places(self, taken: Collection[int]) -> list[int]:
        """This will return the places that are free beside those taken, by whichever tiers of the
        campaign these were: in the whole there are never more than `most`."""
        free = [place for place in range(1, self.most + 1) if place not in taken]
        return free[: max(0, self.most - len(taken))]

    def as_data(self) -> dict[str, Any]:
        """This will write it as the field of a tier."""
        return {"for_each": {"most": self.most, **self.persons.as_fields()}}


def slot_of(code: str, place: int) -> str:
    """This will name the slot of what a tier gives for the person at a place."""
    return f"{code}:{place}"


def place_of(slot: str) -> int | None:
    """This will return the place that a slot names; None where it is for no person."""
    _code, is_placed, place = slot.partition(":")
    return int(place) if is_placed else None


def read_for_each(part: Reading) -> ForEach | None:
    """This will read the field of a tier; what is wrong is noted."""
    if not part.has("for_each"):
        return None
    inner = part.part("for_each")
    if inner is None:
        return None
    most = inner.whole("most", 1, MOST_PERSONS)
    persons = part.condition("for_each", PersonsBrought, besides=("most",))
    return None if most is None or persons is None else ForEach(persons, most)
