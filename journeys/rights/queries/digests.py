"""An erasure as the second person reads it before allowing it."""

from typing import Any

from django.utils.translation import gettext as _

from journeys.rights.enums import IdentityCheck, RightsChannel
from journeys.rights.queries import holdings
from portal.kit import languages
from portal.kit.registry import Digest


def digest_of(snapshot: dict[str, Any]) -> Digest | None:
    """This will write the snapshot in words; nobody is named in clear."""
    try:
        persons = [holdings.by_key(key) for key in snapshot["persons"]]
    except KeyError:
        return None
    facts = [
        (_("Persons"), ", ".join(f"{person.shown_name} {person.number}" for person in persons)),
        (_("Came by"), str(RightsChannel(snapshot["channel"]).label)),
        (_("Identity"), str(IdentityCheck(snapshot["identity"]).label)),
        (_("Received on"), snapshot["received"]),
    ]
    # Frozen with the rest: what is held by now, after the erasure too, says nothing of what was
    # allowed.
    if "rows" in snapshot:
        facts.append((_("Rows held when the erasure was asked for"), f"{snapshot['rows']:,}"))
    return Digest(texts=_consequences(), facts=facts)


def _consequences() -> list[tuple[str, str, str]]:
    """What an approval brings about, in the reader's language first."""
    return languages.in_each(
        lambda: _(
            "Name, numbers, addresses and words go from every table and cannot be "
            "brought back. Transactions, gifts and the audit trail stay without "
            "identity. Where the person refused marketing, keyed hashes of phone, ID "
            "number and e-mail stay too, so that nobody with one of them is contacted. "
            "A second person must allow it."
        )
    )
