"""Addresses of branch telemarketing."""

from django.urls import path

from journeys.telemarketing import intake, views

urlpatterns = [
    path("leads/", views.lead_list, name="lead_list"),
    path("leads/desk/", views.lead_desk, name="lead_desk"),
    path("leads/desk/hand/", views.lead_in_hand, name="lead_in_hand"),
    path("leads/desk/next/", views.lead_next, name="lead_next"),
    path("leads/desk/call/", views.lead_call, name="lead_call"),
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
    # The manager's view of the people at work, and the calls that are read.
    path("leads/watch/", views.lead_watch, name="lead_watch"),
    path("leads/watch/people/", views.watch_people, name="watch_people"),
    path("leads/watch/queue/", views.watch_queue, name="watch_queue"),
    path("leads/watch/results/", views.watch_results, name="watch_results"),
    path("leads/calls/", views.quality_list, name="quality_list"),
    path("leads/calls/results/", views.quality_results, name="quality_results"),
    path("leads/calls/rules/", views.quality_rules, name="quality_rules"),
    path("leads/calls/form/", views.quality_form, name="quality_form"),
    path("leads/calls/mine/", views.my_calls_list, name="my_calls_list"),
    path("leads/calls/mine/<int:case_id>/", views.my_call, name="my_call"),
    path("leads/calls/mine/<int:case_id>/dispute/", views.my_call_dispute, name="my_call_dispute"),
    path("leads/calls/<int:case_id>/", views.quality_case, name="quality_case"),
    path("leads/calls/<int:case_id>/read/", views.quality_read, name="quality_read"),
    path("leads/calls/<int:case_id>/decide/", views.quality_decide, name="quality_decide"),
    # The call screen, and what callers are shown.
    path("leads/desk/screen/", views.call_screen, name="call_screen"),
    path("leads/desk/screen/facts/", views.call_facts, name="call_facts"),
    path("leads/desk/screen/number/", views.call_number, name="call_number"),
    path("leads/desk/screen/dial/", views.call_dial, name="call_dial"),
    path("api/v1/telephone/orders/", intake.orders, name="api_telephone_orders"),
    path("api/v1/telephone/calls/", intake.calls, name="api_telephone_calls"),
    path("leads/desk/screen/script/", views.call_script, name="call_script"),
    path("call-scripts/", views.script_list, name="script_list"),
    path("call-scripts/new/", views.script_new, name="script_new"),
    path("call-scripts/<int:script_id>/", views.script_page, name="script_page"),
    path("call-scripts/<int:script_id>/withdraw/", views.script_withdraw, name="script_withdraw"),
    path("card-facts/", views.fact_list, name="fact_list"),
    path("card-facts/new/", views.fact_new, name="fact_new"),
    path("card-facts/<int:fact_id>/", views.fact_page, name="fact_page"),
    path("card-facts/<int:fact_id>/withdraw/", views.fact_withdraw, name="fact_withdraw"),
]
