"""Addresses of every kind: `/resolution/incidents/INC-000042/resolve`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path

from gnomon.records.kinds import Kind, kinds
from gnomon.records.views import (
    about,
    bulk,
    drafts,
    exports,
    files,
    here,
    listing,
    page,
    people,
    saved,
    saying,
    small,
    spending,
    story,
    taking,
    writing,
)  # fmt: skip

NUMBER = "<str:number>"


def of_kind(kind: Kind) -> URLResolver:
    """The addresses of one kind, passed over at once by all others; its moves come last, so that none can hide a page."""

    def way(place: str, name: str, view: Callable[..., Any], **more: Any) -> URLPattern:
        return path(place, login_required(partial(view, kind=kind, **more)), name=f"{kind.name}-{name}")

    ways = [
        way("", "list", listing.list_page),
        way("new", "new", writing.new_page),
        way("bulk", "bulk", bulk.bulk_move),
        way("views", "views", saved.views_page),
        way("views/opening", "views-opening", saved.opening),
        way("views/<int:key>", "view", saved.alter_view),
        way("columns", "columns", saved.own_columns),
        way("export.csv", "export-csv", exports.export, form="csv"),
        way("export.xlsx", "export-xlsx", exports.export, form="xlsx"),
        way(f"{NUMBER}", "page", page.record_page),
        way(f"{NUMBER}/edit", "edit", writing.edit_page),
        way(f"{NUMBER}/take", "take", taking.take),
        way(f"{NUMBER}/others", "others", here.others_page),
        way(f"{NUMBER}/history", "history", page.history_page),
        way(f"{NUMBER}/timeline/since/<int:version>", "since", drafts.since),
        way(f"{NUMBER}/timeline/usual", "usual", story.keep_usual),
        way(f"{NUMBER}/comment", "comment", about.comment),
        way(f"{NUMBER}/attach", "attach", files.attach),
        way(f"{NUMBER}/files", "files", files.files_page),
        way(f"{NUMBER}/files/<int:key>", "file", files.download),
        way(f"{NUMBER}/files/<int:key>/preview", "file-preview", files.preview),
        way(f"{NUMBER}/link", "link", about.link),
        way(f"{NUMBER}/link/undo", "unlink", people.unlink),
        way(f"{NUMBER}/people", "people", people.people),
        way(f"{NUMBER}/people/mentionable", "mentionable", saying.mentionable),
        way(f"{NUMBER}/replies", "replies", saying.replies),
        way(f"{NUMBER}/replies/<str:name>", "reply", saying.reply),
        way(f"{NUMBER}/time", "time", spending.time_page),
        way(f"{NUMBER}/time/<int:version>/undo", "time-back", spending.take_back),
        way(f"{NUMBER}/people/leave", "leave", people.leave),
        way(f"{NUMBER}/people/watch", "watch", people.watch),
        way(f"{NUMBER}/<slug:move>", "move", writing.move_page),
    ]
    return path(f"{kind.app}/{kind.path}/", include(ways))


urlpatterns = [
    path("suggest/<slug:name>", login_required(small.suggestions), name="record-suggestions"),
    path("drafts", login_required(drafts.drafts), name="drafts"),
    path("go/<str:number>", login_required(small.by_number), name="record"),
    *(of_kind(kind) for kind in kinds()),
]
