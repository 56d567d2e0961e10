"""Which purchases count: by category, scenario, merchant, channel and city, refunds deducted.

Two ways to deduct a refund, both exact:

- *where it posts* (sums alone): purchases and refunds are signed amounts, each on its own day. The
  index of a card's days answers it alone, for who was given nothing back.
- *from its purchase*: a refund belongs to the purchase that it names, if that is a purchase of the
  same customer that has posted; then it is deducted from it whenever it posts, and what is asked
  about place and kind is asked of the purchase. One that names no such purchase stands for itself.
  A purchase counts in numbers and days unless it is refunded wholly.

Either way it counts for the card with which its purchase was made: where a card was replaced, what
is given back posts to the new one.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import Entry, Source
from campaigns.conditions.rules import base, names, readers
from journeys.spending.enums import SpendingChannel
from merchants.directory.enums import Scenario

FIELDS: dict[str, base.Field] = {
    "scenarios": base.Field(
        gettext_lazy("Scenarios"), readers.some_of(Scenario.values), Entry.SOME, default=(),
        choices=Scenario.choices, help=gettext_lazy("None chosen: all of them."),
    ),
    "mccs": base.Field(
        gettext_lazy("Merchant categories"), readers.read_mccs, Entry.CODES, default=(),
        source=Source.CATEGORIES,
        help=gettext_lazy("None chosen: all of them. A file may hold spans too: 5811-5814."),
    ),
    "merchants": base.Field(
        gettext_lazy("Merchants"), readers.read_codes, Entry.CODES, default=(),
        source=Source.MERCHANTS, help=gettext_lazy("Numbers of merchants; none: all of them."),
    ),
    "channels": base.Field(
        gettext_lazy("Channels"), readers.some_of(SpendingChannel.values), Entry.SOME, default=(),
        choices=SpendingChannel.choices, help=gettext_lazy("None chosen: all of them."),
    ),
    "cities": base.Field(
        gettext_lazy("Cities"), readers.read_divisions, Entry.CODES, default=(),
        source=Source.DIVISIONS,
        help=gettext_lazy("Cities, provinces or districts, each with all in it; none: everywhere."),
    ),
}  # fmt: skip

# Few postings are refunds: the customer's come from an index of refunds alone, whichever card they
# post to. OFFSET keeps the planner at the index of references: by the card it would read all that
# was ever bought.
_REFUNDS = """
    FROM journeys_transaction refund
    LEFT JOIN LATERAL (
        SELECT * FROM journeys_transaction WHERE reference = refund.refund_of OFFSET 0
    ) AS bought ON bought.customer_id = subject.customer_id AND bought.amount > 0
        AND bought.posted_date <= %(on)s
    WHERE refund.customer_id = subject.customer_id AND refund.amount < 0
      AND refund.posted_date <= %(on)s AND """
# Those of the card, and those that post to one card and belong to another.
_OF_CARD = f"{_REFUNDS} COALESCE(bought.card_id, refund.card_id) = subject.card_id AND"
_ASTRAY = f"{_REFUNDS} (bought.card_id = subject.card_id) <> (refund.card_id = subject.card_id) AND"

# Who is named, and whoever is the same merchant: a merged one stands for the one that was kept, and
# that for all that were merged into it.
_THE_SAME = """WITH kept AS (
        SELECT coalesce(chosen.merged_into_id, chosen.id) AS id FROM merchants_merchant chosen
        WHERE chosen.number = ANY({numbers}))
    SELECT kept.id FROM kept UNION
    SELECT alias.id FROM merchants_merchant alias JOIN kept ON kept.id = alias.merged_into_id"""


@dataclass(frozen=True, kw_only=True)
class Purchases:
    """The purchases that count; an empty field asks for nothing."""

    scenarios: tuple[str, ...] = ()
    mccs: tuple[str, ...] = ()
    merchants: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()

    @property
    def is_filtered(self) -> bool:
        """Whether some purchases do not count."""
        return any((self.scenarios, self.mccs, self.merchants, self.channels, self.cities))

    def filter_parameters(self, mark: str) -> dict[str, Any]:
        """This will return the values of `counts_sql`."""
        return {f"{mark}_each_mcc": readers.each_mcc(self.mccs)} if self.mccs else {}

    def counts_sql(self, mark: str, row: str) -> str:
        """This will return the test whether the transaction `row` is of the kind that counts."""

        def given(field: str) -> str:
            return base.parameter(mark, field)

        def of(own: str, of_merchant: str) -> str:
            # What the posting does not say, its merchant says.
            return (
                f"COALESCE(NULLIF({row}.{own}, ''), (SELECT shop.{of_merchant}"
                f" FROM merchants_merchant shop WHERE shop.id = {row}.merchant_id))"
            )

        category = of("mcc", "category_id")
        tests = []
        if self.channels:
            tests.append(f"{row}.channel = ANY({given('channels')})")
        if self.merchants:
            tests.append(f"{row}.merchant_id IN ({_THE_SAME.format(numbers=given('merchants'))})")
        if self.mccs:
            tests.append(f"{category} = ANY({given('each_mcc')})")
        if self.scenarios:
            tests.append(
                f"{category} IN (SELECT kind.mcc FROM merchants_merchantcategory kind"
                f" WHERE kind.scenario = ANY({given('scenarios')}))"
            )
        if self.cities:
            tests.append(f"{of('division_code', 'division_code')} ^@ ANY({given('cities')})")
        return f"COALESCE({' AND '.join(tests)}, FALSE)" if tests else "TRUE"

    def posted_sql(self, mark: str, within: str) -> str:
        """This will return rows (day, n) of signed amounts, refunds where they post; `within`
        tests the day, which it calls {day}."""
        mine = self.counts_sql(mark, "posted")
        if self.is_filtered:
            mine = f"""COALESCE((SELECT {self.counts_sql(mark, "bought")}
                FROM journeys_transaction bought
                WHERE posted.refund_of <> '' AND bought.reference = posted.refund_of
                  AND bought.customer_id = subject.customer_id AND bought.amount > 0
                  AND bought.posted_date <= %(on)s), {mine})"""
        return f"""SELECT posted.posted_date AS day, posted.amount AS n
            FROM journeys_transaction posted
            WHERE posted.card_id = subject.card_id AND {within.format(day="posted.posted_date")}
              AND {mine}
            UNION ALL
            SELECT refund.posted_date,
                CASE WHEN bought.card_id = subject.card_id THEN 1 ELSE -1 END * refund.amount
            {_ASTRAY} {within.format(day="refund.posted_date")}
              AND {self.counts_sql(mark, "bought")}"""

    def net_sql(self, mark: str, within: str) -> str:
        """This will return rows (day, n) of amounts, refunds on the day of their purchase."""
        day = "COALESCE(bought.posted_date, refund.posted_date)"
        return f"""{self._bought(mark, within, "posted.amount")}
            UNION ALL
            SELECT {day}, refund.amount {_OF_CARD} {within.format(day=day)}
              AND CASE WHEN bought.id IS NULL
                THEN {self.counts_sql(mark, "refund")} ELSE {self.counts_sql(mark, "bought")} END"""

    def number_sql(self, mark: str, within: str) -> str:
        """This will return rows (day, n), where n is 1 for each purchase, and -1 once more for
        each that was refunded wholly."""
        return f"""{self._bought(mark, within, "1")}
            UNION ALL
            SELECT bought.posted_date, -1 {_OF_CARD} {within.format(day="bought.posted_date")}
              AND {self.counts_sql(mark, "bought")}
            GROUP BY bought.id, bought.posted_date, bought.amount
            HAVING bought.amount + sum(refund.amount) <= 0"""

    def _bought(self, mark: str, within: str, number: str) -> str:
        return f"""SELECT posted.posted_date AS day, {number} AS n
            FROM journeys_transaction posted
            WHERE posted.card_id = subject.card_id AND {within.format(day="posted.posted_date")}
              AND posted.amount > 0 AND {self.counts_sql(mark, "posted")}"""

    def what_text(self) -> str:
        """This will say which purchases count, in brackets behind what is asked, or nothing."""
        scenarios = [str(Scenario(code).label) for code in self.scenarios]
        channels = [str(SpendingChannel(code).label) for code in self.channels]
        parts = [
            (_("scenario: {list}"), names.listed(scenarios)),
            (_("merchant category: {list}"), names.called(Source.CATEGORIES, self.mccs)),
            (_("merchant: {list}"), names.called(Source.MERCHANTS, self.merchants)),
            (_("channel: {list}"), names.listed(channels)),
            (_("city: {list}"), names.called(Source.DIVISIONS, self.cities)),
        ]
        said = _("; ").join(text.format(list=found) for text, found in parts if found)
        return _(" ({what})").format(what=said) if said else ""
