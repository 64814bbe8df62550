"""A house with a mail server that takes everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.makers import a_person
from tests.resolution.makers import an_incident

from gnomon.governance.notices import sending
from gnomon.organization.models import Person
from gnomon.resolution.models import Incident


@pytest.fixture
def mail_on(settings) -> Iterator[None]:
    settings.MAIL = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
    settings.MAIL_FROM = "Desk <desk@gnomon.example>"
    settings.PUBLIC_URL = "https://desk.gnomon.example"
    sending._away.clear()
    yield
    sending._away.clear()


@pytest.fixture
def nina(db: None) -> Person:
    """A requester who has an address."""
    return a_person("Nina Park", username="nina", roles=["requester"], email="nina@customer.example")


@pytest.fixture
def outage(nina: Person, bob: Person) -> Incident:
    return an_incident("No mail", requester=nina, by=nina)
