"""Choices of the shell."""

from django.db import models
from django.utils.translation import gettext_lazy as _

_DAYS = {"month": 30, "quarter": 91, "half": 182, "year": 365}


class Period(models.TextChoices):
    """How many days the figures go back."""

    MONTH = "month", _("The last 30 days")
    QUARTER = "quarter", _("The last 13 weeks")
    HALF = "half", _("The last 26 weeks")
    YEAR = "year", _("The last 365 days")

    @property
    def days(self) -> int:
        """Their number."""
        return _DAYS[self.value]

    @classmethod
    def asked(cls, text: str) -> "Period":
        """The one that an address names; otherwise the usual one."""
        return cls(text) if text in cls.values else cls.QUARTER
