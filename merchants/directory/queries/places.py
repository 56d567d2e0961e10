"""Administrative divisions: their names in full, and those where merchants are."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from merchants.directory.enums import CitySize
from merchants.directory.models import CityTier, Division, Merchant, Store
from merchants.directory.rules import above, city_of, normal_code
from portal.kit import languages
from portal.staff.access import Scope

# Rows that stand for no place of their own.
_NAMELESS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
MOST_FOUND = 30


def full_names(*, codes: Iterable[str]) -> dict[str, str]:
    """This will name divisions with those above them, by their code as it was given:
    浙江省杭州市西湖区, or Xihu, Hangzhou, Zhejiang. What is no division is left out."""
    english = languages.reads_english()
    return {code: _joined(line, english=english) for code, line in _lines_of(codes).items()}


def division_names(*, codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """This will name divisions in the same way in Chinese and in English."""
    return {
        code: (_joined(line, english=False), _joined(line, english=True))
        for code, line in _lines_of(codes).items()
    }


def _lines_of(codes: Iterable[str]) -> dict[str, list[Division]]:
    """Divisions with those above them, the highest first."""
    asked = {code: above(normal_code(code)) for code in codes if code}
    wanted = {one for line in asked.values() for one in line}
    known = {row.code: row for row in Division.objects.filter(code__in=wanted)}
    return {
        code: [known[one] for one in line if one in known]
        for code, line in asked.items()
        if line and line[-1] in known
    }


def _joined(line: Sequence[Division], *, english: bool) -> str:
    named = [row for row in line if row.name not in _NAMELESS]
    if english:
        return ", ".join(row.name_en for row in reversed(named))
    return "".join(row.name for row in named)


def one_division(*, code: str) -> Division | None:
    """This will return the division of a code, or None."""
    return Division.objects.filter(code=normal_code(code)).first()


def city_sizes(*, on: dt.date) -> dict[str, str]:
    """This will return the sizes of cities in force on a day, by their codes of four digits; a
    city that is not named is of another size."""
    rows = CityTier.objects.filter(effective_date__lte=on).order_by("effective_date")
    return dict(rows.values_list("city", "size"))


def size_of(*, code: str, sizes: Mapping[str, str]) -> str | None:
    """This will return the size of the city in which a division lies, by the sizes of a day; None
    where the code names no city."""
    city = city_of(code)
    return sizes.get(city, CitySize.OTHER.value) if city else None


def find_divisions(*, text: str) -> dict[str, str]:
    """This will find a few divisions by the beginning of their code or a part of their name, each
    with its name in full, the larger ones first."""
    text = text.strip()
    if not text:
        return {}
    fits = Q(name__contains=text) | Q(name_en__istartswith=text)
    if text.isascii() and text.isdigit():
        fits = Q(code__startswith=normal_code(text))
    rows = Division.objects.filter(fits).exclude(name__in=_NAMELESS)
    codes = sorted(rows.values_list("code", flat=True), key=lambda code: (len(code), code))
    return full_names(codes=codes[:MOST_FOUND])


def places_in_use(*, scope: Scope) -> list[tuple[str, str]]:
    """This will list the divisions in which merchants of a scope or their stores are, with those
    above them, each below the one that it is in; the names are pushed in by how deep they are."""
    of_scope = Merchant.objects.filter(scope.branches(), merged_into=None)
    codes = set(
        of_scope.exclude(division_code="").values_list("division_code", flat=True).distinct()
    )
    stores = Store.objects.filter(scope.branches("merchant__branch"))
    codes |= set(stores.values_list("division", flat=True).distinct())
    wanted = {one for code in codes for one in above(normal_code(code))}
    rows = Division.objects.filter(code__in=wanted).order_by("code")
    return [
        (row.code, "\u3000" * (len(row.code) // 2 - 1) + row.label)
        for row in rows
        if row.name not in _NAMELESS
    ]
