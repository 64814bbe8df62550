"""Work of administration that is done later."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from gnomon.standard.plugs import Job


def _take_along(**facts: Any) -> None:
    from gnomon.organization.migrating import go_on

    go_on(**facts)


MIGRATE = Job("workflow:migrate", _take_along, title=_("Take records along to another version of their workflow"))
