"""Reading plain values field by field: what is wrong is gathered in sentences that name the
place, so that a person mends everything at once."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from campaigns.conditions.rules import base, tree
from portal.kit import days

T = TypeVar("T")
C = TypeVar("C", bound=base.Condition)
_MOST_PARTS = 50


def is_clean(text: str) -> bool:
    """This will tell whether a text can be kept and shown: no control characters, no halves of
    characters."""
    return all(unicodedata.category(sign) not in {"Cc", "Cs"} for sign in text.strip())


class Reading:
    """Reads the fields of one mapping. `place` is where it stands ("rewards.tiers[1]"), empty at
    the top; parts share the list of `problems` with the whole."""

    def __init__(
        self, raw: Mapping[str, Any], place: str = "", problems: list[str] | None = None
    ) -> None:
        self.raw = raw
        self.place = place
        self.problems: list[str] = [] if problems is None else problems

    def at(self, name: str) -> str:
        """This will return the place of a field, as sentences name it."""
        return f"{self.place}.{name}" if self.place else name

    def wrong(self, name: str, problem: str) -> None:
        """This will note what is wrong with a field."""
        self.problems.append(f"{self.at(name)}: {problem}")

    def has(self, name: str) -> bool:
        """This will tell whether a field holds something; an empty list or text is nothing."""
        return self.raw.get(name) not in (None, "", [], {})

    def only(self, *known: str) -> None:
        """This will refuse fields that are not among those `known`."""
        for name in self.raw:
            if name not in known:
                names = ", ".join(known)
                self.wrong(str(name), _("is not a field here; known: {names}").format(names=names))

    # --- words --------------------------------------------------------------------------------
    def words(self, name: str, most: int, *, is_needed: bool = True) -> str:
        """This will read text of at most `most` characters."""
        found = self.raw.get(name)
        if not self.has(name):
            return self._missing(name, "") if is_needed else ""
        if not isinstance(found, str) or not 0 < len(found.strip()) <= most or not is_clean(found):
            self.wrong(name, _("must be text of at most {most} characters").format(most=most))
            return ""
        return found.strip()

    def slug(self, name: str) -> str:
        """This will read a short code."""
        found = self.raw.get(name)
        if found is None:
            return self._missing(name, "")
        text = found if isinstance(found, str) else ""
        plain = text.replace("-", "").replace("_", "")
        if not (plain.isascii() and plain.isalnum() and len(text) <= 40):
            self.wrong(
                name, _("must be of letters, digits, - and _ only, at most {most}").format(most=40)
            )
            return ""
        return text

    def one_of(self, name: str, choices: Sequence[str], *, is_needed: bool = True) -> str:
        """This will read one word out of `choices`."""
        found = self.raw.get(name)
        if found in (None, ""):
            return self._missing(name, "") if is_needed else ""
        # 1.0 without quotes is a number in YAML.
        text = str(found) if isinstance(found, float) else found
        if not isinstance(text, str) or text not in choices:
            self.wrong(name, _("must be one of: {known}").format(known=", ".join(choices)))
            return ""
        return text

    def codes(
        self, name: str, choices: Sequence[str] | None = None, *, is_needed: bool = True
    ) -> tuple[str, ...]:
        """This will read a list of words, each once."""
        found: Any = self.raw.get(name)
        if not self.has(name):
            return self._missing(name, ()) if is_needed else ()
        fits = isinstance(found, list) and all(
            isinstance(one, str) and one and is_clean(one) for one in found
        )
        if not fits or len(set(found)) != len(found):
            self.wrong(name, _("must be a list of words, each once"))
            return ()
        if choices is not None and not set(found) <= set(choices):
            self.wrong(name, _("must be one of: {known}").format(known=", ".join(choices)))
            return ()
        return tuple(found)

    # --- figures and days ---------------------------------------------------------------------
    def day(self, name: str, *, is_needed: bool = True) -> dt.date | None:
        """This will read a day."""
        found = self.raw.get(name)
        if found in (None, ""):
            return self._missing(name, None) if is_needed else None
        try:
            day = found if isinstance(found, dt.date) else dt.date.fromisoformat(str(found))
        except ValueError:
            day = None
        if day is None or isinstance(day, dt.datetime):
            self.wrong(name, _("must be a day such as 2026-03-31"))
            return None
        if not days.FIRST <= day <= days.LAST:
            self.wrong(name, _("must be a day between 1900 and 2100"))
            return None
        return day

    def span(
        self, first: str, end: str, *, is_needed: bool = True
    ) -> tuple[dt.date | None, dt.date | None]:
        """This will read two days of which the second, no longer inside, is the later one."""
        days = self.day(first, is_needed=is_needed), self.day(end, is_needed=is_needed)
        if days[0] and days[1] and days[0] >= days[1]:
            self.wrong(end, _("must be a later day than {first}").format(first=first))
        return days

    def amount(self, name: str, *, is_needed: bool = True) -> Decimal | None:
        """This will read an amount of money (CNY) above zero."""
        return self.by(name, base.read_amount, is_needed)

    def whole(self, name: str, least: int, most: int, *, is_needed: bool = True) -> int | None:
        """This will read a whole number from `least` to `most`, both inside."""
        return self.by(name, base.whole_number(least, most), is_needed)

    # --- what is nested -----------------------------------------------------------------------
    def part(self, name: str, *, is_needed: bool = True) -> "Reading | None":
        """This will return the reading of a mapping inside this one."""
        found = self.raw.get(name)
        if not self.has(name):
            return self._missing(name, None) if is_needed else None
        if not isinstance(found, Mapping):
            self.wrong(name, _("must hold named fields"))
            return None
        return Reading(found, self.at(name), self.problems)

    def parts(self, name: str) -> "list[Reading]":
        """This will return the readings of a list of mappings, at least one."""
        found = self.raw.get(name)
        if not self.has(name):
            return self._missing(name, [])
        if not isinstance(found, list) or len(found) > _MOST_PARTS:
            self.wrong(name, _("must be a list of at most {most}").format(most=_MOST_PARTS))
            return []
        readings = []
        for number, one in enumerate(found):
            if isinstance(one, Mapping):
                readings.append(Reading(one, f"{self.at(name)}[{number}]", self.problems))
            else:
                self.wrong(f"{name}[{number}]", _("must hold named fields"))
        return readings

    def rule(self, name: str, *, is_needed: bool = True) -> tree.Node | None:
        """This will read a tree of conditions."""
        return self.by(name, tree.read_rule, is_needed)

    def condition(
        self, name: str, kind: type[C], *, besides: Sequence[str] = ()
    ) -> C | None:  # fmt: skip
        """This will read named fields as a condition of one kind, but for those `besides` it."""

        def read(raw: Any, place: str) -> C:
            if not isinstance(raw, dict):
                raise base.RuleWrong(place, _("must hold named fields"))
            return kind.read({n: one for n, one in raw.items() if n not in besides}, place)

        return self.by(name, read)

    def by(self, name: str, read: Callable[[Any, str], T], is_needed: bool = True) -> T | None:
        """This will read a field by a reader of one value, such as those of the conditions."""
        found = self.raw.get(name)
        if found in (None, "", {}):
            return self._missing(name, None) if is_needed else None
        try:
            return read(found, self.at(name))
        except base.RuleWrong as wrong:
            self.problems.append(f"{wrong.place}: {wrong.problem}")
            return None

    def _missing(self, name: str, instead: T) -> T:
        self.wrong(name, _("is missing"))
        return instead
