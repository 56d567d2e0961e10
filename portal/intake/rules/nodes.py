"""The nodes of a YAML file with their lines, and what is wrong with them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import yaml
from django.utils.translation import gettext as _

from portal.intake.rules.kinds import FileRefused


class Problems:
    """Reads nodes and gathers what is wrong, each with its line."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.found: list[tuple[int, str]] = []

    def add(self, line: int, sentence: str) -> None:
        """This will note a problem of a line."""
        self.found.append((line, sentence))

    def add_at(self, node: Any, sentence: str) -> None:
        """This will note a problem of a node."""
        self.add(self.line_of(node), sentence)

    def refuse(self) -> None:
        """This will raise FileRefused where there are problems: a sentence for each, in order."""
        if self.found:
            lines = [
                _("{file}, line {line}: {problem}").format(
                    file=self._name, line=line, problem=sentence
                )
                for line, sentence in sorted(dict.fromkeys(self.found))
            ]
            raise FileRefused("\n".join(lines))

    @staticmethod
    def line_of(node: Any) -> int:
        """This will return the line where a node begins."""
        return int(node.start_mark.line) + 1

    @staticmethod
    def is_text(node: Any) -> bool:
        """This will tell whether a node is a single value."""
        return isinstance(node, yaml.ScalarNode)

    def text(self, node: Any) -> str:
        """This will read a single value as it is written."""
        if not self.is_text(node):
            self.add_at(node, _("one value must stand here."))
            return ""
        return str(node.value).strip()

    def texts(self, node: Any) -> list[str]:
        """This will read a list of values; a single one is a list of one."""
        if node is None:
            return []
        if self.is_text(node):
            return [self.text(node)]
        return [self.text(entry) for entry in self.entries(node)]

    def entries(self, node: Any) -> list[Any]:
        """This will return the entries of a list."""
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.add_at(node, _("a list must stand here: lines that begin with “- ”."))
        return []

    def whole_number(self, node: Any) -> int:
        """This will read a whole number, 0 where nothing stands."""
        if node is None:
            return 0
        text = self.text(node)
        if text.isascii() and text.isdigit() and len(text) < 7:
            return int(text)
        self.add_at(node, _("write a whole number, such as 2."))
        return 0

    def pairs(self, node: Any) -> dict[str, tuple[Any, Any]]:
        """This will return names with the nodes of name and value, each name once."""
        found: dict[str, tuple[Any, Any]] = {}
        for key, value in self._pairs_of(node):
            name = self.text(key)
            if name in found:
                self.add_at(key, _("“{name}” stands twice; keep one.").format(name=name))
            found[name] = (key, value)
        return found

    def _pairs_of(self, node: Any) -> Iterator[tuple[Any, Any]]:
        if isinstance(node, yaml.MappingNode):
            yield from node.value
        else:
            self.add_at(node, _("names with values must stand here, such as “branch: HO”."))

    def fields(self, node: Any, known: Iterable[str], needed: Sequence[str]) -> dict[str, Any]:
        """This will return the nodes of a part by field; unknown and missing ones are problems."""
        if node is None:
            for name in needed:
                self.add(1, _missing(name))
            return {}
        found = self.pairs(node)
        for name, (key, _value) in found.items():
            if name not in known:
                sentence = _("“{name}” is not known here; write one of: {known}.")
                self.add_at(key, sentence.format(name=name, known=", ".join(known)))
        for name in needed:
            if name not in found:
                self.add_at(node, _missing(name))
        return {name: value for name, (_key, value) in found.items() if name in set(known)}


def _missing(name: str) -> str:
    return _("{name} is missing; write “{name}: …”.").format(name=name)
