"""Conditions on the cards that a customer holds: issued by the end of the day, and not closed."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import Entry, Group, Source
from campaigns.conditions.rules import base, names, ranges, readers

_HELD = """FROM journeys_card held WHERE held.customer_id = subject.customer_id
            AND held.issued_date <= %(on)s
            AND (held.closed_date IS NULL OR held.closed_date > %(on)s)"""


@dataclass(frozen=True, kw_only=True)
class CardsHeld(ranges.Ranged):
    """The number of the customer's open cards, supplementary ones included."""

    kind: ClassVar[str] = "cards_held"
    title: ClassVar[Any] = gettext_lazy("Number of cards held")
    group: ClassVar[Group] = Group.CARD
    fields: ClassVar = ranges.bounds(0, 100)

    def value_sql(self, mark: str) -> str:
        return f"(SELECT count(*)::int {_HELD})"

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        found = self.explained(
            value,
            _("Open cards: {count}").format(count=value),
            below=_("Cards too few: {number}"),
            above=_("Cards too many: {number}"),
        )
        return base.on_any_day(found, subject)

    def short_name(self) -> str:
        return _("Cards held")

    def sentence(self) -> str:
        return _(
            "The number of open cards of the customer, supplementary ones included, is {range}."
        ).format(range=self.range_text())


@dataclass(frozen=True, kw_only=True)
class ProductHeld(base.Condition):
    """The customer holds an open card of one of these products."""

    products: tuple[str, ...]

    kind: ClassVar[str] = "product_held"
    title: ClassVar[Any] = gettext_lazy("Card product held")
    group: ClassVar[Group] = Group.CARD
    fields: ClassVar = {
        "products": base.Field(
            gettext_lazy("Card products"), readers.read_codes, Entry.CODES, source=Source.PRODUCTS,
            help=gettext_lazy("An open card of one of them is enough."),
        ),
    }  # fmt: skip

    def value_sql(self, mark: str) -> str:
        return f"""ARRAY(SELECT DISTINCT product.code::text COLLATE "C"
            FROM journeys_cardproduct product
            WHERE product.code = ANY({base.parameter(mark, "products")})
              AND EXISTS (SELECT {_HELD} AND held.product_id = product.id) ORDER BY 1)"""

    def verdict_sql(self, mark: str, value: str) -> str:
        return f"cardinality({value}) > 0"

    def turns_sql(self, mark: str, value: str) -> str:
        return base.NEVER

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        asked = names.called(Source.PRODUCTS, self.products)
        found = base.Explanation(
            have=names.called(Source.PRODUCTS, value) or _("None of them"),
            need=_("One of: {list}").format(list=asked),
            gap="" if is_met else _("A card of one of these products"),
        )
        return base.on_any_day(found, subject)

    def short_name(self) -> str:
        return _("Product held")

    def sentence(self) -> str:
        return _("The customer holds an open card of one of these products: {list}.").format(
            list=names.called(Source.PRODUCTS, self.products)
        )
