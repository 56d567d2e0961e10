"""Addresses of the pages about imports."""

from django.urls import path

from portal.intake import views

urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("kinds/", views.import_kinds, name="import_kinds"),
]
