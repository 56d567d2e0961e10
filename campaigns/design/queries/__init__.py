"""Reading drafts: what they say, whom they reach, what an edit changes for those inside."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.conditions import queries as conditions
from campaigns.conditions.enums import Source
from campaigns.conditions.rules import base, statement, tree, wording
from campaigns.conditions.rules.names import known_as
from campaigns.design.models import Draft
from campaigns.design.rules import estimating, merging, places, trees
from campaigns.design.rules.estimating import Estimate
from campaigns.eligibility import queries as eligibility
from campaigns.planning import operations as planning
from campaigns.planning import queries as campaigns
from campaigns.planning.models import Campaign, CampaignVersion
from campaigns.planning.rules import changes, disclosure, files, plans
from campaigns.planning.rules.reading import Reading
from campaigns.rewards import queries as rewards
from journeys.cards import queries as cards
from journeys.notices import rules as notices
from journeys.notices.enums import Result
from journeys.outreach import queries as outreach
from portal.kit.funnel import FunnelStep
from portal.staff import queries as staff

# An exact answer is waited for so long (ms); a sample then takes so long (s) at most.
_EXACT_WITHIN, _SPAN_WITHIN, _SAMPLE_WITHIN = 400, 400, 0.5
_SPAN, _LEAST_SPANS = 500, 8


def drafts() -> QuerySet[Draft]:
    """This will list the drafts, those changed last first."""
    return Draft.objects.select_related("owner", "changed_by", "based_on__campaign").order_by(
        "-changed_at", "-id"
    )


def find_draft(draft_id: int) -> Draft | None:
    """This will find a draft."""
    return drafts().filter(pk=draft_id).first()


def version_numbered(campaign: Campaign, number: str) -> CampaignVersion | None:
    """This will find a version of a campaign by its number, as it stands in an address or form."""
    is_number = number.isascii() and number.isdecimal() and len(number) < 9
    return campaigns.versions_of(campaign).filter(number=int(number)).first() if is_number else None


def offered() -> dict[Source, list[tuple[str, str]]]:
    """This will list what the forms of conditions offer, campaigns included."""
    known = [(row.code, row.label) for row in campaigns.campaigns().order_by("code")]
    return {**conditions.offered(), Source.CAMPAIGNS: known}


def templates() -> list[str]:
    """This will list the codes of the message texts in use, without those that tell results of
    applications."""
    of_results = {notices.template_of(result) for result in Result.values}
    return sorted({text.code for text in outreach.texts_in_use()} - of_results)


def products() -> list[tuple[str, str]]:
    """This will list the bank's own card products."""
    return [(row.code, row.label) for row in cards.own_products()]


@dataclass(frozen=True)
class Fault:
    """What has to be mended or looked at, and where."""

    problem: str
    place: places.Place
    is_block: bool = True


def faults_of(draft: Draft, *, on: dt.date) -> list[Fault]:
    """This will list what keeps a draft from being submitted, and what should be looked at."""
    try:
        _code, plan = files.read_raw({"code": draft.code or None, **draft.content})
    except plans.PlanWrong as wrong:
        return [*(_said(sentence) for sentence in wrong.problems), *_unpublished(draft)]
    if unknown := planning.unknown_in(plan):
        return [_said(sentence) for sentence in unknown]
    found = campaigns.faults_of_plan(plan, code=draft.code, on=on)
    return [
        Fault(f"{fault.problem} {fault.todo}", places.place_of(fault.place), fault.is_block)
        for fault in found
    ]


def _unpublished(draft: Draft) -> list[Fault]:
    """What must be published and is not written yet, of a draft too incomplete to be checked."""
    written = draft.content.get("disclosure") or {}
    return [
        _said(f"disclosure.{name}: " + _("Write it: it must be published."))
        for name in disclosure.Disclosure().as_data()
        if not written.get(name)
    ]


def _said(sentence: str) -> Fault:
    return Fault(sentence, places.place_of(sentence.partition(":")[0]))


def plan_of(draft: Draft) -> plans.Plan | None:
    """This will return a draft's plan; None while it is not whole."""
    try:
        return plans.plan_of(draft.content)
    except plans.PlanWrong:
        return None


# --- the tree ---------------------------------------------------------------------------------
def read_part(raw: dict[str, Any] | None) -> tree.Node | None:
    """This will read a tree that may hold empty groups; None where nothing is in it."""
    left = trees.pruned(raw) if raw else None
    try:
        return tree.read_rule(left) if left else None
    except base.RuleWrong:
        return None


def _named(node: tree.Node) -> Any:
    known = conditions.names_of([node])
    return known_as(known)


def shown(raw: dict[str, Any]) -> trees.Shown:
    """This will lay out a tree with the title and the sentence of each condition."""
    node = read_part(raw)
    known = conditions.names_of([node]) if node else {}

    def say(part: dict[str, Any]) -> tuple[str, str]:
        leaf = tree.read_rule(part)
        if not isinstance(leaf, tree.Leaf):
            return "", ""
        return str(leaf.condition.title), leaf.condition.sentence()

    with known_as(known):
        return trees.shown(raw, say)


def clause_of(raw: dict[str, Any] | None) -> wording.Clause | None:
    """This will say a tree in the reader's language; None where nothing is in it."""
    node = read_part(raw)
    if node is None:
        return None
    with _named(node):
        return wording.clause_of(node)


# --- the count --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Counted:
    """How many meet the conditions of a draft, out of how many, and how many are left after each
    step; `is_exact` unless estimated from `looked_at` customers."""

    qualified: Estimate
    steps: list[FunnelStep]
    is_exact: bool = True
    looked_at: int = 0


@dataclass(frozen=True)
class Frame:
    """What a draft says about its cards besides the conditions."""

    values: dict[str, Any]
    has_branches: bool


def frame_of(content: dict[str, Any]) -> Frame | None:
    """This will read which cards a draft is about; None where it does not say so yet."""
    reading = Reading(content)
    issued = reading.span("issued_from", "issued_to")
    codes = reading.codes("products")
    branches = reading.codes("branches", is_needed=False)
    if reading.problems:
        return None
    values = {
        "products": list(codes), "issued_from": issued[0], "issued_to": issued[1],
        "branches": staff.branch_ids_of(branches) if branches else None,
    }  # fmt: skip
    return Frame(values, bool(branches))


def _id_span() -> tuple[int, int] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM journeys_customer")
        first, last = cursor.fetchone()
    return None if first is None else (first, last)


def _try(sql: str, values: dict[str, Any], milliseconds: int) -> list[tuple[Any, ...]] | None:
    """The rows of a query, None where it takes longer than it may."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {milliseconds}")
            cursor.execute(sql, values)
            return list(cursor.fetchall())
    except OperationalError:  # canceled by the limit
        return None
    finally:
        # Within an outer transaction the limit would outlive its savepoint.
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = DEFAULT")


def _sampled(
    sql: str, values: dict[str, Any], ids: tuple[int, int], seed: int
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows for one span of customers after the other, as long as there is time."""
    ends = time.monotonic() + _SAMPLE_WITHIN
    for number, (first, end) in enumerate(estimating.spans_in_turn(*ids, _SPAN, seed)):
        if number >= _LEAST_SPANS and time.monotonic() > ends:
            return
        rows = _try(sql, values | {"first": first, "end": end}, _SPAN_WITHIN)
        if rows is None:
            return
        yield rows


def count(draft: Draft, raw: dict[str, Any], *, on: dt.date, also: trees.Raw | None = None
          ) -> Counted | None:  # fmt: skip
    """This will count who meets a tree, and the tree `also` of a tier beyond it, as of the end of a
    day: exactly where that is quick, else from a sample. None where there is nothing to count, or
    no answer within the time."""
    frame, ids = frame_of(draft.content), _id_span()
    node = tree.both(read_part(raw), read_part(also))
    if frame is None or node is None or ids is None:
        return None
    found = statement.decisions_of(node, in_branches=frame.has_branches, with_facts=False)
    sql = (
        f"SELECT outcome, failed_at, count(*) FROM ({found.sql}) AS decided "
        "GROUP BY outcome, failed_at"
    )
    values = found.parameters | frame.values | {"on": on}
    rows = _try(sql, values | {"first": ids[0], "end": ids[1] + 1}, _EXACT_WITHIN)
    if rows is not None:
        return _counted([rows], 1, node, is_exact=True)
    looked = list(_sampled(sql, values, ids, draft.pk))
    if len(looked) < 2:
        return None
    return _counted(looked, len(range(ids[0], ids[1] + 1, _SPAN)), node, is_exact=False)


def _counted(
    looked: list[list[tuple[Any, ...]]], spans: int, node: tree.Node, *, is_exact: bool
) -> Counted:
    tallies = [Counter({(row[0], row[1]): row[2] for row in rows}) for rows in looked]
    whole = sum(tallies, Counter())
    scale = spans / len(looked)
    left = float(sum(whole.values()))
    steps = [FunnelStep(_("Customers"), round(left * scale))]

    def fall(name: str, number: float) -> None:
        nonlocal left
        left -= number
        steps.append(FunnelStep(name, round(left * scale)))

    fall(_("Holds a card"), whole["no_card", None] + whole["other_branch", None])
    with _named(node):
        for step in tree.steps_in_order(node):
            failed = whole["not_qualified", tree.first_position(step)]
            fall(wording.short_name_of(step), failed)
    qualified = estimating.estimate([tally["qualified", None] for tally in tallies], spans)
    return Counted(qualified, steps, is_exact, sum(whole.values()))


# --- versions that came since ---------------------------------------------------------------------
def newer_versions(draft: Draft) -> list[CampaignVersion]:
    """This will list the versions of the campaign that a draft edits which came after its author
    looked, the newest first."""
    if draft.based_on is None:
        return []
    rows = campaigns.versions_of(draft.based_on.campaign)
    return list(rows.filter(number__gt=draft.seen_number))


def says_the_same(draft: Draft, version: CampaignVersion) -> bool:
    """This will tell whether a draft is what a version is already."""
    plan = plan_of(draft)
    return plan is not None and plan.as_content() == version.content


def merged(draft: Draft, version: CampaignVersion, give_way: Set[str] = frozenset()
           ) -> merging.Merged:  # fmt: skip
    """This will bring an edit and a version that came since together, see `merging.merge`."""
    base: Any = draft.based_on
    plan = plan_of(draft)
    mine = draft.content if plan is None else plan.as_content()
    return merging.merge(base.content, mine, version.content, give_way)


@dataclass(frozen=True)
class Newer:
    """What an author sees of a version that came since: what it changes of the one that the draft
    began from, what the draft changes of that (None while it is not whole), and what both do: its
    place and the two sayings."""

    version: CampaignVersion
    theirs: list[changes.Change]
    mine: list[changes.Change] | None
    clashes: list[tuple[str, list[changes.Change]]]


def newer_of(draft: Draft, version: CampaignVersion) -> Newer:
    """This will compare a draft with a version that came since."""
    based: Any = draft.based_on
    base, now, own = plans.plan_of(based.content), plans.plan_of(version.content), plan_of(draft)
    clashes = [
        (one.place, _said_otherwise(draft, version, one.place))
        for one in merged(draft, version).clashes
    ]
    return Newer(
        version,
        campaigns.changes_between(base, now),
        None if own is None else campaigns.changes_between(base, own),
        clashes,
    )


def _said_otherwise(draft: Draft, version: CampaignVersion, place: str) -> list[changes.Change]:
    """How both say one part, in words: the draft before, the version now. Nothing where one of the
    two would be no whole plan. The names stand alone: a plan in words says both in one line."""
    if label := {"name": _("Name"), "name_en": _("English name")}.get(place):
        one, other = draft.content.get(place) or "", version.content[place]
        return [changes.Change(label, (one,) if one else (), (other,))]
    try:
        mine = plans.plan_of(merged(draft, version).content)
        theirs = plans.plan_of(merged(draft, version, {place}).content)
    except plans.PlanWrong:
        return []
    return campaigns.changes_between(mine, theirs)


# --- an edit ----------------------------------------------------------------------------------
def effect_of(draft: Draft, *, on: dt.date) -> tuple[int, Any, int, dict[str, Any] | None]:
    """This will tell what an edit means for everyone inside: holders of a reward and its value
    (CNY), messages that wait, and how the audience changes (None where it cannot be told)."""
    version = draft.based_on
    if version is None:
        raise ValueError("The draft edits no campaign.")
    holders, amount = rewards.holders_of(version.campaign_id)
    waiting = outreach.count_open(origins=campaigns.origins_of(version.campaign))
    return holders, amount, waiting, _moved(draft, version, on)


def _moved(draft: Draft, version: CampaignVersion, on: dt.date) -> dict[str, Any] | None:
    old, new = plans.plan_of(version.content), plan_of(draft)
    ids = _id_span()
    if new is None or ids is None:
        return None
    # {ids} stands in both until the values of each are in: the two share the names of parameters.
    sql = f"""
SELECT count(*) FILTER (WHERE was.outcome = 'qualified' AND now.outcome <> 'qualified'),
       count(*) FILTER (WHERE was.outcome <> 'qualified' AND now.outcome = 'qualified'),
       count(*) FILTER (WHERE was.outcome = 'qualified' AND now.outcome = 'qualified')
FROM ({_written(old, on)}) AS was JOIN ({_written(new, on)}) AS now USING (customer_id)
"""
    rows = _try(sql, {"first": ids[0], "end": ids[1] + 1}, _EXACT_WITHIN)
    looked = [rows] if rows is not None else list(_sampled(sql, {}, ids, draft.pk))
    if not looked or (rows is None and len(looked) < 2):
        return None
    spans = 1 if rows is not None else len(range(ids[0], ids[1] + 1, _SPAN))
    names = ("leaving", "joining", "staying")
    found = {
        name: estimating.estimate([one[0][place] for one in looked], spans)
        for place, name in enumerate(names)
    }
    return found | {"is_exact": rows is not None}


def _written(plan: plans.Plan, on: dt.date) -> str:
    """The statement of a plan with its values written in, but for the span of customers."""
    found = eligibility.statement_of(plan, with_facts=False)
    own = {"on": on, "first": _FIRST, "end": _END}
    values = found.parameters | eligibility.frame_of(plan) | own
    with connection.cursor() as cursor:
        text = cursor.mogrify(found.sql, values)
    text = text.replace("%", "%%")
    return text.replace(f"'{_FIRST}'", "%(first)s").replace(f"'{_END}'", "%(end)s")


_FIRST, _END = "~the first customer~", "~the end of customers~"
