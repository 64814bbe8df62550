// The list as a desk: list and record side by side, filters in words, columns in order, taking a record by a key.
"use strict";
(() => {
  const desk = document.getElementById("desk");
  const pane = document.getElementById("pane");
  if (!desk || !pane) return;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const wide = matchMedia("(min-width: 70rem)");
  const isSplit = () => desk.classList.contains("split");
  const shown = () => one("[data-record]", pane)?.dataset;
  const refreshed = () => document.dispatchEvent(new Event("gnomon:refresh"));
  const asPane = { "HX-Request": "true", "HX-Target": "pane" };

  // --- list and record side by side ---
  const address = (number) => {
    const url = new URL(location);
    if (number) url.searchParams.set("record", number);
    else url.searchParams.delete("record");
    if (![...url.searchParams].length) url.searchParams.set("view", "all");
    return url;
  };
  const mark = (number) => {
    for (const row of all("[data-row].here")) row.classList.remove("here");
    document.getElementById(`row-${number}`)?.classList.add("here");
  };
  const fill = (html) => {
    pane.innerHTML = html;
    htmx.process(pane);
    pane.dispatchEvent(new CustomEvent("htmx:afterSwap", { bubbles: true, detail: {} }));
  };
  let asked;
  const show = async (url) => {
    asked?.abort();
    asked = new AbortController();
    pane.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { headers: asPane, signal: asked.signal, cache: "no-store" });
      if (answer.ok && !answer.redirected) fill(await answer.text());
      else if (answer.status < 500) location = url; // signed out, or no longer ours to see: the page itself says so
      pane.removeAttribute("aria-busy");
    } catch (fault) {
      if (fault.name !== "AbortError") pane.removeAttribute("aria-busy");
    }
  };
  const open = (url, number, remember) => {
    if (!isSplit()) { desk.classList.add("split"); button(); }
    mark(number);
    if (remember) history[remember]({ record: number }, "", address(number));
    return shown()?.record === number ? undefined : show(url);
  };
  const close = (remember) => {
    const number = shown()?.record;
    asked?.abort();
    desk.classList.remove("split");
    pane.replaceChildren();
    button();
    if (remember) history.pushState({}, "", address(""));
    one("[data-open]", document.getElementById(`row-${number}`) || document.createElement("i"))?.focus();
  };
  const button = () => {
    const toggle = document.getElementById("split");
    if (isSplit()) toggle?.setAttribute("aria-current", "true");
    else toggle?.removeAttribute("aria-current");
  };
  if (shown()) mark(shown().record);
  const numberOf = (row) => row.id.replace(/^row-/, "");

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !wide.matches) return;
    const toggle = event.target.closest("#split");
    if (toggle) {
      event.preventDefault();
      const row = one("[data-row].here") || one("[data-row]");
      if (isSplit()) close(true);
      else if (row) open(one("[data-open]", row).href, numberOf(row), "pushState");
      return;
    }
    if (!isSplit()) return;
    const link = event.target.closest("#rows a[data-open], #rows a.row-title");
    if (link) {
      event.preventDefault();
      const number = numberOf(link.closest("[data-row]"));
      if (shown()?.record === number) pane.focus();
      else open(link.href, number, "pushState");
      return;
    }
    // What the timeline shows is chosen by links to the same record: they fill the pane.
    const inner = event.target.closest("#pane a[href]:not([data-whole], [hx-get], [download])");
    if (inner && new URL(inner.href).pathname === shown()?.url && !inner.hash) {
      event.preventDefault();
      show(inner.href);
    }
  });

  let soon;
  document.addEventListener("gnomon:here", ({ target }) => {
    if (!isSplit() || !wide.matches) return;
    clearTimeout(soon); // whoever walks quickly is not shown every record on the way
    soon = setTimeout(() => open(one("[data-open]", target).href, numberOf(target), "replaceState"), 150);
  });
  addEventListener("popstate", () => {
    const number = new URL(location).searchParams.get("record");
    const link = number && one("[data-open]", document.getElementById(`row-${number}`) || document.createElement("i"));
    if (link) open(link.href, number);
    else if (!number && isSplit()) close();
  });

  // What is done in the pane stays in the pane.
  const settled = () => { const { url } = shown() || {}; if (url) show(url); refreshed(); };
  const leadsHere = (to) => to && new URL(to, location).pathname === shown()?.url;
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!isSplit() || !leadsHere(event.detail.xhr.getResponseHeader("HX-Redirect"))) return;
    event.preventDefault();
    one("dialog[open]")?.close();
    settled();
  });
  pane.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    event.preventDefault();
    const sent = new FormData(form, event.submitter);
    const answer = await fetch(event.submitter?.getAttribute("formaction") || form.getAttribute("action"), { method: "POST", body: sent, headers: asPane });
    const to = answer.headers.get("HX-Redirect");
    if (leadsHere(to)) settled();
    else if (to) location = to;
    else {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (one("[data-record]", page)) fill(page.body.innerHTML);
      else say(one("main", page)?.innerText || answer.statusText);
    }
  });
  const say = (words) => {
    const line = document.createElement("p");
    line.className = "message message-error";
    line.textContent = words;
    document.getElementById("messages").replaceChildren(line);
  };

  // --- keys ---
  const take = async (row) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", one("[name=csrfmiddlewaretoken]").value);
    body.append("expect", row.dataset.mark);
    const answer = await fetch(`${new URL(one("[data-open]", row).href).pathname}/take`, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) document.getElementById("messages").replaceChildren();
    else say(told.says || answer.statusText);
    refreshed();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open], :popover-open")) return;
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (event.key === "Escape" && typing) event.target.blur();
    else if (event.key === "Escape" && isSplit()) close(true);
    else if (event.key === "m" && !typing) {
      const row = one("[data-row].here");
      if (row) take(row);
    }
  });

  // --- filters in words; what hangs on the address follows it ---
  document.addEventListener("change", ({ target }) => {
    const pop = target.closest(".pick-pop");
    const words = pop && one(`[popovertarget="${pop.id}"] [data-pick-words]`);
    if (!words) return;
    const chosen = all("input:checked", pop).map((box) => box.closest("label").textContent.trim());
    words.textContent = chosen.slice(0, 2).join(", ") + (chosen.length > 2 ? ` +${chosen.length - 2}` : "") || words.dataset.allWords;
  });
  document.addEventListener("htmx:pushedIntoHistory", () => {
    const query = new URL(location);
    for (const input of all("[data-query]")) input.value = query.searchParams.toString();
    for (const link of all("#list-more a[download]")) link.search = query.search;
    if (isSplit() && shown()) history.replaceState({ record: shown().record }, "", address(shown().record));
  });

  // --- columns in order, by buttons that keep the focus ---
  document.addEventListener("click", ({ target }) => {
    const mover = target.closest("[data-order] [data-move]");
    if (!mover) return;
    const line = mover.closest("li");
    const other = mover.dataset.move === "1" ? line.nextElementSibling : line.previousElementSibling;
    if (!other) return;
    if (mover.dataset.move === "1") other.after(line);
    else other.before(line);
    all(".column-place", line.parentElement).forEach((place, at) => { place.value = at + 1; });
    mover.focus();
  });
})();
