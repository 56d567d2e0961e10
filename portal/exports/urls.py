"""Addresses of exports."""

from django.urls import path

from portal.exports import views

urlpatterns = [
    path("", views.export_list, name="export_list"),
    path("find/", views.export_find, name="export_find"),
    path("new/<str:kind>/", views.export_start, name="export_start"),
]
