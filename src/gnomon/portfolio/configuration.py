"""Services are named by agreements, so the configuration file has them too."""

from __future__ import annotations

from gnomon.records.configuring.declared import Configured

SERVICES = Configured(
    kind="service", key=("title",), fields=("description", "criticality", "team", "in_scope"), order=60,
    says=("what customers are served with", "向客户提供的服务"),
)  # fmt: skip
