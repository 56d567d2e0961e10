"""Reading what was imported."""

from django.db.models import QuerySet

from portal.intake.models import ImportBatch
from portal.staff.access import Scope


def list_batches(*, scope: Scope) -> QuerySet[ImportBatch]:
    """This will list the imports that `scope` may see, the newest first.

    Those of the command line belong to nobody, and are seen by those who see the whole bank.
    """
    return (
        ImportBatch.objects.filter(scope.branches("by__branch"))
        .select_related("by")
        .order_by("-started_at", "-id")
    )
