"""The terms of negotiations as a file: figures, no customers and no remarks."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from merchants.negotiation import queries
from merchants.negotiation.enums import DataTerm, Exclusivity, Purpose, Side, Stage
from merchants.negotiation.forms import NegotiationFilter
from merchants.negotiation.models import Negotiation
from merchants.negotiation.rules import rounds
from merchants.negotiation.rules import terms as sets
from portal.kit import filters
from portal.kit.registry import Exportable, Exported
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _read(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    form = NegotiationFilter(asked)
    form.is_valid()
    rows = queries.list_negotiations(scope=scope_of(staff), **form.cleaned_data)
    return Exported(filters.in_force(form), _lines(rows.iterator(chunk_size=200), on))


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    form = NegotiationFilter()
    return lambda asked: filters.in_words(form, asked)


def _lines(found: Iterator[Negotiation], on: dt.date) -> Iterator[Sequence[Any]]:
    for row in found:
        basis = queries.basis_of(row, on=on)
        spoken = [
            rounds.Spoken(one.round, one.side, one.plain, one) for one in queries.offers_of(row)
        ]
        for one in reversed(rounds.side_by_side(spoken, basis)):
            for side, offer, given in (
                (Side.BANK, one.bank, one.by_bank), (Side.MERCHANT, one.merchant, one.by_merchant),
            ):  # fmt: skip
                if offer is not None:
                    yield (*_head(row), one.number, str(Side(side).label), offer.on_date,
                           *_cells(offer.plain), given.total if given else None)  # fmt: skip


def _head(row: Negotiation) -> tuple[Any, ...]:
    return (
        row.partnership.merchant.number, str(Purpose(row.purpose).label),
        str(Stage(row.stage).label),
    )  # fmt: skip


def _cells(terms: sets.Terms) -> tuple[Any, ...]:
    return (
        terms.cost_share, terms.gain_share, terms.discount,
        str(Exclusivity(terms.exclusivity).label), terms.months, terms.posts,
        terms.minimum_turnover, str(DataTerm(terms.data_clause).label),
    )  # fmt: skip


NEGOTIATION_TERMS = Exportable(
    code="negotiation_terms",
    label=_("Terms of negotiations"),
    permission=Permission.VIEW_MERCHANTS,
    list_url="negotiation_list",
    columns=[
        (_("Merchant number"), 16), (_("About"), 14), (_("Stage"), 12), (_("Round"), 8),
        (_("Offer of"), 10), (_("Day"), 12), (_("Bank's share of the cost"), 16),
        (_("Bank's share of the gain"), 16), (_("Discount on our cards"), 14),
        (_("Exclusivity"), 26), (_("Term in months"), 12), (_("On-site posts"), 12),
        (_("Least card turnover a year"), 20), (_("Data about customers"), 26),
        (_("Given up, CNY a year"), 20),
    ],
    read=_read,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip
