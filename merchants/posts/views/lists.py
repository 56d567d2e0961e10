"""Posts, their rota and what they brought."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from merchants.directory import queries as directory
from merchants.posts import operations, queries
from merchants.posts.access import may_plan, may_plan_for
from merchants.posts.forms import MERCHANTS, PostFilter, ResultFilter, WeekFilter
from merchants.posts.models import Post
from portal.kit import clock, parts, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_WEEK = dt.timedelta(days=7)
_BEFORE, _AHEAD, _RESULTS = dt.timedelta(days=7), dt.timedelta(days=15), dt.timedelta(days=89)


def post_or_404(request: HttpRequest, number: str) -> Post:
    """This will return a post of the person's scope. Raises Http404."""
    post = queries.one_post(scope=scope_of(staff_of(request)), number=number)
    if post is None:
        raise Http404
    return post


@requires(Permission.VIEW_MERCHANTS)
def post_list(request: HttpRequest) -> HttpResponse:
    """This will show the posts of the person's scope."""
    scope, on = scope_of(staff_of(request)), clock.today()
    form = PostFilter(request.GET)
    page = tables.page_of(request, queries.list_posts(scope=scope, on=on, **form.asked()))
    context = {"form": form, "page": page, "rows": page.rows, "on": on}
    return render(request, "merchants/posts/post_list.html", context)


@requires(Permission.VIEW_MERCHANTS)
def post_page(request: HttpRequest, number: str) -> HttpResponse:
    """This will show a post: where it stands, what the store allowed, who stands there, what it
    costs and what it brought."""
    post, at = post_or_404(request, number), clock.now()
    on = clock.bank_day(at)
    shifts = queries.shifts_of_post(post=post, first=on - _BEFORE, end=on + _AHEAD)
    against = queries.unfit(shifts, at)
    sentences = operations.SENTENCES
    context = {
        "post": post,
        "on": on,
        "shifts": [
            {"shift": one, "standing": one.standing(at),
             "against": sentences.get(against.get(one.pk, ""), "")}
            for one in shifts
        ],
        "costs": queries.costs_of(post=post),
        "result": queries.of_post(
            post=post, first=on - _RESULTS, end=on + dt.timedelta(days=1), at=at
        ),
        "may_plan": may_plan(staff_of(request), post),
        "is_over": post.last_date < on,
    }  # fmt: skip
    return render(request, "merchants/posts/post_page.html", context)


@requires(Permission.VIEW_MERCHANTS)
def post_rota(request: HttpRequest) -> HttpResponse:
    """This will show who stands where in a week."""
    staff, at = staff_of(request), clock.now()
    scope = scope_of(staff)
    branches = queries.branches_for(scope=scope)
    monday, branch = WeekFilter(request.GET, branches=branches).asked(clock.bank_day(at))
    form = WeekFilter({"week": monday, "branch": branch}, branches=branches)
    week = queries.week_of(scope=scope, monday=monday, at=at, branch=branch)
    sentences = operations.SENTENCES
    context = {
        "form": form,
        "week": week,
        "rows": [
            {"post": row.post, "may_plan": may_plan(staff, row.post), "cells": [
                {"day": cell.day, "stands": cell.stands, "is_full": cell.is_full,
                 "is_past": cell.day.day < clock.bank_day(at),
                 "shifts": [(shift, sentences.get(rule, "")) for shift, rule in cell.shifts]}
                for cell in row.cells
            ]}
            for row in week.rows
        ],
        "before": monday - _WEEK,
        "after": monday + _WEEK,
        "branch": branch,
        "monday": monday,
        "on": clock.bank_day(at),
    }  # fmt: skip
    return render(request, "merchants/posts/post_rota.html", context)


@requires(Permission.VIEW_MERCHANTS)
def post_results(request: HttpRequest) -> HttpResponse:
    """This will show what posts brought an hour, with how sure that is, and what an active card
    cost."""
    at = clock.now()
    form = ResultFilter(request.GET)
    first, end, by = form.asked(clock.bank_day(at))
    read = queries.by_merchant if by == MERCHANTS else queries.by_post
    context = {
        "form": form,
        "lines": read(scope=scope_of(staff_of(request)), first=first, end=end, at=at),
        "is_by_merchant": by == MERCHANTS,
        "first": first,
        "last": end - dt.timedelta(days=1),
    }
    return render(request, "merchants/posts/post_results.html", context)


@requires(Permission.VIEW_MERCHANTS)
@parts.part_of("merchant_page", "number")
def merchant_posts(request: HttpRequest, number: str) -> HttpResponse:
    """This will give the part of a merchant's page about posts at its stores."""
    staff, on = staff_of(request), clock.today()
    scope = scope_of(staff)
    merchant = directory.one_merchant(scope=scope, number=number)
    if merchant is None:
        raise Http404
    context: dict[str, Any] = {
        "merchant": merchant,
        "posts": list(queries.of_merchant(scope=scope, merchant=merchant)[:10]),
        "on": on,
        "may_open": merchant.is_partner and may_plan_for(staff, merchant),
    }
    return render(request, "merchants/posts/_of_merchant.html", context)
