"""Rules of the house that a reader would otherwise have to remember (see ARCHITECTURE.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tests.project import house

# Pages that nobody must sign in for, or whose guard is not a permission: view -> why.
OPEN_PAGES: dict[str, str] = {
    "portal/shell/views.py healthz": "asked by the load balancer",
    "journeys/outreach/views.py unsubscribe": "customers have no account: a token opens it",
    "portal/shell/views.py readyz": "asked by the load balancer",
    "portal/shell/views.py metrics": "guards itself: this machine only, or a token",
    "portal/shell/views.py set_language": "the language is chosen before signing in too",
    "portal/shell/views.py bad_request": "an error page",
    "portal/shell/views.py permission_denied": "an error page",
    "portal/shell/views.py page_not_found": "an error page",
    "portal/shell/views.py server_error": "an error page",
    "portal/shell/views.py csrf_failure": "an error page",
    "campaigns/flash/views/api.py claim": "guards itself: a token",
    "campaigns/flash/views/api.py confirm": "guards itself: a token",
    "campaigns/flash/views/api.py show_claim": "guards itself: a token",
    "campaigns/flash/views/api.py show_sale": "guards itself: a token",
    "portal/intake/views/api.py send_rows": "guards itself: a token",
    "portal/intake/views/api.py show_import": "guards itself: a token",
    "portal/intake/views/api.py openapi_document": "guards itself: a token",
    "portal/staff/views/__init__.py closed": "answers 404 for pages that a bank does not open",
    "portal/staff/views/__init__.py locked_out": "what a locked-out person is told",
}

# Operations that the registry calls back with values in order.
CALLED_BACK = {
    "campaigns/planning/operations.py carry_approved",
    "campaigns/planning/operations.py carry_returned",
    "campaigns/planning/operations.py carry_vetoed",
    "merchants/negotiation/operations/asking.py carry_terms",
    "merchants/negotiation/operations/asking.py leave_terms",
    "merchants/partnerships/operations/requesting.py carry_allowed",
    "merchants/partnerships/operations/requesting.py still_barred",
    "campaigns/rewards/operations/twice.py carry_claw_back",
    "campaigns/rewards/operations/twice.py leave_claw_back",
    "merchants/allocation/operations/deciding.py carry_plan",
    "merchants/allocation/operations/deciding.py leave_plan",
    "campaigns/texts/operations.py carry_text",
    "campaigns/texts/operations.py leave_text",
    "journeys/care/operations/extensions.py carry_extended",
    "journeys/care/operations/extensions.py carry_refused",
    "journeys/contact/operations/control.py carry_control_group",
    "journeys/contact/operations/control.py leave_control_group",
    "journeys/rights/operations/erasing.py carry_approved",
    "journeys/rights/operations/erasing.py carry_returned",
    "journeys/notices/operations/wording.py carry_wording",
    "merchants/directory/operations/partners.py carry_partner",
    "merchants/directory/operations/partners.py leave_partner",
    "journeys/notices/operations/wording.py leave_wording",
    "journeys/telemarketing/operations/scripts.py carry_script",
    "journeys/telemarketing/operations/scripts.py leave_script",
    *(
        f"journeys/targets/operations/deciding.py {name}"
        for name in (
            "carry_plan",
            "leave_plan",
            "carry_scorecard",
            "leave_scorecard",
            "card_unready",
        )
    ),
    "journeys/telemarketing/operations/facts.py carry_fact",
    "journeys/telemarketing/operations/facts.py leave_fact",
}

# Where the time may be read: the edges, at which a request, a file or a message comes in.
READS_THE_CLOCK = {"views", "panels", "access", "intake"}

MARKS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")


def places(file: Path, pattern: re.Pattern[str]) -> list[str]:
    """Where in a file the pattern is found, as `file:line`."""
    lines = enumerate(file.read_text("utf-8").splitlines(), start=1)
    return [f"{house.name(file)}:{number}" for number, line in lines if pattern.search(line)]


# --- the tree ------------------------------------------------------------------------------
@pytest.mark.parametrize("app", house.APPS)
def test_an_app_holds_topics_and_its_porch(app: str) -> None:
    frame = house.PORCH | {"__init__"} | (house.FRAME if app == "portal" else set())
    modules = {file.stem for file in (house.ROOT / app).glob("*.py")}
    assert modules - frame == set()


@pytest.mark.parametrize("app", house.APPS)
def test_a_topic_holds_rooms_and_nothing_else(app: str) -> None:
    strangers = [
        house.name(entry)
        for topic in house.topics(app)
        for entry in sorted(topic.iterdir())
        if entry.name not in ("__init__.py", "__pycache__")
        and entry.name.removesuffix(".py") not in house.ROOMS
    ]
    house.assert_none(strangers)


def test_no_file_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "core", "misc", "tools", "lib"}
    files = [*house.all_files(), *house.templates()]
    house.assert_none(
        [house.name(file) for file in files if drawers & {file.stem, file.parent.name}]
    )


def test_tests_mirror_the_tree() -> None:
    beside = {"project", "flows", "races", "browser", "factories", "benchmarks", "examples"}
    strangers = []
    for file in house.python_files("tests"):
        folder = file.parent.relative_to(house.ROOT / "tests")
        mirrored = (house.ROOT / folder).is_dir()
        if folder.parts and folder.parts[0] not in beside and not mirrored:
            strangers.append(house.name(file))
    house.assert_none(strangers)


# --- code ----------------------------------------------------------------------------------
def test_nothing_is_left_for_later() -> None:
    files = [*house.all_files(), *house.templates(), *(house.ROOT / "static/js").rglob("*.js")]
    house.assert_none([place for file in files for place in places(file, MARKS)])


def test_models_have_no_order_and_no_business_in_save() -> None:
    models = [model for app in house.APPS for model in apps.get_app_config(app).get_models()]
    house.assert_none([model._meta.label for model in models if model._meta.ordering])
    own = [model._meta.label for model in models if {"save", "delete"} & set(vars(model))]
    house.assert_none(own)


def test_no_signals_of_our_own() -> None:
    found = [
        f"{house.name(file)}:{line}"
        for file in house.code_files()
        for line, target in house.imported(file)
        if target.startswith(("django.db.models.signals", "django.dispatch.Signal"))
    ]
    house.assert_none(found)


def test_lists_are_paged_by_the_kit_alone() -> None:
    found = [
        f"{house.name(file)}:{line}"
        for file in house.code_files()
        for line, target in house.imported(file)
        if target.startswith(("django.core.paginator", "django.views.generic"))
    ]
    house.assert_none(found)


def _calls(file: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(house.tree(file)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def test_the_clock_is_read_in_one_place() -> None:
    clocks = re.compile(
        r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|timezone\.now|localdate)$"
    )
    found = [
        f"{house.name(file)}:{line} {called}"
        for file in house.code_files()
        if house.name(file) != "portal/kit/clock.py"
        for line, called in _calls(file)
        if clocks.search(called) or called in ("time.time", "Now", "functions.Now")
    ]
    house.assert_none(found)


def test_time_comes_in_as_an_argument() -> None:
    inner = set(house.ROOMS) - READS_THE_CLOCK
    found = [
        f"{house.name(file)}:{line} {called}"
        for file in house.files_in(*inner)
        for line, called in _calls(file)
        if called in ("clock.now", "clock.today")
    ]
    house.assert_none(found)


def test_rules_are_plain_functions_on_plain_values() -> None:
    found = [
        f"{house.name(file)}:{line} {target}"
        for file in house.files_in("rules")
        for line, target in house.imported(file)
        if target.startswith(("django.db", "django.conf", "django.http", "portal.kit.clock"))
    ]
    house.assert_none(found)


def test_operations_that_decide_take_keywords() -> None:
    """An operation that decides knows when and by whom; that is never said by position alone."""
    loose = [
        f"{house.name(file)}:{function.lineno} {function.name}"
        for file in house.files_in("operations")
        for function in house.public_functions(file)
        if {given.arg for given in function.args.args} & {"at", "on", "actor", "by", "maker"}
        and f"{house.name(file)} {function.name}" not in CALLED_BACK
    ]
    house.assert_none(loose)


def test_of_the_houses_models_other_apps_import_staff_alone() -> None:
    found = [
        f"{house.name(file)}:{line} {target}"
        for file in house.python_files("merchants", "journeys", "campaigns")
        for line, target in house.imported(file)
        if target.startswith("portal.staff.models.") and target != "portal.staff.models.Staff"
    ]
    house.assert_none(found)


def test_every_view_has_a_guard() -> None:
    open_doors = [
        f"{house.name(file)} {function.name}"
        for file in house.files_in("views")
        for function in house.public_functions(file)
        if function.args.args
        and function.args.args[0].arg == "request"
        and function.returns is not None
        and "Response" in ast.unparse(function.returns)
        and "requires" not in house.decorators(function)
    ]
    house.assert_none([door for door in open_doors if door not in OPEN_PAGES])


# --- templates -----------------------------------------------------------------------------
INLINE = [
    re.compile(r"\sstyle\s*=", re.IGNORECASE),
    re.compile(r"<style\b", re.IGNORECASE),
    re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    re.compile(r"\bhx-on\b|javascript:|[\"']js:", re.IGNORECASE),
]


@pytest.mark.parametrize("pattern", INLINE, ids=lambda pattern: pattern.pattern)
def test_templates_have_nothing_inline(pattern: re.Pattern[str]) -> None:
    house.assert_none([place for file in house.templates() for place in places(file, pattern)])


def test_the_patterns_find_what_is_inline() -> None:
    faults = [
        '<p style="color: red">', "<style>p {}</style>", "<script>run()</script>",
        '<a href="#" onclick="run()">', '<a hx-on:click="run()">',
    ]  # fmt: skip
    assert [bool(pattern.search(line)) for pattern, line in zip(INLINE, faults, strict=True)] == (
        [True] * len(INLINE)
    )
    clean = '<script src="{% static "js/x.js" %}" defer></script> <p class="on">one = 1</p>'
    assert [pattern.search(clean) for pattern in INLINE] == [None] * len(INLINE)


def test_a_template_stands_with_its_topic() -> None:
    lost = []
    for file in house.templates():
        app, *rest = file.relative_to(house.ROOT / "templates").parts
        if app in house.APPS and not (len(rest) == 2 and (house.ROOT / app / rest[0]).is_dir()):
            lost.append(house.name(file))
    house.assert_none(lost)
