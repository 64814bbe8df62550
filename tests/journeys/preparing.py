"""What `gnomon init`, `person create` and `token create` do, in one process: starting each takes a while."""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")

CAST = (
    ("Alice Chen", "alice", ["agent", "service_owner"]),
    ("Bob Reed", "bob", ["agent"]),
    ("Carol Lane", "carol", ["requester"]),
)


def main() -> None:
    import django

    django.setup()
    from gnomon.organization.actions import create_person, make_token
    from gnomon.organization.kinds import TEAM
    from gnomon.portfolio.kinds import service
    from gnomon.project.beginning import prepare
    from gnomon.records import actions
    from gnomon.records.actors import SYSTEM

    prepare()
    people = [
        create_person(by=SYSTEM, title=title, username=name, roles=roles, password="a long secret phrase")
        for title, name, roles in CAST
    ]
    desk = actions.record(TEAM, by=SYSTEM, title="Service desk 服务台")
    mail = actions.record(service, by=SYSTEM, title="Mail 邮件", criticality=1, team=desk, owner=people[0])
    actions.move(mail, mail.kind.workflow.moves_from(mail.status)[0].name, by=SYSTEM)
    _token, secret = make_token(people[1], name="journey", by=SYSTEM)
    json.dump({"token": secret, "team": desk.number, "service": mail.number}, sys.stdout)


if __name__ == "__main__":
    main()
