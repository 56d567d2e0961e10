"""A tier that is given for each person whom a customer brought."""

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

    def as_data(self) -> dict[str, Any]:
        """This will write it as the field of a tier."""
        return {"for_each": {"most": self.most, **self.persons.as_fields()}}


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
