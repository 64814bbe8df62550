from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    name = "gnomon.agreements"
    label = "agreements"
    verbose_name = _("Relationship and agreement")
    clause = "8.3"
