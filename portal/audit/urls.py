"""Addresses of the audit trail."""

from django.urls import path

from portal.audit import views

urlpatterns = [
    path("", views.trail, name="audit_list"),
    path("<int:entry_id>/", views.entry_page, name="audit_page"),
]
