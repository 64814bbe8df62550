"""webhook create, list, secret, test, deliveries, dead, replay: receivers outside that are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gnomon.project.commands.saying import actor_named, begin, print_json, print_table, refuse

if TYPE_CHECKING:
    from gnomon.integrations.models import WebhookDelivery, WebhookSubscription

webhook = typer.Typer(help="Receivers outside that are told of what happens here.", no_args_is_help=True)
By = Annotated[str, typer.Option("--as", help="Who acts: username or number.", envvar="GNOMON_PERSON")]
Json = Annotated[bool, typer.Option("--json", help="Answer for machines.")]
Number = Annotated[str, typer.Argument(help="Number of the webhook, as WHK-000001.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(webhook, name="webhook")


@webhook.command()
def create(
    url: Annotated[str, typer.Argument(help="Where events are sent, as https://example.org/hook.")],
    event: Annotated[list[str] | None, typer.Option(help="As incident:resolve or incident:*; may be repeated.")] = None,
    title: Annotated[str, typer.Option(help="What receives them; the address when left out.")] = "",
    owner: Annotated[str, typer.Option(help="It is sent what this person may see; who acts when left out.")] = "",
    activate: Annotated[bool, typer.Option("--activate", help="Send from now on.")] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Make a webhook with its secret, which is shown this once.

    Example: gnomon webhook create https://example.org/hook --event "incident:*" --activate --as ada
    """
    begin()
    from django.db import transaction

    from gnomon.integrations.kinds import WEBHOOK_SUBSCRIPTION
    from gnomon.integrations.webhooks.secrets import make_secret
    from gnomon.records import actions

    actor = actor_named(by)
    with transaction.atomic():
        facts: dict[str, Any] = {"title": title or url, "url": url, **({"events": "\n".join(event)} if event else {})}
        if owner:
            facts["owner"] = actor_named(owner)
        made: Any = actions.record(WEBHOOK_SUBSCRIPTION, by=actor, **facts)
        secret = make_secret(made, by=actor)
        if activate:
            actions.move(made, "activate", by=actor)
    if as_json:
        print_json({"number": made.number, "status": made.status, "events": made.events, "secret": secret})
    else:
        typer.echo(f"{made.number} {made.url}: {made.status_title}. Give the receiver this secret:\n{secret}")


@webhook.command("list")
def list_webhooks(by: By = "", as_json: Json = False) -> None:
    """List the webhooks with what became of their deliveries.

    Example: gnomon webhook list
    """
    begin()
    from django.db.models import Count

    from gnomon.integrations.models import WebhookSubscription

    found = []
    for one in WebhookSubscription.objects.visible_to(actor_named(by)).order_by("id"):
        counts = dict(one.deliveries.order_by().values_list("state").annotate(count=Count("pk")))
        found.append(
            {"number": one.number, "url": one.url, "status": one.status, "events": one.events, "deliveries": counts}
        )
    if as_json:
        print_json(found)
        return
    rows = [
        [one["number"], one["url"], one["status"], ", ".join(one["events"].split()), _counted(one["deliveries"])]
        for one in found
    ]
    print_table(("number", "address", "status", "events", "deliveries"), rows)


@webhook.command()
def secret(number: Number, by: By = "") -> None:
    """Make a new secret, shown this once; the former one signs beside it for a day.

    Example: gnomon webhook secret WHK-000001
    """
    begin()
    from gnomon.integrations.webhooks.secrets import make_secret

    actor = actor_named(by)
    typer.echo(make_secret(_found(number, actor), by=actor))


@webhook.command("test")
def send_a_test(number: Number, by: By = "") -> None:
    """Send an event that tells of nothing; the worker makes one attempt.

    Example: gnomon webhook test WHK-000001
    """
    begin()
    from gnomon.integrations.webhooks.queueing import send_test

    actor = actor_named(by)
    sent = send_test(_found(number, actor), by=actor)
    typer.echo(
        f"Test {sent.pk} is on its way. See “gnomon webhook deliveries {number.upper()}” for what becomes of it."
    )


@webhook.command()
def deliveries(
    number: Number,
    state: Annotated[str, typer.Option(help="waiting, delivered, dead or withheld.")] = "",
    most: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest first.")] = 50,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Show what became of deliveries, the newest first.

    Example: gnomon webhook deliveries WHK-000001 --state dead
    """
    begin()
    from gnomon.integrations.models import WebhookDelivery

    if state and state not in WebhookDelivery.State.values:
        refuse(f"There is no state “{state}”. States: {', '.join(WebhookDelivery.State.values)}.")
    found = _found(number, actor_named(by)).deliveries.order_by("-pk")
    _print_deliveries((found.filter(state=state) if state else found)[:most], as_json)


@webhook.command()
def dead(by: By = "", as_json: Json = False) -> None:
    """List the deliveries of all webhooks that were given up.

    Example: gnomon webhook dead
    """
    begin()
    from gnomon.integrations.models import WebhookDelivery, WebhookSubscription

    seen = WebhookSubscription.objects.visible_to(actor_named(by))
    given_up = WebhookDelivery.objects.filter(state=WebhookDelivery.State.DEAD, subscription__in=seen)
    _print_deliveries(given_up.select_related("subscription").order_by("-pk")[:200], as_json)


@webhook.command()
def replay(
    number: Number,
    delivery: Annotated[list[int] | None, typer.Option(help="A delivery by its id; may be repeated.")] = None,
    all_dead: Annotated[bool, typer.Option("--dead", help="All that were given up.")] = False,
    since: Annotated[str, typer.Option(help="All since a moment, as 2026-01-05T09:00:00+08:00.")] = "",
    by: By = "",
) -> None:
    """Send deliveries again under the ids that they had, so that each counts once.

    Example: gnomon webhook replay WHK-000001 --dead
    """
    begin()
    from gnomon.integrations.models import WebhookDelivery
    from gnomon.integrations.webhooks import queueing

    if sum((bool(delivery), all_dead, bool(since))) != 1:
        refuse("Say which: --delivery ID, --dead, or --since MOMENT.")
    actor = actor_named(by)
    found = _found(number, actor)
    if since:
        count = queueing.replay_since(found, _moment(since), by=actor)
    else:
        given_up = found.deliveries.filter(state=WebhookDelivery.State.DEAD).values_list("pk", flat=True)
        count = queueing.replay(found, delivery or list(given_up), by=actor)
    typer.echo(f"{count} on their way again.")


def _found(number: str, actor: Any) -> WebhookSubscription:
    from gnomon.integrations.models import WebhookSubscription

    one: WebhookSubscription | None = (
        WebhookSubscription.objects.visible_to(actor).filter(number=number.upper()).first()
    )
    if one is None:
        refuse(f"There is no webhook “{number}”. List them with “gnomon webhook list”.")
    return one


def _moment(text: str) -> Any:
    from django.utils.dateparse import parse_datetime

    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        refuse(f"“{text}” is no moment with its time zone, as 2026-01-05T09:00:00+08:00.")
    return moment


def _print_deliveries(found: Any, as_json: bool) -> None:
    plain = [_plain(one) for one in found]
    if as_json:
        print_json(plain)
        return
    columns = ("id", "webhook", "event", "about", "state", "attempts", "reason")
    print_table(columns, [[one[column] for column in columns] for one in plain])


def _plain(one: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": one.pk, "webhook": one.subscription.number, "event": one.event, "about": one.about, "state": one.state,
        "attempts": one.attempts, "status": one.status, "reason": one.reason, "tried_at": one.tried_at,
    }  # fmt: skip


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{state} {count}" for state, count in sorted(counts.items())) or "none"
