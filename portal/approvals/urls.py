"""Addresses of the approvals inbox."""

from django.urls import path

from portal.approvals import views
from portal.approvals.enums import Verdict

urlpatterns = [
    path("", views.inbox, name="approval_list"),
    path("<int:submission_id>/", views.submission_page, name="approval_page"),
    path(
        "<int:submission_id>/approve/",
        views.decide,
        {"verdict": Verdict.APPROVE.value},
        name="approval_approve",
    ),
    path(
        "<int:submission_id>/return/",
        views.decide,
        {"verdict": Verdict.RETURN.value},
        name="approval_return",
    ),
    path(
        "<int:submission_id>/veto/",
        views.decide,
        {"verdict": Verdict.VETO.value},
        name="approval_veto",
    ),
    path("<int:submission_id>/withdraw/", views.withdraw, name="approval_withdraw"),
]
