"""What a loss may be put down to: open refusals of the partner, and the tree of reasons."""

from typing import Any

from django.utils.translation import gettext as _

from merchants.directory import queries as directory
from merchants.negotiation.enums import Stage
from merchants.negotiation.forms import MoveForm
from merchants.negotiation.models import Negotiation
from merchants.refusals import queries as refusals


def asked_of(row: Negotiation, to: str) -> dict[str, Any]:
    """This will give the choices of a loss for the form of a move; nothing for other moves."""
    if to != Stage.LOST:
        return {}
    tree = refusals.forest()
    said = [
        (f"{MoveForm.SAID}-{one.pk}", f"{tree.path_of(one.reason_id)} · {one.words[:60]}")
        for one in refusals.open_of(partnership_id=row.partnership_id)
    ]
    reasons = [
        (label, [(f"{MoveForm.REASON}-{key}", name) for key, name in below])
        for label, below in tree.choices()
    ]
    return {
        "refusals": [(_("Recorded before, and open"), said), *reasons] if said else reasons,
        "contacts": directory.contact_choices(merchant=row.partnership.merchant),
    }
