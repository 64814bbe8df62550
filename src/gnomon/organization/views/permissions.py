"""Who may do what: the table that the actions enforce (5.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gnomon.organization.roles import ROLES, STAFF, RoleText
from gnomon.organization.sign_in import signed_in
from gnomon.records.kinds import Kind
from gnomon.records.permissions import VERBS, matrix
from gnomon.records.refusals import NotAllowed
from gnomon.standard.clauses import clause_order
from gnomon.standard.plugs import Says
from gnomon.ui.render import render


@dataclass(frozen=True, slots=True)
class Line:
    """A verb with one answer for each role."""

    title: Says
    allowed: Sequence[bool]
    is_move: bool = False


@dataclass(slots=True)
class Block:
    """A kind with its verbs."""

    kind: Kind
    lines: list[Line] = field(default_factory=list)
    narrowed: bool = False

    @property
    def list_url(self) -> str:
        return f"{self.kind.name}-list"


def matrix_page(request: HttpRequest) -> HttpResponse:
    """Roles × kinds × verbs, read from the same table that refuses."""
    if not signed_in(request).holds(*STAFF):
        raise NotAllowed(_("The table of permissions is for the people who work here."))
    role = request.GET.get("role", "")
    roles = [one for one in ROLES if role in ("", one.code)] or list(ROLES)
    return render(
        request, "organization/permissions.html", roles=roles, blocks=blocks(roles), all_roles=ROLES, role=role
    )


def blocks(roles: Sequence[RoleText]) -> list[Block]:
    """The matrix by kind, in the order of the clauses."""
    found: dict[str, Block] = {}
    for kind, verb, holders in matrix():
        block = found.setdefault(kind.name, Block(kind, narrowed=kind.sees is not None))
        title = verb_title(kind, verb)
        block.lines.append(Line(title, [role.code in holders for role in roles], verb not in VERBS))
    return sorted(found.values(), key=lambda block: clause_order(block.kind.clause))


def verb_title(kind: Kind, verb: str) -> Says:
    """A verb as people read it."""
    titles = {
        "read": pgettext("verb", "Read"),
        "create": pgettext("verb", "Record"),
        "change": pgettext("verb", "Change"),
        "comment": pgettext("verb", "Comment"),
        "export": pgettext("verb", "Export"),
        "import": pgettext("verb", "Import"),
    }
    return titles[verb] if verb in titles else kind.workflow.move(verb).title
