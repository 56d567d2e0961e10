"""Addresses of customers."""

from django.urls import path

from journeys.customers import views

urlpatterns = [
    path("customers/", views.customer_list, name="customer_list"),
    path("customers/<str:number>/", views.customer_page, name="customer_page"),
    path("customers/<str:number>/spending/", views.customer_spending, name="customer_spending"),
    path("customers/<str:number>/timeline/", views.customer_timeline, name="customer_timeline"),
]
