"""How agreed terms that wait for a second person read."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from merchants.negotiation.enums import FigureCode, Side
from merchants.negotiation.rules import terms as sets
from merchants.negotiation.rules import worth
from portal.kit import money
from portal.kit.registry import Digest


def digest_of(snapshot: dict[str, Any]) -> Digest:
    """This will say submitted terms: what was agreed, whose offer it was, what the bank pays and
    gave up, and by which figures."""
    agreed = sets.read(snapshot["terms"])
    basis = {
        code: None if value is None else Decimal(value)
        for code, value in snapshot["figures"].items()
    }
    given = [
        (_("Offer of"), str(Side(snapshot["side"]).label)),
        *sets.all_said(agreed),
        (_("The bank pays a year"), worth.paid(agreed, basis).said),
    ]
    if snapshot["first"] is not None:
        first = sets.read(snapshot["first"])
        conceded = worth.conceded(first, agreed, Side.BANK, basis)
        given.append((_("The bank gave up a year"), conceded.said))
    told = snapshot.get("records")
    given += [
        (
            str(FigureCode(code).label),
            _known(value) if told is None else _both(value, told.get(code)),
        )
        for code, value in basis.items()
    ]
    return Digest(texts=[("zh-hans", "简体中文", snapshot["reason"])], facts=given)


def _both(declared: Decimal | None, recorded: str | None) -> str:
    """A figure as it was declared, and what the bank's records said of it where they did."""
    if recorded is None:
        return _("{amount} (no record of it)").format(amount=_known(declared))
    amounts = {"amount": _known(declared), "recorded": money.show(Decimal(recorded))}
    return _("{amount} (by the bank's records {recorded})").format(**amounts)


def _known(value: Decimal | None) -> str:
    return _("not known") if value is None else money.show(value)
