"""Start-up of portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
