"""The sections of the menu."""

import itertools
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.kit.registry import MenuEntry

# By the order of their first entries; what comes before the first stands alone at the top.
_SECTIONS: tuple[tuple[int, Any], ...] = (
    (20, _("Campaigns")),
    (35, _("Customers")),
    (40, _("Merchants")),
    (44, _("New customers")),
    (50, pgettext_lazy("menu", "Contact")),
    (80, _("Records and administration")),
)


def in_sections(entries: Iterable[MenuEntry]) -> list[tuple[Any, list[MenuEntry]]]:
    """This will part menu entries, given in their order, into sections of at least one: the name
    of each ("" for the top) and its entries."""
    return [
        (label, list(part))
        for label, part in itertools.groupby(entries, lambda one: _of(one.order))
    ]


def _of(order: int) -> Any:
    begun = [label for begins, label in _SECTIONS if begins <= order]
    return begun[-1] if begun else ""
