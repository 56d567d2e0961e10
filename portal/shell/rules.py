"""The sections of the menu, and what a role may do where nothing waits."""

import itertools
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.kit.registry import MenuEntry
from portal.staff.enums import Role

# By the order of their first entries; what comes before the first stands alone at the top.
_SECTIONS: tuple[tuple[int, Any], ...] = (
    (20, _("Campaigns")),
    (35, _("Customers")),
    (40, _("Merchants")),
    (44, _("New customers")),
    (50, pgettext_lazy("menu", "Contact")),
    (80, _("Records and administration")),
)

_IDLE = {
    Role.CAMPAIGN_MANAGER: _("See below how your campaigns stand, or design the next one."),
    Role.APPROVER: _("What others submit for approval appears here."),
    Role.COMPLIANCE: _("No end is near. The outbox and the audit trail are in the menu."),
    Role.RELATIONSHIP_MANAGER: _("See below how your merchants moved, or plan a meeting."),
    Role.TELEMARKETER: _("Take the next lead at the call desk."),
    Role.BRANCH_MANAGER: _("See below how your branch stands, or plan the posts of next week."),
    Role.ANALYST: _("The figures are below, and all of them on a page of their own."),
    Role.ADMINISTRATOR: _("See below who signs in, and which files came."),
}


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


def idle_words(role: str) -> Any:
    """This will say what people of a role may do while nothing waits for them."""
    return _IDLE[Role(role)]
