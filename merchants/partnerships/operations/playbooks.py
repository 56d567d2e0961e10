"""Writing the next version of a playbook."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from merchants.partnerships import queries
from merchants.partnerships.models import Playbook
from merchants.partnerships.operations.guards import PartnershipNotAllowed, words
from merchants.partnerships.rules import playbooks
from portal.audit import operations as audit
from portal.staff.enums import Permission, Role
from portal.staff.models import Staff


class PlaybookChanged(Exception):
    """Raised where somebody wrote another version meanwhile."""


def branch_of(*, actor: Staff) -> int | None:
    """This will tell for whom a person writes playbooks: the own branch, or the bank (None)."""
    return None if actor.role == Role.ADMINISTRATOR else actor.branch_id


@transaction.atomic
def write_playbook(
    *,
    phase: str,
    content: playbooks.Content,
    after: int,
    reason: str,
    actor: Staff,
    at: dt.datetime,
) -> Playbook:
    """This will write the next version of a phase's playbook, of the bank by an administrator and
    of the own branch by its manager; `after` is the version the person saw (0 for none). Tasks
    that stand keep what they say. Raises PartnershipNotAllowed, PlaybookChanged."""
    if not actor.may(Permission.EDIT_PLAYBOOKS):
        raise PartnershipNotAllowed(_("You may read playbooks, not write them."))
    newest = queries.versions_of(phase=phase, branch_id=branch_of(actor=actor)).first()
    if (newest.number if newest else 0) != after:
        raise PlaybookChanged(phase)
    try:
        with transaction.atomic():
            written = Playbook.objects.create(
                phase=phase, branch_id=branch_of(actor=actor), number=after + 1,
                content=content.as_json(), reason=words(reason), written_by=actor, written_at=at,
            )  # fmt: skip
    except IntegrityError as taken:
        raise PlaybookChanged(phase) from taken
    audit.record(
        action="playbook.written", actor=actor, at=at, target=written, reason=written.reason,
        changes={"phase": phase, "number": written.number},
    )  # fmt: skip
    return written
