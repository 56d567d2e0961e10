"""Working off the tasks of a phase."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.partnerships.enums import TaskState
from merchants.partnerships.models import PartnershipTask
from merchants.partnerships.operations.guards import locked, words
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.models import Staff

_ACTIONS = {
    TaskState.DONE: "partnership.task_done", TaskState.SKIPPED: "partnership.task_skipped",
}  # fmt: skip


class TaskSettled(Exception):
    """Raised where a task is to do no more; its text is a sentence for a person."""


@transaction.atomic
def finish_task(*, task_id: int, note: str, actor: Staff, at: dt.datetime) -> PartnershipTask:
    """This will note that a task was done, with a note where there is one. Raises TaskSettled,
    PartnershipNotAllowed."""
    return _settle(task_id, TaskState.DONE, masking.mask_text(note.strip()), actor, at)


@transaction.atomic
def skip_task(*, task_id: int, reason: str, actor: Staff, at: dt.datetime) -> PartnershipTask:
    """This will note that a task is not done, and why. Raises TaskSettled,
    PartnershipNotAllowed."""
    return _settle(task_id, TaskState.SKIPPED, words(reason), actor, at)


def _settle(
    task_id: int, state: TaskState, said: str, actor: Staff, at: dt.datetime
) -> PartnershipTask:
    of = PartnershipTask.objects.values_list("partnership_id", flat=True).get(pk=task_id)
    partnership = locked(partnership_id=of, actor=actor)
    task = PartnershipTask.objects.get(pk=task_id)
    if task.state != TaskState.OPEN:
        raise TaskSettled(
            _("This task is to do no more: {state}.").format(state=task.get_state_display())
        )
    task.state, task.words, task.settled_by, task.settled_at = state, said, actor, at
    task.save(update_fields=["state", "words", "settled_by", "settled_at"])
    audit.record(
        action=_ACTIONS[state], actor=actor, at=at, target=partnership,
        reason=said, changes={"task": task.title},
    )  # fmt: skip
    return task
