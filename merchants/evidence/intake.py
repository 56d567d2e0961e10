"""The file of merchants' turnover, for banks whose transactions are elsewhere."""

from django.utils.translation import gettext_lazy as _

from merchants.directory.rules import unknown_merchant
from portal.intake.rules import Column, History, ImportKind, Target, cells

MERCHANT_TURNOVER = ImportKind(
    code="merchant_turnover",
    label=_("Turnover of merchants"),
    help=_("Turnover by merchant and day, net of refunds; the merchants come first. Where the"
           " portal has transactions of the same merchant and day too, this file counts."),
    table="merchants_merchantturnover",
    key="day",
    within=("merchant",),
    columns=(
        Column("merchant", cells.key(40, is_of_merchant=True), _("merchant number"), "M000001",
               True),
        Column("day", cells.DAY, _("day of posting"), "2026-03-10", True),
        Column("amount", cells.NET_AMOUNT, _("net of refunds"), "12850.00", True),
        Column("purchases", cells.TALLY,
               _("number of purchases; without it few persons cannot be told from many, and nothing"
                 " is shown"), "96", default="0"),
    ),
    joins="JOIN merchants_merchant m ON m.number = s.merchant",
    targets=(
        Target("merchant", "s.merchant"),
        Target("day", "s.day"),
        Target("merchant_id", "m.id"),
        Target("amount", "s.amount"),
        Target("purchases", "s.purchases", of="purchases"),
    ),
    checks=(unknown_merchant(),),
    history=History(),
)  # fmt: skip
