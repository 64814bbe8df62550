// Nothing typed is lost: forms marked data-draft are kept in this browser, by address and person, until they are sent.
"use strict";
(() => {
  const person = document.body.dataset.person;
  const says = document.body.dataset;
  const prefix = "draft:";
  const keep = (form) => `${prefix}${person}:${location.pathname}:${form.getAttribute("action") || ""}`;
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const write = (key, draft) => { try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* full or forbidden: then there are no drafts */ } };
  const secret = (field) => !field.name || /^(csrfmiddlewaretoken|expect)$/.test(field.name) || /^(file|password|hidden|submit|button)$/.test(field.type);
  const typed = (form) => [...form.elements].filter((f) => !secret(f)).map((f) => [f.name, /^(checkbox|radio)$/.test(f.type) ? (f.checked ? f.value : null) : f.value]);
  const fill = (form, values) => [...form.elements].filter((f) => !secret(f)).forEach((field, at) => {
    const [name, value] = values[at] || [];
    if (name !== field.name) return;
    if (/^(checkbox|radio)$/.test(field.type)) field.checked = value !== null;
    else field.value = value;
  });
  const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));

  // A sent draft is done with once a page of the house opens. The pages outside it, sign-in and errors, mean
  // that the form did not arrive; so does coming back or loading again.
  const settle = () => {
    const again = /^(reload|back_forward)$/.test(performance.getEntriesByType("navigation")[0]?.type);
    for (const key of drafts()) {
      const draft = read(key);
      if (!draft?.sent) continue;
      if (person === undefined || again) write(key, { ...draft, sent: false });
      else if (key.startsWith(`${prefix}${person}:`)) localStorage.removeItem(key);
    }
  };

  const watch = (form) => {
    if (form.dataset.watched) return;
    form.dataset.watched = "true";
    const key = keep(form);
    const asCame = JSON.stringify(typed(form));
    const draft = read(key);
    if (draft && !draft.sent && JSON.stringify(draft.values) !== asCame) {
      fill(form, draft.values);
      const notice = document.getElementById("draft-notice").content.firstElementChild.cloneNode(true);
      notice.querySelector("span").textContent = says.saysDraft;
      const discard = notice.querySelector("button");
      discard.textContent = says.saysDiscard;
      discard.addEventListener("click", () => { localStorage.removeItem(key); fill(form, JSON.parse(asCame)); notice.remove(); });
      form.prepend(notice);
    }
    let timer, sent = false;
    const store = () => {
      clearTimeout(timer);
      const values = typed(form);
      if (JSON.stringify(values) === asCame) localStorage.removeItem(key);
      else write(key, { values, sent });
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(store, 400); });
    form.addEventListener("submit", () => { sent = true; store(); });
    addEventListener("pagehide", store);
    if ("guard" in form.dataset) addEventListener("beforeunload", (event) => {
      const files = [...form.elements].some((field) => field.type === "file" && field.files.length);
      if (!sent && form.isConnected && (files || JSON.stringify(typed(form)) !== asCame)) event.preventDefault();
    });
  };

  const drop = (box) => {
    const input = box.querySelector("input[type=file]");
    const words = box.querySelector("[data-drop-words]");
    const show = () => { if (input.files.length) words.textContent = [...input.files].map((file) => file.name).join(", "); };
    input.addEventListener("change", show);
    for (const [name, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) box.addEventListener(name, () => box.classList.toggle("over", over));
  };

  const start = (root) => {
    if (person !== undefined) root.querySelectorAll("form[data-draft]").forEach(watch);
    root.querySelectorAll("[data-drop]").forEach(drop);
  };
  settle();
  start(document);
  document.addEventListener("htmx:afterSwap", (event) => start(event.target));
})();
