from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResolutionConfig(AppConfig):
    name = "gnomon.resolution"
    label = "resolution"
    verbose_name = _("Resolution")
    clause = "8.6"
