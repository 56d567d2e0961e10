"""What a rule of the database refuses, as a sentence for a person."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.functional import Promise


def rule_of(error: DatabaseError) -> str:
    """This will name the constraint, or the rule of a trigger, that an error tells of; "" where it
    tells of none."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


@contextmanager
def in_words(
    sentences: Mapping[str, str | Promise], refusal: Callable[[str, str], Exception]
) -> Iterator[None]:
    """This will turn what a rule refuses that has one of the `sentences`, by its name, into what
    `refusal` makes of the sentence and the name; what is written within goes back alone."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        rule = rule_of(refused)
        if rule not in sentences:
            raise
        raise refusal(str(sentences[rule]), rule) from refused
