"""City tiers by the rank of a city in the country's administration, told from a division code.

Tier 1: the four municipalities directly under the central government; tier 2: the fifteen
sub-provincial cities (list of 1994, of the central commission for establishment, in force);
tier 3: all others. A market's tiers in the press differ from year to year; these do not.
"""

from merchants.allocation.enums import CityTier

_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_SUB_PROVINCIAL = frozenset({
    "2101", "2102", "2201", "2301", "3201", "3301", "3302", "3502", "3701", "3702", "4201",
    "4401", "4403", "5101", "6101",
})  # fmt: skip


def tier_of(division_code: str) -> CityTier:
    """This will return the tier of the city that a division lies in."""
    if division_code[:2] in _MUNICIPALITIES:
        return CityTier.MUNICIPALITY
    if len(division_code) < 4:
        return CityTier.UNKNOWN
    if division_code[:4] in _SUB_PROVINCIAL:
        return CityTier.SUB_PROVINCIAL
    return CityTier.OTHER
