// All commands by keyboard: Ctrl or Cmd with K, or a full stop. Each is a link or button elsewhere too.
"use strict";
(() => {
  const dialog = document.getElementById("palette");
  if (!dialog || document.body.dataset.person === undefined) return;
  const input = document.getElementById("palette-words");
  const list = document.getElementById("palette-list");
  const told = document.getElementById("palette-told");
  const says = dialog.dataset;
  const MOST = 60;
  let commands = [], fit = [], at = 0, before = null;

  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const rank = (command, words) => {
    const title = plain(command.title), all = plain(`${command.title} ${command.also} ${command.group}`);
    if (!words.every((word) => all.includes(word))) return -1;
    return (title.startsWith(words[0] || "") ? 2 : 0) + (words.every((word) => title.includes(word)) ? 1 : 0);
  };
  const further = (text) => {
    const found = [];
    if (/^[a-z]{2,5}-\d+$/i.test(text)) found.push({ title: says.saysOpen.replace("{words}", text.toUpperCase()), group: says.saysSearchGroup, url: `/go/${encodeURIComponent(text)}`, how: "go" });
    if (text) found.push({ title: says.saysSearch.replace("{words}", text), group: says.saysSearchGroup, url: `/search?q=${encodeURIComponent(text)}`, how: "go" });
    return found;
  };
  const mark = (to) => {
    const options = [...list.children];
    at = to;
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    if (!options.length) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  };
  const draw = () => {
    const text = input.value.trim();
    const words = plain(text).split(/\s+/).filter(Boolean);
    const ranked = commands.map((command) => [rank(command, words), command]).filter(([n]) => n >= 0);
    ranked.sort((a, b) => b[0] - a[0]); // a stable sort: those about the record stay first
    fit = [...ranked.slice(0, MOST).map(([, command]) => command), ...further(text)];
    list.replaceChildren(...fit.map((command, n) => {
      const option = document.createElement("li");
      option.id = `command-${n}`;
      option.setAttribute("role", "option");
      option.append(command.title);
      const group = document.createElement("span");
      group.textContent = command.group;
      option.append(group);
      return option;
    }));
    told.textContent = says.saysCount.replace("{count}", fit.length);
    mark(0);
  };
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
  const post = (url) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = url;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "csrfmiddlewaretoken";
    field.value = token();
    form.append(field);
    document.body.append(form);
    form.submit();
  };
  const words = (url) => {
    const link = document.createElement("a");
    link.dataset.reply = url;
    link.href = url;
    link.hidden = true;
    document.body.append(link);
    link.click();
    link.remove();
  };
  const run = (command) => {
    if (!command) return;
    before = null; // where the command leads has the focus, not where we came from
    dialog.close();
    if (command.how === "dialog") htmx.ajax("GET", command.url, { target: "#dialog-body" });
    else if (command.how === "post") post(command.url);
    else if (command.how === "focus") {
      const place = document.querySelector(command.url);
      place?.scrollIntoView({ block: "center" });
      place?.focus();
    } else if (command.how === "reply") words(command.url);
    else location = command.url;
  };

  const open = async () => {
    if (dialog.open) { dialog.close(); return; }
    if (document.querySelector("dialog[open]")) return;
    before = document.activeElement;
    input.value = "";
    draw();
    dialog.showModal();
    input.focus();
    try {
      const answer = await fetch(`${says.url}?at=${encodeURIComponent(location.pathname)}`);
      if (answer.ok && !answer.redirected) { ({ commands } = await answer.json()); draw(); }
    } catch { /* offline: what was known before is offered */ }
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
    const asked = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k";
    if (!asked && (event.key !== "." || typing || event.ctrlKey || event.metaKey || event.altKey)) return;
    event.preventDefault();
    open();
  });
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step && fit.length) mark(Math.min(Math.max((Math.abs(step) === 1 ? (at + step + fit.length) % fit.length : at + step), 0), fit.length - 1));
    else if (event.key === "Enter") run(fit[at]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) run(fit[[...list.children].indexOf(option)]);
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => before?.focus());
})();
