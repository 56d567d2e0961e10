"""Addresses of branch telemarketing."""

from django.urls import path

from journeys.telemarketing import views

urlpatterns = [
    path("leads/", views.lead_list, name="lead_list"),
    path("leads/desk/", views.lead_desk, name="lead_desk"),
    path("leads/desk/hand/", views.lead_in_hand, name="lead_in_hand"),
    path("leads/desk/next/", views.lead_next, name="lead_next"),
    path("leads/desk/down/", views.lead_put_down, name="lead_put_down"),
    path("leads/pool/", views.lead_pool, name="lead_pool"),
    path("leads/pool/assign/", views.lead_assign, name="lead_assign"),
    path("leads/pool/policy/", views.pool_policy, name="pool_policy"),
    path("leads/pool/of/<str:username>/", views.lead_holder, name="lead_holder"),
    path("leads/pool/of/<str:username>/back/", views.lead_take_back, name="lead_take_back"),
    path("leads/<int:lead_id>/", views.lead_page, name="lead_page"),
    path("leads/<int:lead_id>/claim/", views.lead_claim, name="lead_claim"),
    path("leads/<int:lead_id>/release/", views.lead_release, name="lead_release"),
    path("leads/<int:lead_id>/end/", views.lead_end, name="lead_end"),
    # Wrapping up a call.
    path("leads/desk/wrap/", views.lead_wrap, name="lead_wrap"),
    path("leads/desk/wrap/draft/", views.lead_draft, name="lead_draft"),
    path("leads/moods/", views.mood_move_list, name="mood_move_list"),
    path("leads/outcomes/", views.disposition_list, name="disposition_list"),
    path("leads/outcomes/new/", views.disposition_new, name="disposition_new"),
    path("leads/outcomes/<slug:code>/", views.disposition_page, name="disposition_page"),
    path("leads/outcomes/<slug:code>/end/", views.disposition_end, name="disposition_end"),
]
