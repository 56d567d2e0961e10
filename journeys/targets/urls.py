"""Addresses of targets, scorecards and pay."""

from django.urls import path

from journeys.targets import views

urlpatterns = [
    path("targets/", views.target_pace, name="target_pace"),
    path("targets/mine/", views.target_mine, name="target_mine"),
    path("targets/plans/", views.target_list, name="target_list"),
    path("targets/plans/new/", views.target_new, name="target_new"),
    path("targets/plans/<int:plan_id>/", views.target_page, name="target_page"),
    path("targets/plans/<int:plan_id>/version/", views.target_version, name="target_version"),
    path("targets/plans/<int:plan_id>/submit/", views.target_submit, name="target_submit"),
    path("targets/plans/<int:plan_id>/withdraw/", views.target_withdraw, name="target_withdraw"),
    path("targets/nodes/<int:node_id>/derive/", views.target_derive, name="target_derive"),
    path("targets/nodes/<int:node_id>/month/", views.target_month, name="target_month"),
    path(
        "targets/nodes/<int:node_id>/split/<str:level>/", views.target_split, name="target_split"
    ),
    path("scorecards/", views.scorecard_list, name="scorecard_list"),
    path("scorecards/new/", views.scorecard_new, name="scorecard_new"),
    path("scorecards/pay/", views.scorecard_pay, name="scorecard_pay"),
    path("scorecards/ledger/", views.pay_list, name="pay_list"),
    path("scorecards/ledger/<str:username>/", views.pay_person, name="pay_person"),
    path("scorecards/<int:scorecard_id>/", views.scorecard_page, name="scorecard_page"),
    path("scorecards/<int:scorecard_id>/edit/", views.scorecard_edit, name="scorecard_edit"),
    path("scorecards/<int:scorecard_id>/submit/", views.scorecard_submit, name="scorecard_submit"),
    path(
        "scorecards/<int:scorecard_id>/withdraw/",
        views.scorecard_withdraw, name="scorecard_withdraw",
    ),
]  # fmt: skip
