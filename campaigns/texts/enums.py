"""Where a message text stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TextState(models.TextChoices):
    SENT = "sent", _("May be sent")
    WITHDRAWN = "withdrawn", _("No longer sent")
