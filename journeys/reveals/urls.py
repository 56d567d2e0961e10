"""Addresses of reveals; a value never stands in one."""

from django.urls import path

from journeys.reveals import views

urlpatterns = [
    path("reveals/", views.reveal_list, name="reveal_list"),
    path("reveals/searches/", views.search_list, name="search_list"),
    path("customer-search/", views.customer_search, name="customer_search"),
    path("customers/<str:number>/reveal/<str:field>/", views.reveal_field, name="reveal_field"),
]
