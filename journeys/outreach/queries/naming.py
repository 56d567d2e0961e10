"""What people call the things that messages are sent for, many at once."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import connection
from django.utils import translation

from journeys.outreach.models import Message, words_of_origin
from portal.kit.registry import Named, registry

# From one origin to the next: there are few, and each may have a million messages.
EACH_ORIGIN = """
WITH RECURSIVE each AS (
    (SELECT origin FROM journeys_message ORDER BY origin LIMIT 1)
    UNION ALL
    SELECT (
        SELECT message.origin FROM journeys_message AS message
        WHERE message.origin > each.origin ORDER BY message.origin LIMIT 1
    ) FROM each WHERE each.origin IS NOT NULL
)
"""
_ALL = f"{EACH_ORIGIN} SELECT origin FROM each WHERE origin IS NOT NULL"


def named_origins(origins: Collection[str]) -> dict[str, Named]:
    """This will return what people call the things that these origins send for, where a higher app
    knows them."""
    found: dict[str, Named] = {}
    for source in registry.contact_sources.values():
        references = {one: source.reference_of(one) for one in origins}
        asked = [reference for reference in references.values() if reference]
        known = source.named(asked) if asked else {}
        found |= {
            origin: known[reference]
            for origin, reference in references.items()
            if reference in known
        }
    return found


def name_origins(rows: Iterable[Message]) -> None:
    """This will have messages know what people call the thing that they are sent for."""
    messages = list(rows)
    named = named_origins({message.origin for message in messages})
    for message in messages:
        message.named = named.get(message.origin)


def origins_like(text: str) -> list[str]:
    """This will list the origins that somebody means by some words: this very origin, or those
    whose code or name, in either language, holds them."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        origins = [origin for (origin,) in cursor.fetchall()]
    if text in origins:
        return [text]
    wanted = text.strip().casefold()
    found = {origin for origin in origins if wanted in origin.casefold()}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            named = named_origins(origins)
            found |= {
                origin
                for origin in origins
                if wanted
                in (named[origin].label if origin in named else words_of_origin(origin)).casefold()
            }
    return sorted(found)
