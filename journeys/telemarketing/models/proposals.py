"""What one person proposes and another one settles, and what is taken out of use later."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing.enums import FactState


class Proposal(models.Model):
    """A text that callers are shown or say once somebody else than its maker approved it; it is
    never edited, but replaced, or withdrawn with a reason. `settled_checks` say that of a row."""

    state = models.CharField(
        _("state"), max_length=9, choices=FactState.choices, default=FactState.PROPOSED
    )
    proposed_by = models.ForeignKey("portal.Staff", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    settled_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(_("decided at"), null=True)
    withdrawn_by = models.ForeignKey("portal.Staff", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_why = models.CharField(
        _("why it was withdrawn"), max_length=200, blank=True, default=""
    )

    class Meta:
        abstract = True

    @property
    def is_proposed(self) -> bool:
        return self.state == FactState.PROPOSED

    @property
    def is_approved(self) -> bool:
        return self.state == FactState.APPROVED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == FactState.WITHDRAWN


def settled_checks(name: str) -> list[models.CheckConstraint]:
    """This will return what the columns of a proposal have to say together, as constraints of a
    table with this name. Whoever proposed it may withdraw it, and never approves it."""
    return [
        models.CheckConstraint(
            name=f"{name}_settled",
            condition=Q(state=FactState.PROPOSED, settled_by=None, settled_at=None)
            | Q(state=FactState.REFUSED, settled_at__isnull=False)
            | Q(state__in=[FactState.APPROVED, FactState.REPLACED, FactState.WITHDRAWN])
            & Q(settled_by__isnull=False, settled_at__isnull=False)
            & ~Q(settled_by=F("proposed_by")),
        ),
        models.CheckConstraint(
            name=f"{name}_withdrawn_whole",
            condition=~Q(state=FactState.WITHDRAWN)
            & Q(withdrawn_by=None, withdrawn_at=None, withdrawn_why="")
            | Q(state=FactState.WITHDRAWN, withdrawn_by__isnull=False)
            & Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why=""),
        ),
    ]  # fmt: skip
