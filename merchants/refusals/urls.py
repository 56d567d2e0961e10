"""Addresses of refusals, below /merchants/refusals/."""

from django.urls import path

from merchants.refusals import views

urlpatterns = [
    path("", views.refusal_reasons, name="refusal_reasons"),
    path("list/", views.merchant_refusal_list, name="merchant_refusal_list"),
    path("leads/", views.refusal_leads, name="refusal_leads"),
    path("leads/<str:number>/", views.lead_refusals, name="lead_refusals"),
    path("reasons/<int:reason_id>/", views.refusal_reason, name="refusal_reason"),
    path("reasons/<int:reason_id>/grow/", views.reason_grow, name="reason_grow"),
    path("reasons/<int:reason_id>/answers/", views.answer_new, name="answer_new"),
    path("reasons/<int:reason_id>/retire/", views.reason_retire, name="reason_retire"),
    path("answers/<int:answer_id>/retire/", views.answer_retire, name="answer_retire"),
    path("of/<int:partnership_id>/", views.partnership_refusals, name="partnership_refusals"),
    path("of/<int:partnership_id>/new/", views.merchant_refusal_new, name="merchant_refusal_new"),
    path("<int:refusal_id>/", views.refusal_page, name="refusal_page"),
    path("<int:refusal_id>/try/", views.refusal_try, name="refusal_try"),
    path("<int:refusal_id>/<str:step>/", views.refusal_settle, name="refusal_settle"),
    path("tries/<int:try_id>/outcome/", views.try_settle, name="try_settle"),
]
