"""The same rows, word for word, a second time: they count as of their first time.

A file is sent again because somebody is not sure that it arrived, or because some of its rows were
bad before what they name was there. It says nothing new (docs/decisions/0146).
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, Max, Min, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.intake.enums import ImportState
from portal.intake.models import ApiCall, ImportBatch
from portal.intake.rules import ImportKind


@dataclass(frozen=True)
class Earlier:
    """When the same rows came first, or were last said anew by a call with a key of its own, and as
    of when they were said to hold, latest; None where they never came, or where nobody said so."""

    first_at: dt.datetime | None = None
    as_of: dt.datetime | None = None

    @property
    def is_unsaid(self) -> bool:
        """Whether they came before, and nobody said as of when they hold."""
        return self.first_at is not None and self.as_of is None

    def warnings(self, names: list[str]) -> tuple[str, ...]:
        """A sentence for a person, unless the rows say themselves as of when they hold."""
        if self.first_at is None or "as_of" in names:
            return ()
        counted = timezone.localtime(self.as_of or self.first_at)
        return (
            _(
                "The very same rows came before and count as of then, {time}: what was said since"
                " stays. Where they are to count anew, say as of when they hold, or that the file"
                " corrects."
            ).format(time=f"{counted:%Y-%m-%d %H:%M}"),
        )


NEVER = Earlier()


def find(kind: ImportKind, digest: str) -> Earlier:
    """This will tell when rows with that digest were taken in before. Call it when no other import
    of the kind can be going on."""
    if kind.history is None or not digest:
        return NEVER
    is_anew = Exists(ApiCall.objects.filter(~Q(idempotency_key=""), batch=OuterRef("pk")))
    came = ImportBatch.objects.filter(
        kind=kind.code, file_hash=digest, state=ImportState.DONE, is_dry_run=False
    )
    found = came.aggregate(
        first_at=Coalesce(Max("started_at", filter=Q(is_anew)), Min("started_at")),
        as_of=Max("as_of"),
    )
    return Earlier(**found)
