"""The ways out: one folder a channel, all behind `protocol.Gateway`.

A folder of this package whose name is a code of `contact.enums.Channel` and whose `__init__`
declares a `KIND` is a channel; nothing else lists them. It reads its settings under its own name in
capitals (`SMS_URL`), so that a copy of a folder is a further channel with settings of its own; for
the same reason, what a folder imports of itself, here alone, it imports by relative names.
"""

import functools
import importlib
import pkgutil

from journeys.outreach.channels.protocol import Kind


class NoSuchChannel(Exception):
    """Raised where a channel has no folder."""


@functools.cache
def kinds(package: str = __name__) -> dict[str, Kind]:
    """This will find the channels of a package by their folders, by code in alphabetical order."""
    paths = importlib.import_module(package).__path__
    found = {}
    for module in sorted(pkgutil.iter_modules(paths), key=lambda each: each.name):
        if module.ispkg:
            kind = getattr(importlib.import_module(f"{package}.{module.name}"), "KIND", None)
            if isinstance(kind, Kind):
                found[module.name] = kind
    return found


def kind_of(code: str) -> Kind:
    """This will return what the folder of a channel declares. Raises NoSuchChannel."""
    try:
        return kinds()[code]
    except KeyError as unknown:
        raise NoSuchChannel(code) from unknown
