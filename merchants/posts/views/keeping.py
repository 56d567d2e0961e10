"""Opening a post, changing it, and what it costs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from merchants.directory import queries as directory
from merchants.posts import operations, queries
from merchants.posts.access import may_plan, may_plan_for
from merchants.posts.forms import CostForm, PostForm, initial_of
from merchants.posts.models import Post
from merchants.posts.views.lists import post_or_404
from portal.kit import clock
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

FORM_PAGE = "merchants/posts/form_page.html"


def planned_or_refused(request: HttpRequest, number: str) -> Post:
    """This will return a post that the person plans. Raises Http404, PermissionDenied."""
    post = post_or_404(request, number)
    if not may_plan(staff_of(request), post):
        raise PermissionDenied
    return post


def form_page(form: Any, request: HttpRequest, **context: Any) -> HttpResponse:
    """This will show a form about posts, with the way back."""
    status = 422 if request.method == "POST" else 200
    return render(request, FORM_PAGE, {"form": form, **context}, status=status)


@requires(Permission.EDIT_POSTS)
def post_new(request: HttpRequest, number: str) -> HttpResponse:
    """This will open a post at a store of a merchant."""
    staff = staff_of(request)
    merchant = directory.one_merchant(scope=scope_of(staff), number=number)
    if merchant is None:
        raise Http404
    if not may_plan_for(staff, merchant):
        raise PermissionDenied
    stores = queries.stores_for(merchant=merchant)
    start = {
        "scenario": merchant.category.scenario, "first_date": clock.today(), "opens": "10:00",
        "closes": "18:00", "seats": 1,
    }  # fmt: skip
    form = PostForm(request.POST or None, initial=start, stores=stores)
    if form.is_valid():
        try:
            post = operations.open_post(
                store_id=int(form.cleaned_data["store"]), facts=form.facts, actor=staff,
                at=clock.now(),
            )  # fmt: skip
        except operations.PostRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Opened. Plan who stands there."))
            return redirect("post_page", post.number)
    return form_page(form, request, title=_("New post"), of=f"{merchant.label} · {merchant.number}",
        back=reverse("merchant_page", args=[merchant.number]), submit=_("Open the post"),
    )  # fmt: skip


@requires(Permission.EDIT_POSTS)
def post_edit(request: HttpRequest, number: str) -> HttpResponse:
    """This will change a post."""
    post = planned_or_refused(request, number)
    form = PostForm(request.POST or None, initial=initial_of(post))
    if form.is_valid():
        try:
            operations.change_post(
                post=post, facts=form.facts, actor=staff_of(request), at=clock.now()
            )
        except operations.PostRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("post_page", post.number)
    back = reverse("post_page", args=[post.number])
    return form_page(form, request, title=_("Change the post"), of=post.label, back=back)


@requires(Permission.EDIT_POSTS)
def post_cost(request: HttpRequest, number: str) -> HttpResponse:
    """This will record what a post costs from a day on."""
    post = planned_or_refused(request, number)
    form = CostForm(request.POST or None, initial={"first_date": post.first_date})
    if form.is_valid():
        try:
            operations.set_cost(
                post=post, actor=staff_of(request), at=clock.now(), **form.cleaned_data
            )
        except operations.PostRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("post_page", post.number)
    return form_page(form, request, title=_("Cost of the post"), of=post.label,
        back=reverse("post_page", args=[post.number]),
        lead=_("It holds from its day on until another is recorded; what stands is not changed."),
    )  # fmt: skip
