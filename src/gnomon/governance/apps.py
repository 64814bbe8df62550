from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    name = "gnomon.governance"
    label = "governance"
    verbose_name = _("Governance")
    clause = "7.5"
