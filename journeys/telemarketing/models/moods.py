"""What a caller may do for a mood: a small table of moves, with their sources."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing.enums import Mood
from portal.kit import languages


class MoodMove(models.Model):
    """What to do for somebody in a mood, and the words for it, in both languages. A trigger refuses
    update and delete, so that a call says what was done by the row it names."""

    code = models.CharField(_("code"), max_length=24, unique=True)
    mood = models.CharField(_("mood"), max_length=8, choices=Mood.choices)
    place = models.PositiveSmallIntegerField(_("place"))
    name = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60)
    words = models.TextField(_("words in Chinese"))
    words_en = models.TextField(_("words in English"))
    source = models.CharField(_("source of the rule"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="mood_move_place_once", fields=["mood", "place"]),
            models.CheckConstraint(
                name="mood_move_said",
                condition=Q(mood__in=Mood.values)
                & ~Q(name="") & ~Q(name_en="") & ~Q(words="") & ~Q(words_en="") & ~Q(source=""),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def shown_name(self) -> str:
        """Its name in the reader's language."""
        return self.name_en if languages.reads_english() else self.name

    @property
    def shown_words(self) -> str:
        """What may be said, in the reader's language."""
        return self.words_en if languages.reads_english() else self.words
