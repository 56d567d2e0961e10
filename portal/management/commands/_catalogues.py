"""Catalogues of translations, made without the gettext tools: what the sources say, what the
translators wrote in `locale/parts/*.po`, and the django.po and django.mo that follow from both."""

import ast
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation.template import templatize

SOURCES = ("portal", "merchants", "journeys", "campaigns", "templates")

# How many leading arguments are texts, and whether the first of them is a context.
_CALLS: dict[str, tuple[int, bool]] = {
    "_": (1, False),
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (2, True),
    "pgettext_lazy": (2, True),
    "npgettext": (3, True),
    "npgettext_lazy": (3, True),
}
_LITERAL = r"""(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_IN_TEMPLATE = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(((?:\s*u?{_LITERAL},?)+)")
_NAMED_PERCENT = re.compile(r"%\((\w+)\)")


@dataclass(frozen=True, order=True)
class Text:
    """One text of the sources, by what gettext finds it by."""

    english: str
    context: str = ""
    plural: str = ""


@dataclass
class Found:
    """The texts of all sources with their places, and calls that cannot be read."""

    places: dict[Text, list[str]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    def add(self, name: str, texts: list[str], place: str) -> None:
        """This will note a call of `name` with these leading texts."""
        count, has_context = _CALLS[name]
        if len(texts) < count:
            self.unreadable.append(f"{place}: the text of {name}() is not written out")
            return
        context = texts.pop(0) if has_context else ""
        text = Text(texts[0], context, texts[1] if len(texts) > 1 and count > 1 else "")
        if text.plural == "" and count - has_context > 1:
            self.unreadable.append(f"{place}: the plural of {name}() is not written out")
            return
        self.places.setdefault(text, []).append(place)


def texts_of_sources(base: Path) -> Found:
    """This will read every text to translate in the Python files and templates below `base`."""
    found = Found()
    for folder in SOURCES:
        for path in sorted((base / folder).rglob("*")):
            place = path.relative_to(base).as_posix()
            if path.suffix == ".py" and "migrations" not in path.parts:
                _read_python(path.read_text(), place, found)
            elif path.suffix in {".html", ".txt"}:
                _read_template(path.read_text(), place, found)
    return found


def _read_python(source: str, place: str, found: Found) -> None:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = _name_of(node.func)
        if name not in _CALLS or not node.args:
            continue
        # A variable was marked where it was written; only a text glued together is a mistake.
        first = node.args[0]
        if isinstance(first, ast.Constant | ast.JoinedStr | ast.BinOp):
            found.add(name, _constants(node.args, _CALLS[name][0]), f"{place}:{node.lineno}")


def _name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _constants(arguments: Iterable[ast.expr], count: int) -> list[str]:
    return [
        argument.value
        for argument in list(arguments)[:count]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def _read_template(source: str, place: str, found: Found) -> None:
    for call in _IN_TEMPLATE.finditer(templatize(source, origin=place)):
        name = call.group(1)
        texts = [
            ast.literal_eval(literal) for literal in re.findall(f"u?{_LITERAL}", call.group(2))
        ]
        found.add(name, texts[: _CALLS[name][0]], place)


def read_parts(folder: Path) -> tuple[dict[Text, polib.POEntry], list[str]]:
    """This will read the translators' files in order of name; the first word on a text holds,
    and a file that says otherwise is told."""
    entries: dict[Text, polib.POEntry] = {}
    disagreements = []
    for path in sorted(folder.glob("*.po")):
        for entry in polib.pofile(str(path), encoding="utf-8"):
            known = entries.setdefault(_key(entry), entry)
            if said(known) != said(entry):
                disagreements.append(
                    f"{path.name}: {entry.msgid!r} is {said(known)!r} elsewhere, "
                    f"{said(entry)!r} here"
                )
    return entries, disagreements


def read_catalogue(path: Path) -> dict[Text, polib.POEntry]:
    """This will read a django.po; an absent one is empty."""
    if not path.exists():
        return {}
    return by_text(polib.pofile(str(path), encoding="utf-8"))


def by_text(catalogue: polib.POFile) -> dict[Text, polib.POEntry]:
    """This will return the entries of a catalogue by their texts."""
    return {_key(entry): entry for entry in catalogue}


def _key(entry: polib.POEntry) -> Text:
    return Text(entry.msgid, entry.msgctxt or "", entry.msgid_plural or "")


def said(entry: polib.POEntry) -> str:
    """This will return the translation that an entry holds."""
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def chinese(
    found: Found, parts: dict[Text, polib.POEntry], existing: dict[Text, polib.POEntry]
) -> polib.POFile:
    """This will make the Chinese catalogue: every text in use, with what the parts say, or else
    what stood there already. What is no longer used is dropped."""
    catalogue = _empty("zh_Hans", "nplurals=1; plural=0;")
    for text, places in sorted(found.places.items()):
        source = parts.get(text) or existing.get(text)
        translation = said(source) if source else ""
        entry = _entry(text, places)
        if text.plural:
            entry.msgstr_plural = {0: translation}
        else:
            entry.msgstr = translation
        entry.flags = ["fuzzy"] if source and source.fuzzy else []
        catalogue.append(entry)
    return catalogue


def english(found: Found) -> polib.POFile:
    """This will make the English catalogue, in which every text says itself: so that an English
    reader never falls back to another language."""
    catalogue = _empty("en", "nplurals=2; plural=(n != 1);")
    for text, places in sorted(found.places.items()):
        entry = _entry(text, places)
        if text.plural:
            entry.msgstr_plural = {0: text.english, 1: text.plural}
        else:
            entry.msgstr = text.english
        catalogue.append(entry)
    return catalogue


def _empty(language: str, plurals: str) -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plurals,
    }
    return catalogue


def _entry(text: Text, places: list[str]) -> polib.POEntry:
    # Files without line numbers: the catalogue must not change with every edit above a text.
    files = sorted({place.partition(":")[0] for place in places})
    return polib.POEntry(
        msgid=text.english,
        msgctxt=text.context or None,
        msgid_plural=text.plural or "",
        occurrences=[(file, "") for file in files],
    )


def faults(catalogue: polib.POFile) -> Iterator[str]:
    """This will tell what is missing, uncertain or broken in a catalogue."""
    for entry in catalogue:
        translation = said(entry)
        if not translation:
            yield f"missing: {entry.msgid!r} ({', '.join(file for file, _ in entry.occurrences)})"
        elif entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        elif _placeholders(translation) - _placeholders(entry.msgid + (entry.msgid_plural or "")):
            yield f"placeholder unknown to the text: {entry.msgid!r} -> {translation!r}"
        elif not entry.msgid_plural and _placeholders(entry.msgid) - _placeholders(translation):
            yield f"placeholder lost: {entry.msgid!r} -> {translation!r}"


def _placeholders(text: str) -> set[str]:
    named = set(_NAMED_PERCENT.findall(text))
    try:
        return named | {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return named
