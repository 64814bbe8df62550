from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfolioConfig(AppConfig):
    name = "gnomon.portfolio"
    label = "portfolio"
    verbose_name = _("Service portfolio")
    clause = "8.2"
