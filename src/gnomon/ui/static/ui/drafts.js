// Nothing typed is lost: forms marked data-draft are kept in this browser at once and on the server a moment later,
// by address and person, until they are sent. Signing out leaves nothing behind in the browser.
"use strict";
(() => {
  const person = document.body.dataset.person;
  const says = document.body.dataset;
  const prefix = "draft:";
  const place = (form) => `${location.pathname}:${form.getAttribute("action") || ""}`;
  const keep = (form) => `${prefix}${person}:${place(form)}`;
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const write = (key, draft) => { try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* full or forbidden: then the server alone keeps it */ } };
  const secret = (field) => !field.name || /^(csrfmiddlewaretoken|expect)$/.test(field.name) || /^(file|password|hidden|submit|button)$/.test(field.type);
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";

  // name → what it holds; a name that several boxes share holds the list of those ticked.
  const typed = (form) => {
    const values = {};
    for (const field of form.elements) {
      if (secret(field)) continue;
      if (/^(checkbox|radio)$/.test(field.type)) (values[field.name] ||= []).push(...(field.checked ? [field.value] : []));
      else if (field.multiple) values[field.name] = [...field.selectedOptions].map((option) => option.value);
      else values[field.name] = field.value;
    }
    return values;
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  // Only what was altered: the rest of a record may have moved on, and must not be put back by an old draft.
  const altered = (values, from) => Object.fromEntries(Object.entries(values).filter(([name, value]) => !same(value, from[name])));
  const fill = (form, values) => {
    for (const field of form.elements) {
      if (secret(field) || !(field.name in values)) continue;
      const value = values[field.name];
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = value.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
      else field.value = value;
    }
  };
  const version = (form) => Number(form.elements.expect?.value || form.dataset.version || 0);
  const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));

  const send = (at, values, seen, last) => fetch("/drafts", {
    method: "POST", keepalive: last, headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify({ place: at, values, version: seen }),
  }).catch(() => { /* away: the browser still has it, and the next key tries again */ });
  const ask = async (at) => {
    try {
      const answer = await fetch(`/drafts?place=${encodeURIComponent(at)}`);
      const draft = answer.ok && !answer.redirected ? await answer.json() : {};
      return draft.values ? { ...draft, at: Date.parse(draft.at) } : null;
    } catch { return null; }
  };

  // A sent draft is done with once a page of the house opens. The pages outside it, sign-in and errors, mean
  // that the form did not arrive; so does coming back or loading again.
  const settle = () => {
    const again = /^(reload|back_forward)$/.test(performance.getEntriesByType("navigation")[0]?.type);
    for (const key of drafts()) {
      const draft = read(key);
      if (!draft?.sent) continue;
      if (person === undefined || again) write(key, { ...draft, sent: false });
      else if (key.startsWith(`${prefix}${person}:`)) {
        localStorage.removeItem(key);
        send(key.slice(`${prefix}${person}:`.length), {}, 0);
      }
    }
  };

  const tell = (form, draft, discard) => {
    const notice = document.getElementById("draft-notice").content.firstElementChild.cloneNode(true);
    const words = notice.querySelector("span");
    words.textContent = says.saysDraft;
    const since = form.dataset.since;
    if (since && draft.version && draft.version < version(form)) {
      const link = document.createElement("a");
      link.href = since.replace("/0", `/${draft.version}`);
      link.textContent = says.saysStale;
      link.setAttribute("hx-get", link.href);
      link.setAttribute("hx-target", "#dialog-body");
      words.append(" ", link);
    }
    const button = notice.querySelector("button");
    button.textContent = says.saysDiscard;
    button.addEventListener("click", () => { discard(); notice.remove(); });
    form.prepend(notice);
    htmx.process(notice);
    return notice;
  };

  const watch = async (form) => {
    if (form.dataset.watched) return;
    form.dataset.watched = "true";
    const key = keep(form), at = place(form);
    const asCame = typed(form);
    let timer, late, sent = false, began = version(form), stored = {};
    const store = (last = false) => {
      clearTimeout(timer);
      clearTimeout(late);
      const values = altered(typed(form), asCame);
      if (same(values, stored) && !sent) return;
      stored = values;
      if (!Object.keys(values).length) localStorage.removeItem(key);
      else write(key, { values, sent, version: began, at: Date.now() });
      if (!sent) late = last ? send(at, values, began, true) : setTimeout(() => send(at, values, began), 1200);
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(store, 300); });
    form.addEventListener("submit", () => { sent = true; store(); });
    // Refused unread, or never arrived: what stands in the form is a draft as before.
    for (const failed of ["htmx:responseError", "htmx:sendError"]) form.addEventListener(failed, () => { sent = false; store(); });
    addEventListener("pagehide", () => store(true));
    addEventListener("gnomon:flush", () => { const values = altered(typed(form), asCame); if (Object.keys(values).length) send(at, values, began, true); });
    if ("guard" in form.dataset) addEventListener("beforeunload", (event) => {
      const files = [...form.elements].some((field) => field.type === "file" && field.files.length);
      if (!sent && form.isConnected && (files || !same(typed(form), asCame))) event.preventDefault();
    });
    let notice = null;
    const offer = (draft) => {
      fill(form, draft.values);
      began = draft.version || began;
      stored = altered(typed(form), asCame);
      write(key, { values: stored, sent: false, version: began, at: draft.at });
      notice?.remove();
      notice = tell(form, draft, () => { fill(form, asCame); began = version(form); store(); send(at, {}, 0); });
    };
    const usable = (draft) => draft && !draft.sent && !Array.isArray(draft.values) && Object.keys(altered(draft.values || {}, asCame)).length;
    const here = read(key);
    if (usable(here)) offer(here);
    const there = await ask(at);
    // Whoever began to type while the answer came keeps what they type; what is shown already is not offered again.
    const untouched = same(altered(typed(form), asCame), stored);
    if (usable(there) && untouched && there.at > (here?.at || 0) && !same(altered(there.values, asCame), stored)) offer(there);
  };

  const drop = (box) => {
    const input = box.querySelector("input[type=file]");
    const words = box.querySelector("[data-drop-words]");
    const show = () => { if (input.files.length) words.textContent = [...input.files].map((file) => file.name).join(", "); };
    input.addEventListener("change", show);
    for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) box.addEventListener(name, () => box.classList.toggle("over", over));
  };

  // Somebody else may sit here next: what was typed waits on the server, not in this browser.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out]")) return;
    dispatchEvent(new Event("gnomon:flush"));
    for (const key of drafts()) if (key.startsWith(`${prefix}${person}:`)) localStorage.removeItem(key);
  });

  const start = (root) => {
    if (person !== undefined) root.querySelectorAll("form[data-draft]").forEach(watch);
    root.querySelectorAll("[data-drop]").forEach(drop);
  };
  settle();
  start(document);
  document.addEventListener("htmx:afterSwap", (event) => start(event.target));
})();
