"""What `gnomon init`, `person create` and `token create` do, in one process: starting each takes a while."""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.journeys.house")


def main() -> None:
    import django

    django.setup()
    from gnomon.organization.actions import create_person, make_token
    from gnomon.project.beginning import prepare
    from gnomon.records.actors import SYSTEM

    prepare()
    bob = create_person(by=SYSTEM, title="Bob Reed", username="bob", roles=["agent"])
    _token, secret = make_token(bob, name="journey", by=SYSTEM)
    json.dump({"token": secret}, sys.stdout)


if __name__ == "__main__":
    main()
