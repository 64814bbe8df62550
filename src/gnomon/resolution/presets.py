"""What a new incident can begin with: the templates in use."""

from __future__ import annotations

from collections.abc import Sequence

from gnomon.records.presets import Preset
from gnomon.resolution.models import IncidentTemplate
from gnomon.standard.plugs import Actor

MOST = 100
FILLS = ("description", "category", "subcategory", "channel", "impact", "urgency")


def presets(person: Actor) -> Sequence[Preset]:
    """The templates in use, in the order of their titles."""
    found = IncidentTemplate.objects.filter(status="in_use").select_related("service", "team").order_by("title")[:MOST]
    return [_preset(one) for one in found]


def _preset(template: IncidentTemplate) -> Preset:
    facts = {name: value for name in FILLS if (value := getattr(template, name)) not in (None, "")}
    facts |= {name: one for name in ("service", "team") if (one := getattr(template, name)) is not None}
    return Preset(template.number, template.title, {"title": template.subject, **facts})
