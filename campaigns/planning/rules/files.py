"""A campaign as a YAML file: read with sentences that name what is wrong, and written so that a
file that is read again says the same."""

from collections.abc import Hashable, Mapping
from typing import Any

import yaml
from django.utils.translation import gettext as _

from campaigns.planning.rules import plans
from campaigns.planning.rules.reading import Reading

_MOST_CHARACTERS = 200_000
_MERGE = "tag:yaml.org,2002:merge"


class _Loader(yaml.SafeLoader):
    """Reads plain values only, and refuses a field that stands twice, in whatever way it is
    written: 1, 0x1 and "1" are one."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for written, _value in node.value:
            name = self._name_of(written)
            if name in seen or str(name) in seen:
                raise plans.PlanWrong([_("{field}: stands twice").format(field=written.value)])
            seen |= {name, str(name)}
        return super().construct_mapping(node, deep)

    def _name_of(self, written: Any) -> Hashable:
        """A name as it is read; one that cannot be a name is refused by the reader itself."""
        if written.tag == _MERGE:
            return str(written.value)
        name = self.construct_object(written, deep=True)
        return name if isinstance(name, Hashable) else id(written)


def read_file(text: str) -> tuple[str, plans.Plan]:
    """This will read code and plan of a campaign from YAML text. Raises plans.PlanWrong."""
    return read_raw(_load(text))


def read_raw(raw: Mapping[str, Any]) -> tuple[str, plans.Plan]:
    """This will read code and plan of a campaign from plain values. Raises plans.PlanWrong."""
    reading = Reading(raw)
    code = reading.slug("code")
    rest = {name: value for name, value in raw.items() if name != "code"}
    try:
        plan = plans.read_plan(rest)
    except plans.PlanWrong as wrong:
        raise plans.PlanWrong(reading.problems + wrong.problems) from wrong
    if reading.problems:
        raise plans.PlanWrong(reading.problems)
    return code, plan


def write_file(code: str, content: Mapping[str, Any]) -> str:
    """This will write a version's content as YAML text; what is empty is left out."""
    plan = plans.plan_of(content).as_content()
    data = {"code": code} | {name: _plain(plan.get(name)) for name in plans.FIELDS}
    kept = {name: value for name, value in data.items() if not _is_empty(value)}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=100)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if not _is_empty(one)}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _is_empty(value: Any) -> bool:
    """Whether a value says nothing; a condition without fields is not empty, 0 is a number."""
    return value in (None, "", [], {})


def _load(text: str) -> dict[str, Any]:
    if len(text) > _MOST_CHARACTERS:
        raise plans.PlanWrong([_("The file is too long to be a campaign.")])
    try:
        # A SafeLoader underneath: only plain values are made.
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506
    except (ValueError, RecursionError) as broken:
        # 2026-02-30 without quotes, a number of thousands of digits, thousands of brackets.
        sentence = _(
            "The file holds a day that does not exist, a number too long, or is nested too deep."
        )
        raise plans.PlanWrong([sentence]) from broken
    except yaml.YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        sentence = _("The file is not YAML; see line {line}.").format(line=line)
        raise plans.PlanWrong([sentence]) from broken
    if not isinstance(raw, dict):
        raise plans.PlanWrong([_("The file must hold the fields of one campaign.")])
    return raw
