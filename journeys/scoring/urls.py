"""Addresses of the models of calls and of potential."""

from django.urls import path

from journeys.scoring import views

urlpatterns = [
    path("call-models/", views.call_models, name="call_models"),
    path("call-models/train/", views.call_models_train, name="call_models_train"),
    path("call-models/traits/", views.call_traits, name="call_traits"),
    path("call-models/call/", views.call_score, name="call_score"),
    path("potential-models/", views.potential_models, name="potential_models"),
    path("potential-models/train/", views.potential_models_train, name="potential_models_train"),
    path("customers/<str:number>/promise/", views.customer_promise, name="customer_promise"),
]
