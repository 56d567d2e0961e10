"""Windows of days: counted from the issue or the activation of the card, or between fixed days."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import CountedFrom, Entry, LastDay
from campaigns.conditions.rules import base, readers
from portal.kit import windows

_COUNTED = ("counted_from", (CountedFrom.ISSUE.value, CountedFrom.ACTIVATION.value))
_FIXED = ("counted_from", (CountedFrom.DATES.value,))

FIELDS: dict[str, base.Field] = {
    "counted_from": base.Field(
        gettext_lazy("Counted from"), base.one_of(*CountedFrom.values), Entry.ONE,
        default=CountedFrom.ISSUE.value, initial=CountedFrom.ISSUE.value,
        choices=CountedFrom.choices,
    ),
    "days": base.Field(
        gettext_lazy("Days"), base.whole_number(1, 3650), Entry.WHOLE, default=None, initial=65,
        shown_for=_COUNTED, help=gettext_lazy("The last day is this many days after the first."),
    ),
    "first_date": base.Field(
        gettext_lazy("First day"), readers.read_day, Entry.DAY, default=None, shown_for=_FIXED,
    ),
    "last_date": base.Field(
        gettext_lazy("Last day"), readers.read_day, Entry.DAY, default=None, shown_for=_FIXED,
    ),
    "last_day": base.Field(
        gettext_lazy("The last day"), base.one_of(*LastDay.values), Entry.ONE,
        initial=LastDay.INSIDE.value, choices=LastDay.choices,
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Windowed(base.Condition):
    """What counts are facts of the days of a window, as far as they came by the end of `on`. Not
    activated by then, a window counted from activation holds no day."""

    counted_from: str = CountedFrom.ISSUE.value
    days: int | None = None
    first_date: dt.date | None = None
    last_date: dt.date | None = None
    last_day: str = LastDay.INSIDE.value

    def check(self, place: str) -> None:
        """This will refuse a window with fields of another, and one that holds no day."""
        is_fixed = self.counted_from == CountedFrom.DATES
        belong = ("first_date", "last_date") if is_fixed else ("days",)
        for name in ("days", "first_date", "last_date"):
            if name in belong and getattr(self, name) is None:
                raise base.RuleWrong(f"{place}.{name}", _("is missing"))
            if name not in belong and getattr(self, name) is not None:
                raise base.RuleWrong(
                    f"{place}.{name}",
                    _("has no meaning where counted_from is {word}").format(word=self.counted_from),
                )
        if self.first_date and self.last_date and self._fixed.first >= self._fixed.end:
            raise base.RuleWrong(f"{place}.last_date", _("must not be before the first day"))

    @property
    def is_last_day_inside(self) -> bool:
        return self.last_day == LastDay.INSIDE

    @property
    def _fixed(self) -> windows.DayWindow:
        first, last = self.first_date or dt.date.min, self.last_date or dt.date.min
        days = (last - first).days
        return windows.window_from(first, days, last_day_inside=self.is_last_day_inside)

    def window_for(self, subject: base.Subject) -> windows.DayWindow | None:
        """This will return the window for one card; None where it has not begun."""
        if self.counted_from == CountedFrom.DATES:
            return self._fixed
        anchor = subject.issued_date
        if self.counted_from == CountedFrom.ACTIVATION:
            if subject.activated_date is None or subject.activated_date > subject.on:
                return None
            anchor = subject.activated_date
        return windows.window_from(anchor, self.days or 0, last_day_inside=self.is_last_day_inside)

    def parameters(self, mark: str) -> dict[str, Any]:
        found = super().parameters(mark)
        if self.counted_from == CountedFrom.DATES:
            return found | {f"{mark}_first": self._fixed.first, f"{mark}_end": self._fixed.end}
        return found | {f"{mark}_span": (self.days or 0) + self.is_last_day_inside}

    def first_sql(self, mark: str) -> str:
        """This will return the expression of the window's first day, NULL before it begins."""
        if self.counted_from == CountedFrom.DATES:
            return f"{base.parameter(mark, 'first')}::date"
        if self.counted_from == CountedFrom.ACTIVATION:
            return "CASE WHEN subject.activated_date <= %(on)s THEN subject.activated_date END"
        return "subject.issued_date"

    def end_sql(self, mark: str) -> str:
        """This will return the expression of the day after the window's last."""
        if self.counted_from == CountedFrom.DATES:
            return f"{base.parameter(mark, 'end')}::date"
        return f"({self.first_sql(mark)}) + {base.parameter(mark, 'span')}"

    def within_sql(self, mark: str, day: str) -> str:
        """This will return the test whether `day` lies in the window and has ended by `on`."""
        return (
            f"{day} >= ({self.first_sql(mark)}) AND {day} < ({self.end_sql(mark)})"
            f" AND {day} <= %(on)s"
        )

    def deadline_sql(self, mark: str) -> str:
        return f"(({self.end_sql(mark)}) - 1)::date"

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def reached(self, value: Any, needed: Any, words: tuple[str, str, str], subject: base.Subject
                ) -> base.Explanation:  # fmt: skip
        """This will explain a value that has to reach `needed`; `words` say have, need and gap."""
        window = self.window_for(subject)
        is_met = value >= needed
        have, need, gap = words
        last = None if window is None else subject.until(window.last)
        return base.Explanation(
            have=have,
            need=need,
            gap="" if is_met else gap,
            deadline=last,
            # The day `on` has ended: what is to come can only post after it.
            is_open=not is_met
            and window is not None
            and last is not None
            and last > subject.on
            and last >= window.first,
            missing=None if is_met else needed - value,
            percent=base.percent_of(value, needed),
        )

    def when_text(self) -> str:
        """This will say the window, as the beginning of a sentence."""
        if self.counted_from == CountedFrom.DATES:
            text = (
                _("From {first} to {last}, that day included")
                if self.is_last_day_inside
                else _("From {first} to {last}, that day not included")
            )
            return text.format(first=self.first_date, last=self.last_date)
        texts = {
            (CountedFrom.ISSUE.value, True): _(
                "From the day of issue to day {days} after it, that day included"
            ),
            (CountedFrom.ISSUE.value, False): _(
                "From the day of issue to day {days} after it, that day not included"
            ),
            (CountedFrom.ACTIVATION.value, True): _(
                "From the day of activation to day {days} after it, that day included"
            ),
            (CountedFrom.ACTIVATION.value, False): _(
                "From the day of activation to day {days} after it, that day not included"
            ),
        }
        return texts[self.counted_from, self.is_last_day_inside].format(days=self.days)
