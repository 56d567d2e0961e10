"""Where a negotiation stands before a move, the rule in force, and the figures by which its terms
are reckoned."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from merchants.negotiation.enums import FigureCode, Side
from merchants.negotiation.models import Negotiation, NegotiationRule, Offer, TermsFigure
from merchants.negotiation.queries.negotiations import agreed_offer, offers_of
from merchants.negotiation.queries.records import records_of, turnover_of
from merchants.negotiation.rules import limits, stages
from merchants.negotiation.rules.terms import Terms

_EVIDENCE = "evidence:"


class NoRule(Exception):
    """Raised where no rule of negotiations is in force: nothing is agreed then."""


def limits_on(day: dt.date) -> limits.Limits:
    """This will return what holds for negotiations on a day. Raises NoRule."""
    rows = NegotiationRule.objects.filter(effective_date__lte=day).order_by("-effective_date")
    if (rule := rows.first()) is None:
        raise NoRule(day)
    return rule.plain


def rules_set() -> QuerySet[NegotiationRule]:
    """This will list all rules, the latest first."""
    return NegotiationRule.objects.order_by("-effective_date")


@dataclass(frozen=True)
class Figure:
    """A figure (CNY a year) with who says so, as it is kept; without a value it is not known.
    `recorded` is what the bank's records say of one that somebody entered, where they were
    asked."""

    code: str
    value: Decimal | None = None
    kept_source: str = ""
    is_entered: bool = False
    recorded: Decimal | None = None

    @property
    def label(self) -> str:
        return str(FigureCode(self.code).label)

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def source(self) -> str:
        """Who says so, in words."""
        if not self.kept_source.startswith(_EVIDENCE):
            return self.kept_source
        day = self.kept_source.removeprefix(_EVIDENCE)
        return _("Evidence of {day}: 52 ordinary weeks").format(day=day)


def figures_of(negotiation: Negotiation, *, on: dt.date) -> list[Figure]:
    """This will return the figures of a negotiation in their order: what was entered last, or, of
    turnover, what evidence says of an ordinary week, for 52 of them."""
    rows = TermsFigure.objects.filter(negotiation=negotiation).order_by("code", "-id")
    entered = {row.code: row for row in rows.distinct("code")}
    found = []
    for code in FigureCode.values:
        row = entered.get(code)
        if row is not None:
            found.append(Figure(code, row.value, row.source, is_entered=True))
        elif code == FigureCode.TURNOVER:
            found.append(_of_evidence(negotiation, on))
        else:
            found.append(Figure(code))
    return found


def beside_records(
    figures: Sequence[Figure], records: Mapping[str, Decimal | None]
) -> list[Figure]:
    """This will put beside each figure that somebody entered what the records say of it."""
    return [
        replace(one, recorded=records.get(one.code)) if one.is_entered else one for one in figures
    ]


def _of_evidence(negotiation: Negotiation, on: dt.date) -> Figure:
    known = turnover_of(merchant_id=negotiation.partnership.merchant_id, on=on)
    if known is None:
        return Figure(FigureCode.TURNOVER)
    value, since = known
    return Figure(FigureCode.TURNOVER, value, f"{_EVIDENCE}{since}")


def basis_of(negotiation: Negotiation, *, on: dt.date) -> dict[str, Decimal | None]:
    """This will return the values of the figures by their code."""
    return {row.code: row.value for row in figures_of(negotiation, on=on)}


def facts_of(negotiation: Negotiation, *, on: dt.date, is_signed: bool = False) -> stages.Facts:
    """This will tell what the guards of a move ask of a negotiation on a day. Raises NoRule where
    limits are asked for and none are set."""
    offers = offers_of(negotiation)
    agreed = agreed_offer(negotiation)
    asks: tuple[str, ...] = ()
    if agreed is not None and negotiation.stage == stages.S.AGREEMENT:
        asks = limits.beyond(
            agreed.plain, first_of_bank(offers), basis_of(negotiation, on=on), limits_on(on),
            records=records_of(negotiation, on=on),
        )  # fmt: skip
    return stages.Facts(
        stage=negotiation.stage,
        of_bank=sum(row.side == Side.BANK for row in offers),
        of_merchant=sum(row.side == Side.MERCHANT for row in offers),
        is_signed=is_signed,
        beyond=asks,
        is_ended=not negotiation.partnership.is_open,
    )


def first_of_bank(offers: Sequence[Offer]) -> Terms | None:
    """This will return the terms of the bank's first offer, from which concessions count; None
    where it made none."""
    return next((row.plain for row in offers if row.side == Side.BANK), None)
