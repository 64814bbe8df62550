// What makes pages quicker. Everything works without it; nothing here decides anything.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const says = document.body.dataset;
  const FOCUSED = "[data-focus]:not([data-example] *)"; // examples on the style page take no focus

  // Live refresh: ask for what changed; 204 and 304 mean nothing did. Only parts that differ are replaced.
  const busy = (part) => {
    const at = document.activeElement;
    return part.querySelector(":popover-open, dialog[open]") || (part.contains(at) && at.matches("textarea, select, input:not([type=checkbox])"));
  };
  const replace = (old, part) => {
    const marks = new Map(all("[data-row]", old).map((row) => [row.id, row.dataset.mark]));
    const ticked = all("[name=number]:checked", old).map((box) => box.value);
    const open = all("details[open][id]", old).map((box) => box.id);
    const here = one(".here", old)?.id;
    const focused = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
    old.replaceWith(part);
    for (const row of all("[data-row]", part)) row.classList.toggle("changed", marks.get(row.id) !== row.dataset.mark);
    for (const box of all("[name=number]", part)) box.checked = ticked.includes(box.value);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (here) document.getElementById(here)?.classList.add("here");
    if (focused) one(`[href="${CSS.escape(focused)}"]`, part)?.focus();
    htmx.process(part);
    count();
  };
  const bare = (part) => part.outerHTML.replace(/(name="csrfmiddlewaretoken" value=")[^"]*|( class="(here|changed)?")| (here|changed)(?=[ "])/g, "$1");
  const typing = () => document.activeElement?.matches("main textarea") && document.activeElement.value.trim() !== "";
  const refresh = async (region) => {
    const headers = { "HX-Request": "true", "HX-Target": region.id };
    if (region.dataset.tag) headers["If-None-Match"] = region.dataset.tag;
    if (one("dialog[open] form[data-guard]") || typing()) headers["Gnomon-Editing"] = "true"; // colleagues see it
    const address = region.dataset.live;
    const answer = await fetch(address, { headers, cache: "no-store" });
    if (region.dataset.live !== address) return; // the list was filtered meanwhile
    if (answer.status === 304) region.dataset.tag = answer.headers.get("ETag") || region.dataset.tag;
    if (answer.redirected || !answer.ok || answer.status === 204) return;
    const fresh = document.createElement("template");
    fresh.innerHTML = await answer.text();
    let late = false;
    for (const part of all("[data-part]", fresh.content)) {
      const old = document.getElementById(part.id);
      if (!old || bare(old) === bare(part)) continue;
      if (busy(old)) late = true;
      else replace(old, part);
    }
    if (!late) region.dataset.tag = answer.headers.get("ETag") || "";
  };
  let missed = 0;
  setInterval(async () => {
    if (document.hidden) return;
    for (const region of all("[data-live]")) {
      if (missed > 2 && Math.random() > 0.2) continue; // a server that is away is not hurried
      try { await refresh(region); missed = 0; } catch { missed += 1; }
      const offline = document.getElementById("offline");
      offline.hidden = missed < 3;
      offline.textContent = says.saysOffline;
    }
  }, 2500); // with the answer, within three seconds
  document.addEventListener("gnomon:refresh", () => { for (const region of all("[data-live]")) refresh(region).catch(() => {}); });

  // Clocks count on between refreshes; the server's word replaces ours.
  const [hours, minutes, seconds] = (says.saysUnits || "").split("|");
  const words = (left) => {
    const parts = [[Math.floor(left / 3600), hours], [left < 36000 ? Math.floor(left / 60) % 60 : 0, minutes]].filter(([n]) => n);
    return (parts.length ? parts : [[left, seconds]]).map(([n, form]) => form.replace("%d", n)).join(" ");
  };
  const began = new WeakMap();
  setInterval(() => {
    for (const clock of all("[data-left]")) {
      if (!began.has(clock)) began.set(clock, Date.now());
      const left = clock.dataset.left - Math.floor((Date.now() - began.get(clock)) / 1000);
      if (left < 0) clock.className = "clock clock-late";
      one("[data-clock-words]", clock).textContent = (left < 0 ? says.saysOver : says.saysLeft).replace("%(duration)s", words(Math.abs(left)));
    }
  }, 1000);

  // Selecting rows.
  const count = () => {
    const chosen = all("[name=number]:checked").length;
    for (const place of all("[data-selected]")) place.textContent = says.saysSelected.replace("%d", chosen);
    for (const box of all("[data-all]")) {
      const boxes = all("[name=number]", box.closest("form"));
      box.checked = chosen > 0 && chosen === boxes.length;
      box.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) for (const box of all("[name=number]", event.target.closest("form"))) box.checked = event.target.checked;
    if (event.target.matches("[data-all], [name=number]")) count();
  });

  // Keyboard.
  const step = (by) => {
    const rows = all("[data-row]");
    const at = rows.findIndex((row) => row.classList.contains("here"));
    const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
    if (!next) return;
    rows[at]?.classList.remove("here");
    next.classList.add("here");
    next.scrollIntoView({ block: "nearest" });
    one("[data-open]", next).focus({ preventScroll: true });
    next.dispatchEvent(new CustomEvent("gnomon:here", { bubbles: true }));
  };
  const go = (letter) => {
    const entry = letter === "h" ? one(".brand") : all(".rail-entry").find((a) => a.pathname.split("/").filter(Boolean).pop()?.startsWith(letter));
    if (entry) location = entry.href;
  };
  let going = 0;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    const row = one("[data-row].here");
    const key = event.key;
    if (Date.now() - going < 1200 && /^[a-z]$/.test(key)) { going = 0; go(key); }
    else if (key === "g") going = Date.now();
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "o" && row) one("[data-open]", row).click();
    else if (key === "x" && row) one("[name=number]", row)?.click();
    else if (key === "?") document.getElementById("keys").togglePopover();
    else {
      const target = /^[\w/]$/.test(key) && one(`[data-key="${key}"]`);
      if (!target) return;
      target.matches("input, textarea") ? target.focus() : target.click();
    }
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    const theme = event.target.closest("[data-theme-switch]");
    const row = event.target.closest("[data-row]");
    if (closer?.closest("dialog")) {
      event.preventDefault();
      closer.closest("dialog").close();
    } else if (theme) {
      event.preventDefault();
      const dark = getComputedStyle(one(".when-dark")).display !== "none";
      document.documentElement.dataset.bsTheme = dark ? "light" : "dark";
      document.cookie = `theme=${dark ? "light" : "dark"};path=/;max-age=31536000;samesite=lax`;
    } else if (row && !event.target.closest("a, button, input, label") && !getSelection().toString()) one("[data-open]", row).click();
  });

  // A list that htmx has filtered refreshes under its new address.
  document.addEventListener("htmx:afterSwap", ({ target, detail }) => {
    if (target.dataset?.live === undefined || !detail.pathInfo) return;
    target.dataset.live = detail.pathInfo.responsePath || detail.pathInfo.requestPath;
    target.dataset.tag = detail.xhr.getResponseHeader("ETag") || "";
  });

  // A move opens in the dialog; the same address is a page for whoever has no script.
  document.addEventListener("htmx:afterSwap", (event) => {
    const dialog = event.target.closest?.("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    if (event.target.id === "dialog-body") one("#dialog-says").replaceChildren();
    one(FOCUSED, event.target)?.focus();
  });
  one(FOCUSED)?.focus();
})();
