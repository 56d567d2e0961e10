"""Addresses of reveals; a value never stands in one."""

from django.urls import path

from journeys.reveals import views

urlpatterns = [
    path("reveals/", views.reveal_list, name="reveal_list"),
    path("customers/<str:number>/reveal/<str:field>/", views.reveal_field, name="reveal_field"),
]
