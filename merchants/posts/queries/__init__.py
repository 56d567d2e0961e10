"""Reading posts."""

from merchants.posts.queries.people import (
    Person,
    absent_among,
    described,
    one_person,
    people_of,
    qualified_among,
    who_may_stand,
)
from merchants.posts.queries.places import (
    all_posts,
    costs_of,
    list_posts,
    of_merchant,
    one_post,
    rule_on,
    stores_for,
)
from merchants.posts.queries.results import Line, by_merchant, by_post, dearest_year, of_post
from merchants.posts.queries.rota import (
    Cell,
    Row,
    Week,
    branches_for,
    days_from,
    posts_planned_by,
    unfilled_on,
    week_of,
)
from merchants.posts.queries.shifts import (
    forgotten,
    free_seat,
    mine,
    on_day,
    one_shift,
    shifts_between,
    shifts_of_post,
    totals_of,
    unfit,
    within,
)

__all__ = [
    "Cell", "Line", "Person", "Row", "Week", "absent_among", "all_posts", "branches_for",
    "by_merchant", "by_post", "costs_of", "days_from", "dearest_year", "described", "forgotten",
    "free_seat", "list_posts", "mine", "of_merchant", "of_post", "on_day", "one_person", "one_post",
    "one_shift", "people_of", "posts_planned_by", "qualified_among", "rule_on", "shifts_between",
    "shifts_of_post", "stores_for", "totals_of", "unfilled_on", "unfit", "week_of", "who_may_stand",
    "within",
]  # fmt: skip
