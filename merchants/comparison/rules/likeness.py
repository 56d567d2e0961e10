"""Which merchants are like one another, and what to say of those that are not."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from merchants.comparison.enums import Likeness
from merchants.directory.enums import CitySize, Scenario


@dataclass(frozen=True)
class Shop:
    """What decides whether two merchants are compared: category code, scenario, and the size of
    the city, None where no place is known."""

    name: Any
    mcc: str
    scenario: str
    size: str | None

    @property
    def group(self) -> str:
        """The group of category codes: the scenario, or where that says nothing, the codes that
        begin alike (ISO 18245 keeps trades together so)."""
        return self.mcc[:2] if self.scenario == Scenario.OTHER else self.scenario


def likeness(own: Shop, other: Shop) -> Likeness | None:
    """This will tell how another merchant is like one; None where it is not."""
    if unlike(own, other):
        return None
    return Likeness.SAME_CODE if own.mcc == other.mcc else Likeness.SAME_SCENARIO


def unlike(own: Shop, other: Shop) -> str:
    """This will say why another merchant is not compared; "" where it is."""
    if own.size is None or other.size is None:
        nameless = own if own.size is None else other
        return _("{name} has no place: without its city nobody can be told to be like it.").format(
            name=nameless.name
        )
    if own.scenario != other.scenario:
        return _("{other} is of {there}, {own} of {here}: they are not compared.").format(
            other=other.name, own=own.name, there=Scenario(other.scenario).label,
            here=Scenario(own.scenario).label,
        )  # fmt: skip
    if own.group != other.group:
        return _(
            "{other} ({there}) and {own} ({here}) are of different trades: they are not compared."
        ).format(other=other.name, own=own.name, there=other.mcc, here=own.mcc)
    if own.size != other.size:
        return _(
            "{other} is in a city of another size ({there}) than {own} ({here}): they are not "
            "compared."
        ).format(
            other=other.name, own=own.name, there=CitySize(other.size).label,
            here=CitySize(own.size).label,
        )  # fmt: skip
    return ""
