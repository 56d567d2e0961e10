"""Addresses of the contact ledger."""

from django.urls import path

from journeys.contact import views

urlpatterns = [
    path("customers/<str:number>/contact/", views.customer_contact, name="customer_contact"),
    path("customers/<str:number>/consents/new/", views.consent_new, name="consent_new"),
    path("customers/<str:number>/consents/back/", views.consent_back, name="consent_back"),
    path("customers/<str:number>/refusals/new/", views.refusal_new, name="refusal_new"),
    path("consents/", views.consent_list, name="consent_list"),
    path("refusals/", views.refusal_list, name="refusal_list"),
    path("consents/texts/", views.consent_text_list, name="consent_text_list"),
    path("consents/texts/new/", views.consent_text_new, name="consent_text_new"),
    path("contact-rules/", views.contact_rules, name="contact_rules"),
    path("contact-rules/caps/new/", views.caps_new, name="caps_new"),
    path("contact-rules/hours/new/", views.hours_new, name="hours_new"),
    path("control-group/", views.control_group_list, name="control_group_list"),
    path("control-group/new/", views.control_group_new, name="control_group_new"),
    path("control-group/size/", views.control_group_size, name="control_group_size"),
    path("control-group/<int:group_id>/", views.control_group_page, name="control_group_page"),
    path("calendar/", views.calendar_page, name="calendar_page"),
    path("calendar/day/", views.calendar_day, name="calendar_day"),
    path("calendar/<int:year>/", views.calendar_enter, name="calendar_enter"),
]
