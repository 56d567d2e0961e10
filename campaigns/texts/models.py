"""Under which names the bank sends."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SenderName(models.Model):
    """From a day on, whether an SMS may name this sender: 【信用卡中心】. Of a name its latest row
    that has come counts. Added to only: what was permitted when stays to be read. Where the bank
    never entered any, every name is taken."""

    name = models.CharField(
        _("sender"),
        max_length=40,
        help_text=_("Without brackets, as it is registered with the operators."),
    )
    effective_date = models.DateField(_("in force from"))
    is_permitted = models.BooleanField(_("may be used"), default=True)
    source = models.TextField(_("source of the rule"))

    class Meta:
        verbose_name = _("sender name")
        verbose_name_plural = _("sender names")
        constraints = [
            models.UniqueConstraint(name="sender_name_once", fields=["name", "effective_date"]),
            models.CheckConstraint(
                name="sender_name_plain",
                condition=Q(name__regex=r"^[^][【】\s][^][【】]{0,38}[^][【】\s]$") & ~Q(source=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.effective_date})"
