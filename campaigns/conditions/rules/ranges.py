"""What bounds a whole number from below, from above, or both."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import Entry
from campaigns.conditions.rules import base


def bounds(least: int, most: int, *, initial: int | None = None) -> dict[str, base.Field]:
    """This will return the fields `at_least` and `at_most`."""
    read = base.whole_number(least, most)
    return {
        "at_least": base.Field(
            gettext_lazy("At least"), read, Entry.WHOLE, default=None, initial=initial
        ),
        "at_most": base.Field(
            gettext_lazy("At most"), read, Entry.WHOLE, default=None,
            help=gettext_lazy("One of the two must be given."),
        ),
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Ranged(base.Condition):
    """The value is a whole number within bounds, both inside; unknown values are outside."""

    at_least: int | None = None
    at_most: int | None = None

    # Whether what lies above can come down again; years do not.
    comes_down: ClassVar[bool] = True

    def check(self, place: str) -> None:
        """This will refuse a range without a bound, and one that holds nothing."""
        if self.at_least is None and self.at_most is None:
            raise base.RuleWrong(
                f"{place}.at_least", _("is missing: at least one of the two bounds must be given")
            )
        if None not in (self.at_least, self.at_most) and self.at_least > self.at_most:  # type: ignore[operator]
            raise base.RuleWrong(f"{place}.at_most", _("must not be below the other bound"))

    def verdict_sql(self, mark: str, value: str) -> str:
        tests = []
        if self.at_least is not None:
            tests.append(f"{value} >= {base.parameter(mark, 'at_least')}")
        if self.at_most is not None:
            tests.append(f"{value} <= {base.parameter(mark, 'at_most')}")
        return f"COALESCE({' AND '.join(tests)}, FALSE)"

    def gap_sql(self, mark: str, value: str) -> str:
        cases = []
        if self.at_least is not None:
            least = base.parameter(mark, "at_least")
            cases.append(f"WHEN {value} < {least} THEN {least} - {value}")
        if self.at_most is not None and self.comes_down:
            most = base.parameter(mark, "at_most")
            cases.append(f"WHEN {value} > {most} THEN {value} - {most}")
        return f"(CASE {' '.join(cases)} END)::numeric" if cases else super().gap_sql(mark, value)

    def missing(self, value: int | None) -> int | None:
        """This will tell how far a value is from the range, None where it is inside, unknown, or
        cannot come back."""
        if value is None:
            return None
        if self.at_least is not None and value < self.at_least:
            return self.at_least - value
        if self.at_most is not None and value > self.at_most and self.comes_down:
            return value - self.at_most
        return None

    def range_text(self) -> str:
        """This will say the bounds."""
        if self.at_most is None:
            return _("at least {least}").format(least=_figure(self.at_least))
        if self.at_least is None:
            return _("at most {most}").format(most=_figure(self.at_most))
        if self.at_least == self.at_most:
            return _("exactly {number}").format(number=_figure(self.at_least))
        return _("from {least} to {most}").format(
            least=_figure(self.at_least), most=_figure(self.at_most)
        )

    def explained(
        self, value: Any, have: str, *, below: str, above: str, unknown: str = ""
    ) -> base.Explanation:
        """This will explain a value; `below` and `above` word what is missing, with {number}."""
        missing = self.missing(value)
        gap = unknown if value is None else ""
        if value is not None and self.at_least is not None and value < self.at_least:
            gap = below.format(number=_figure(self.at_least - value))
        elif value is not None and self.at_most is not None and value > self.at_most:
            gap = above.format(number=_figure(value - self.at_most))
        return base.Explanation(have=have, need=self.range_text(), gap=gap, missing=missing)


def _figure(number: int | None) -> str:
    return f"{number:,}"
