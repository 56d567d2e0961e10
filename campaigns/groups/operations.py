"""Deciding that campaigns exclude one another."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.groups.models import ExclusiveGroup
from portal.audit import operations as audit
from portal.staff.enums import Permission
from portal.staff.models import Staff


class GroupNotAllowed(Exception):
    """Raised when a group cannot be made: the person may not, there is one of the code, or
    something is missing; its text is a sentence for a person."""


@transaction.atomic
def open_group(
    *,
    code: str,
    name: str,
    name_en: str,
    days: int | None,
    source: str,
    actor: Staff,
    at: dt.datetime,
) -> ExclusiveGroup:
    """This will make a group that campaigns may name: who was given something by one of them is
    given nothing by the others for so many `days`, or for good where they are None. It never
    changes. Raises GroupNotAllowed."""
    if not actor.may(Permission.EDIT_GROUPS):
        raise GroupNotAllowed(
            _("{name} may not do this; the role lacks the permission: {permission}").format(
                name=actor.label, permission=Permission.EDIT_GROUPS.label
            )
        )
    try:
        with transaction.atomic():
            group = ExclusiveGroup.objects.create(
                code=code.strip(), name=name.strip(), name_en=name_en.strip(), days=days,
                source=source.strip(), decided_by=actor, decided_at=at,
            )  # fmt: skip
    except IntegrityError as broken:
        sentence = _("There is a group {code} already, or a name or the reason is missing.")
        raise GroupNotAllowed(sentence.format(code=code)) from broken
    audit.record(
        action="group.opened",
        actor=actor,
        at=at,
        target=group,
        reason=group.source,
        changes={"days": days},
    )
    return group
