"""An erasure as the second person reads it before allowing it."""

from typing import Any

from django.utils.translation import gettext as _

from journeys.rights.enums import IdentityCheck, RightsChannel
from journeys.rights.queries import holdings
from portal.kit.registry import Digest


def digest_of(snapshot: dict[str, Any]) -> Digest | None:
    """This will write the snapshot in words, with what is held now; nobody is named in clear."""
    try:
        persons = [holdings.by_key(key) for key in snapshot["persons"]]
    except KeyError:
        return None
    rows = sum(held.rows for held in holdings.held_about(persons))
    facts = [
        (_("Persons"), ", ".join(f"{person.shown_name} {person.number}" for person in persons)),
        (_("Came by"), str(RightsChannel(snapshot["channel"]).label)),
        (_("Identity"), str(IdentityCheck(snapshot["identity"]).label)),
        (_("Received on"), snapshot["received"]),
        (_("Rows held"), str(rows)),
    ]
    return Digest(texts=[], facts=facts)
