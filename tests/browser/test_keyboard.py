"""The keyboard reaches every control of queue and incident page, in their order, and each shows that it is reached.

What waits behind a button or a heading that unfolds is opened from there, walked through, and left again.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.makers import a_team
from tests.resolution.makers import a_service, an_incident

from gnomon.records import actions
from gnomon.records.actors import SYSTEM

pytestmark = pytest.mark.clause("8.6.1")
CONTROLS = """() => {
  const shown = (one) => one.checkVisibility({checkOpacity: false, visibilityProperty: true})
    && !one.closest('details:not([open]) > :not(summary)') && !one.closest('[popover]:not(:popover-open)');
  const group = (one) => one.type === 'radio' && !one.checked
    && document.querySelector(`input[type=radio][name="${one.name}"]:checked`);
  const found = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')]
    .filter((one) => one.tabIndex >= 0 && !one.disabled && shown(one) && !group(one));
  found.forEach((one, n) => { one.dataset.walk = n; });
  return found.map((one) => (one.ariaLabel || one.textContent || one.name || one.outerHTML).trim().slice(0, 60));
}"""
HERE = """() => {
  const one = document.activeElement, look = getComputedStyle(one);
  const marked = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
  const around = one.closest('.drop, .segment, label, .say');
  return [one.dataset.walk ?? null, marked(look) || (around !== null && marked(getComputedStyle(around)))];
}"""


def walked(page: Any) -> tuple[list[str], list[str]]:
    """The controls that Tab does not reach, and those that do not show that they are reached."""
    names = page.evaluate(CONTROLS)
    reached: set[int] = set()
    unmarked: set[int] = set()
    for _step in range(len(names) + 30):
        page.keyboard.press("Tab")
        at, shows = page.evaluate(HERE)
        if at is None:
            continue
        if int(at) in reached and len(reached) == len(names):
            break
        reached.add(int(at))
        if not shows:
            unmarked.add(int(at))
    return [name for n, name in enumerate(names) if n not in reached], [names[n] for n in sorted(unmarked)]


# What opens something: a number for each, and what it says.
OPENERS = """() => [...document.querySelectorAll('main summary, [popovertarget], [data-menu], [aria-haspopup]')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest('[popover]:not(:popover-open)'))
  .map((one, n) => { one.dataset.opener = n; return (one.ariaLabel || one.textContent).trim().slice(0, 40); })"""
# The controls of a place, apart from one, each with a number.
WITHIN = """(place, apart) => {
  document.querySelectorAll('[data-walk]').forEach((one) => delete one.dataset.walk);
  const found = [...place.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter((one) => one !== apart && one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true})
      && !one.closest('details:not([open]) > :not(summary)')
      && !(one.type === 'radio' && !one.checked && place.querySelector(`input[type=radio][name="${one.name}"]:checked`)));
  found.forEach((one, at) => { one.dataset.walk = at; });
  return found.map((one) => (one.ariaLabel || one.textContent || one.name || one.outerHTML).trim().slice(0, 60));
}"""
# The controls behind the one that was just opened; null when nothing has.
BEHIND = f"""(n) => {{
  const opener = document.querySelector(`[data-opener="${{n}}"]`);
  const place = opener.matches('summary') ? opener.closest('details[open]')
    : document.getElementById(opener.getAttribute('popovertarget') || opener.getAttribute('aria-controls'));
  return place && place.checkVisibility() ? ({WITHIN})(place, opener) : null;
}}"""
# Whether something that hangs over the page hangs there still, or has let go of the keyboard.
LEFT = """(n) => {
  const opener = document.querySelector(`[data-opener="${n}"]`);
  const place = document.getElementById(opener.getAttribute('popovertarget'));
  return !place || !place.matches(':popover-open') && document.activeElement === opener;
}"""
# Each control that is reached, and whether it shows so, as it happens: asking after every key takes long.
NOTED = f"""() => {{
  window.noted = [];
  window.noting ??= document.addEventListener('focusin', () => window.noted.push(({HERE})())) || true;
}}"""


def opened(page: Any) -> list[str]:
    """What cannot be done by keys with whatever opens something: open it, reach all that is in it, leave it."""
    wrong = []
    for n, name in enumerate(page.evaluate(OPENERS)):
        page.locator(f'[data-opener="{n}"]').focus()
        page.keyboard.press("Enter")
        names = page.evaluate(BEHIND, n)
        if names is None:
            wrong.append(f"{name}: Enter opens nothing")
            continue
        page.evaluate(NOTED)
        for _name in names:
            page.keyboard.press("Tab")
        shown = {int(at): shows for at, shows in page.evaluate("window.noted") if at is not None}
        wrong += [f"{name}: {one} is not reached" for at, one in enumerate(names) if at not in shown]
        wrong += [f"{name}: {names[at]} does not show that it is reached" for at, shows in shown.items() if not shows]
        page.keyboard.press("Escape")
        if not page.evaluate(LEFT, n):
            wrong.append(f"{name}: Escape does not lead back to it")
    return wrong


@pytest.fixture
def lived_in(bob: Any) -> Any:
    """An incident with whatever a page can show of one: parts, links, people, files, time, comments."""
    service, team = a_service("Mail"), a_team("Desk")
    incident = an_incident("No mail", service=service, team=team, assignee=bob, impact=1, urgency=1)
    part, other = an_incident("Branch is dark", parent=incident), an_incident("Slow")
    actions.comment(incident, "Looking", by=bob)
    actions.link(incident, other, "related", by=bob)
    actions.join(incident, bob, "watcher", by=SYSTEM)
    return incident, part, other


@pytest.mark.parametrize("width", [1280, 390])
def test_every_control_of_the_queue(enter, bob, lived_in, width):
    page = enter(bob, width=width)
    page.goto("/resolution/incidents/")
    assert walked(page) == ([], [])
    assert opened(page) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_every_control_of_an_incident(enter, bob, lived_in, width):
    page = enter(bob, width=width)
    page.goto(lived_in[0].get_absolute_url())
    assert walked(page) == ([], [])
    assert opened(page) == []


def test_every_control_of_the_dialog_that_resolves(enter, bob, lived_in):
    page = enter(bob)
    page.goto(f"{lived_in[0].get_absolute_url()}/resolve")
    assert walked(page) == ([], [])


# Whatever opens the dialog of the page: a number for each, and what it says.
ASKING = """() => [...document.querySelectorAll('main [hx-target="#dialog-body"]')]
  .filter((one) => one.checkVisibility({visibilityProperty: true})
    && !one.closest('details:not([open]) > :not(summary), [popover]'))
  .map((one, n) => { one.dataset.asks = n; return (one.ariaLabel || one.textContent).trim().slice(0, 40); })"""
INSIDE = f"() => ({WITHIN})(document.querySelector('dialog[open]'), null)"


def asked(page: Any) -> list[str]:
    """What cannot be done by keys with whatever opens the dialog: open it, reach all that is in it, leave it."""
    wrong = []
    for n, name in enumerate(page.evaluate(ASKING)):
        page.locator(f'[data-asks="{n}"]').focus()
        page.keyboard.press("Enter")
        page.locator("dialog[open] #dialog-title").wait_for()
        if not page.evaluate("document.activeElement.closest('dialog[open]') !== null"):
            wrong.append(f"{name}: the keyboard stays outside")
        names = page.evaluate(INSIDE)
        page.evaluate(NOTED)
        for _step in range(len(names) + 2):
            page.keyboard.press("Tab")
        shown = {int(at): shows for at, shows in page.evaluate("window.noted") if at is not None}
        wrong += [f"{name}: {one} is not reached" for at, one in enumerate(names) if at not in shown]
        wrong += [f"{name}: {names[at]} does not show that it is reached" for at, shows in shown.items() if not shows]
        page.keyboard.press("Escape")
        if page.locator("dialog[open]").count():
            wrong.append(f"{name}: Escape does not close it")
            return wrong
        if not page.evaluate(f"document.activeElement.dataset.asks === '{n}'"):
            wrong.append(f"{name}: Escape does not lead back to it")
    return wrong


def test_every_dialog_of_an_incident(enter, bob, lived_in):
    page = enter(bob)
    page.goto(lived_in[0].get_absolute_url())
    assert len(page.evaluate(ASKING)) > 3
    assert asked(page) == []
