"""What people call the verbs of the table of permissions (5.3)."""

from __future__ import annotations

from django.utils.translation import pgettext

from gnomon.records.kinds import Kind, kinds
from gnomon.records.permissions import VERBS
from gnomon.standard.plugs import Says


def verb_title(kind: Kind, verb: str) -> Says:
    """A verb as people read it."""
    return _usual(verb) or kind.workflow.move(verb).title


def verb_in_words(verb: str) -> str:
    """The same where only the verb is known: a move is called as the first kind calls it that has one of this name."""
    titles = (move.title for kind in kinds() for move in kind.workflow.moves if move.name == verb)
    return _usual(verb) or str(next(titles, verb))


def known_verbs() -> list[tuple[str, str]]:
    """Every verb with its title: the six of all kinds, then moves, each name once."""
    moves = {move.name for kind in kinds() for move in kind.workflow.moves}
    return [(verb, _usual(verb)) for verb in VERBS] + sorted(
        ((move, verb_in_words(move)) for move in moves), key=lambda pair: pair[1]
    )


def _usual(verb: str) -> str:
    return {
        "read": pgettext("verb", "Read"),
        "create": pgettext("verb", "Record"),
        "change": pgettext("verb", "Change"),
        "comment": pgettext("verb", "Comment"),
        "export": pgettext("verb", "Export"),
        "import": pgettext("verb", "Import"),
    }.get(verb, "")
