"""Conditions on the first purchase, and on spending month by month."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import Entry, Group, LastDay
from campaigns.conditions.rules import base, purchases, spans
from portal.kit import money, windows


@dataclass(frozen=True, kw_only=True)
class FirstTransaction(base.Condition):
    """The card's first purchase posts within `days` of the issue and comes to `at_least` CNY.

    First is the purchase with the earliest posting day; of one day the one posted earliest, one
    without a time before all others, and of the same instant the one with the lowest reference. It
    stays the first whatever becomes of it: refunds that name it, with the same card and posted by
    the end of `on`, are deducted from it, and no later purchase takes its place.
    """

    days: int
    last_day: str
    at_least: Decimal

    kind: ClassVar[str] = "first_transaction"
    title: ClassVar[Any] = gettext_lazy("First purchase, in time and of some size")
    group: ClassVar[Group] = Group.SPENDING
    by_spending: ClassVar[int | None] = 1
    fields: ClassVar = {
        "days": base.Field(
            gettext_lazy("Days from issue"), base.whole_number(0, 3650), Entry.WHOLE, initial=30
        ),
        "last_day": spans.FIELDS["last_day"],
        "at_least": base.Field(
            gettext_lazy("At least (CNY)"), base.read_amount, Entry.AMOUNT, initial=Decimal("10.00")
        ),
    }
    is_expensive: ClassVar[bool] = True

    def check(self, place: str) -> None:
        """This will refuse a window without a day."""
        if self.days == 0 and self.last_day == LastDay.OUTSIDE:
            raise base.RuleWrong(f"{place}.days", _("leaves no day; take 1 or more"))

    def parameters(self, mark: str) -> dict[str, Any]:
        return super().parameters(mark) | {
            f"{mark}_span": self.days + (self.last_day == LastDay.INSIDE)
        }

    def value_sql(self, mark: str) -> str:
        return """(SELECT jsonb_build_array(earliest.posted_date, (earliest.amount + COALESCE((
                SELECT sum(back.amount) FROM journeys_transaction back
                WHERE back.refund_of <> '' AND back.refund_of = earliest.reference
                  AND back.customer_id = earliest.customer_id AND back.amount < 0
                  AND back.posted_date <= %(on)s), 0.00))::text)
            FROM (
                SELECT posted.* FROM journeys_transaction posted
                WHERE posted.card_id = subject.card_id AND posted.posted_date <= %(on)s
                  AND posted.amount > 0
                ORDER BY posted.posted_date, posted.posted_at NULLS FIRST,
                    posted.reference COLLATE "C" LIMIT 1
            ) AS earliest)"""

    def _in_time(self, mark: str, value: str) -> str:
        span = base.parameter(mark, "span")
        return (
            f"({value} ->> 0)::date >= subject.issued_date"
            f" AND ({value} ->> 0)::date < subject.issued_date + {span}"
        )

    def verdict_sql(self, mark: str, value: str) -> str:
        least = base.parameter(mark, "at_least")
        return (
            f"COALESCE({self._in_time(mark, value)} AND ({value} ->> 1)::numeric >= {least}, FALSE)"
        )

    def gap_sql(self, mark: str, value: str) -> str:
        least = base.parameter(mark, "at_least")
        return (
            f"(CASE WHEN {value} IS NULL THEN {least} WHEN {self._in_time(mark, value)}"
            f" AND ({value} ->> 1)::numeric < {least} THEN {least} - ({value} ->> 1)::numeric"
            " END)::numeric"
        )

    def deadline_sql(self, mark: str) -> str:
        # Once the first purchase is made, there is no other.
        return f"""LEAST(subject.issued_date + {base.parameter(mark, "span")} - 1, (
            SELECT min(made.posted_date) FROM journeys_transaction made
            WHERE made.card_id = subject.card_id AND made.posted_date <= %(on)s
              AND made.amount > 0))::date"""

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        window = windows.window_from(
            subject.issued_date, self.days, last_day_inside=self.last_day == LastDay.INSIDE
        )
        need = _("At least {amount}, by day {days}").format(
            amount=money.show(self.at_least), days=(window.last - window.first).days
        )
        if value is None:
            return base.Explanation(
                have=_("No purchase"), need=need, gap=money.show(self.at_least),
                deadline=subject.until(window.last),
                is_open=subject.until(window.last) > subject.on, missing=self.at_least,
            )  # fmt: skip
        day, net = dt.date.fromisoformat(value[0]), Decimal(value[1])
        have = _("{amount} on {day}").format(amount=money.show(net), day=day)
        deadline = min(day, window.last)
        if day not in window:
            gap = (
                _("Before the card was issued")
                if day < window.first
                else _("Days too late: {days}").format(days=(day - window.last).days)
            )
            return base.Explanation(have, need, gap, deadline)
        missing = None if is_met else self.at_least - net
        gap = "" if missing is None else money.show(missing)
        return base.Explanation(have, need, gap, deadline, missing=missing)

    def short_name(self) -> str:
        return _("First purchase in time")

    def sentence(self) -> str:
        text = (
            _(
                "The first purchase with the card posts from the day of issue to day {days} after "
                "it, that day included, and comes to at least {amount} after refunds."
            )
            if self.last_day == LastDay.INSIDE
            else _(
                "The first purchase with the card posts from the day of issue to day {days} after "
                "it, that day not included, and comes to at least {amount} after refunds."
            )
        )
        return text.format(days=self.days, amount=money.show(self.at_least))


@dataclass(frozen=True, kw_only=True)
class MonthsInRow(purchases.Purchases, base.Condition):
    """In so many calendar months in a row, up to now, spending reached a sum, a number, or both.

    The row ends with the month of `on` if that has reached it already, and else with the month
    before; only where `on` is the last day of its month, a month that did not reach it breaks the
    row. Refunds are deducted in the month of their purchase.
    """

    months: int
    at_least: Decimal | None = None
    count: int | None = None

    kind: ClassVar[str] = "months_in_row"
    title: ClassVar[Any] = gettext_lazy("Months in a row with spending")
    group: ClassVar[Group] = Group.SPENDING
    by_spending: ClassVar[int | None] = 1
    fields: ClassVar = {
        "months": base.Field(
            gettext_lazy("Months in a row"), base.whole_number(1, 36), Entry.WHOLE, initial=3
        ),
        "at_least": base.Field(
            gettext_lazy("Sum in each month, at least (CNY)"), base.read_amount, Entry.AMOUNT,
            default=None, initial=Decimal("100.00"),
        ),
        "count": base.Field(
            gettext_lazy("Purchases in each month, at least"), base.whole_number(1, 1000),
            Entry.WHOLE, default=None,
            help=gettext_lazy("The sum, the number, or both must be given."),
        ),
        **purchases.FIELDS,
    }  # fmt: skip
    is_expensive: ClassVar[bool] = True

    def check(self, place: str) -> None:
        """This will refuse a row of months in which nothing is asked."""
        if self.at_least is None and self.count is None:
            raise base.RuleWrong(
                f"{place}.at_least", _("is missing: the sum, the number, or both must be given")
            )

    def parameters(self, mark: str) -> dict[str, Any]:
        return super().parameters(mark) | self.filter_parameters(mark)

    def value_sql(self, mark: str) -> str:
        months = base.parameter(mark, "months")
        first = (
            "(date_trunc('month', %(on)s::date::timestamp)"
            f" - make_interval(months => {months}))::date"
        )
        within = f"{{day}} >= {first} AND {{day}} <= %(on)s"
        joins, tests = [], []
        for field, rows in (("at_least", self.net_sql), ("count", self.number_sql)):
            if getattr(self, field) is not None:
                joins.append(self._by_month(rows(mark, within), f"by_{field}"))
                tests.append(f"COALESCE(by_{field}.n, 0) >= {base.parameter(mark, field)}")
        # `broken` is the first month before that of `on`, counted backwards, that breaks the row.
        return f"""(SELECT LEAST({months}, CASE WHEN row.is_begun THEN row.broken
                WHEN %(on)s::date + 1 = (date_trunc('month', %(on)s::date::timestamp)
                    + interval '1 month')::date THEN 0
                ELSE row.broken - 1 END)
            FROM (
                SELECT bool_or(month.good) FILTER (WHERE month.k = 0) AS is_begun,
                       COALESCE(min(month.k) FILTER (WHERE month.k > 0 AND NOT month.good),
                                {months} + 1) AS broken
                FROM (
                    SELECT each.k, {" AND ".join(tests)} AS good
                    FROM generate_series(0, {months}) AS each (k) {" ".join(joins)}
                ) AS month
            ) AS row)"""

    def _by_month(self, rows: str, name: str) -> str:
        back = (
            "(extract(year FROM %(on)s::date) - extract(year FROM counted.day)) * 12"
            " + extract(month FROM %(on)s::date) - extract(month FROM counted.day)"
        )
        return (
            f"LEFT JOIN (SELECT {back} AS k, sum(counted.n) AS n FROM ({rows}) AS counted"
            f" GROUP BY 1) AS {name} ON {name}.k = each.k"
        )

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"{value} >= {base.parameter(mark, 'months')}"

    def gap_sql(self, mark: str, value: str) -> str:
        months = base.parameter(mark, "months")
        return f"(CASE WHEN {value} < {months} THEN {months} - {value} END)::numeric"

    def turns_sql(self, mark: str, value: str) -> str:
        last = """(date_trunc('month', %(on)s::date::timestamp) + interval '1 month')::date - 1"""
        return f"CASE WHEN %(on)s < {last} THEN {last} ELSE %(on)s::date + 1 END"

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        missing = None if is_met else self.months - value
        found = base.Explanation(
            have=_("Months in a row: {count}").format(count=value),
            need=_("At least {count} months, each {what}").format(
                count=self.months, what=self._each()
            ),
            gap="" if is_met else _("Months still missing: {count}").format(count=missing),
            missing=missing,
            percent=base.percent_of(value, self.months),
        )
        return base.on_any_day(found, subject)

    def _each(self) -> str:
        amount = self.at_least and money.show(self.at_least)
        if self.count is None:
            return _("{amount} or more").format(amount=amount)
        if self.at_least is None:
            return _("{count} purchases or more").format(count=self.count)
        return _("{amount} or more in {count} purchases or more").format(
            amount=amount, count=self.count
        )

    def short_name(self) -> str:
        return _("Months in a row")

    def sentence(self) -> str:
        return _(
            "In {months} calendar months in a row, spending with the card{what} is {each} in each, "
            "refunds deducted; the running month counts once it has reached that."
        ).format(months=self.months, what=self.what_text(), each=self._each())
