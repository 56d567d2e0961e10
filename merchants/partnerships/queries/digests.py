"""How a move that waits for a second person reads."""

from typing import Any

from django.utils.translation import gettext as _

from merchants.partnerships.enums import Phase
from merchants.partnerships.rules import evidence as evidences
from portal.kit.registry import Digest


def digest_of(snapshot: dict[str, Any]) -> Digest:
    """This will say a submitted move: from where to where, and what was known."""
    known = evidences.read(snapshot["evidence"])
    measures = [(str(row.label), row.said) for row in known.measures if row.is_known]
    return Digest(
        texts=[("zh-hans", "简体中文", snapshot["reason"])],
        facts=[
            (_("From phase"), str(Phase(snapshot["from"]).label)),
            (_("To phase"), str(Phase(snapshot["to"]).label)),
            *measures,
        ],
    )
