"""The published text of a rule, made from the rule that the machine runs: one source, no second
wording. It speaks the language that is active."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.conditions.rules import tree


@dataclass(frozen=True)
class Clause:
    """A sentence of the rule, and the sentences that it opens."""

    text: str
    parts: tuple["Clause", ...] = ()


def clause_of(node: tree.Node) -> Clause:
    """This will word a tree of conditions."""
    if isinstance(node, tree.Leaf):
        return Clause(node.condition.sentence())
    openings = {
        tree.ALL: _("All of this holds:"),
        tree.ANY: _("At least one of this holds:"),
        tree.NOT: _("This does not hold:"),
    }
    return Clause(openings[node.join], tuple(clause_of(part) for part in node.parts))


def lines_of(clause: Clause, level: int = 0) -> list[str]:
    """This will write a clause as lines of plain text, what it opens indented."""
    first = "  " * level + ("- " if level else "") + clause.text
    return [first, *(line for part in clause.parts for line in lines_of(part, level + 1))]


def sentence_of(node: tree.Node) -> str:
    """This will say a tree of conditions in one line."""
    return " ".join(line.strip() for line in lines_of(clause_of(node)))


def short_name_of(node: tree.Node) -> str:
    """This will name a tree of conditions in a few words."""
    names = list(dict.fromkeys(leaf.condition.short_name() for leaf in tree.leaves(node)))
    joined = _(" or ").join(names) if isinstance(node, tree.Branch) else names[0]
    is_negated = isinstance(node, tree.Branch) and node.join == tree.NOT
    return _("Not: {names}").format(names=joined) if is_negated else joined
