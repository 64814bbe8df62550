// Writing a comment: @ offers people by keyboard, ready replies are put in where the cursor stands.
"use strict";
(() => {
  const form = document.getElementById("comment");
  const box = form?.querySelector("textarea");
  if (!box) return;

  const put = (text, from, to) => {
    box.setRangeText(text, from, to, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-reply]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const answer = await fetch(link.dataset.reply, { headers: { Accept: "application/json" } });
    if (!answer.ok) { location = link.href; return; }
    link.closest("dialog")?.close();
    put((await answer.json()).text, box.selectionStart, box.selectionEnd);
  });

  const list = document.getElementById("mention-list");
  if (!list) return;
  const told = document.getElementById("mention-told");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  let at = -1, begin = 0, asked = "", timer;

  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    list.replaceChildren();
    told.textContent = "";
    at = -1;
    box.removeAttribute("aria-activedescendant");
  };
  const mark = (to) => {
    at = to;
    options().forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    box.setAttribute("aria-activedescendant", options()[at].id);
    options()[at].scrollIntoView({ block: "nearest" });
  };
  const choose = (option) => {
    const text = `@${option.dataset.write} `;
    close();
    put(text, begin, box.selectionStart);
  };
  const show = (people) => {
    list.replaceChildren(...people.map((person, n) => {
      const option = document.createElement("li");
      option.id = `mention-${n}`;
      option.setAttribute("role", "option");
      option.dataset.write = person.write;
      option.append(person.name);
      const hint = document.createElement("span");
      hint.className = "muted";
      hint.textContent = ` @${person.write}`;
      option.append(hint);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); choose(option); });
      return option;
    }));
    if (!people.length) { close(); return; }
    list.hidden = false;
    told.textContent = form.dataset.saysFound.replace("{count}", people.length);
    mark(0);
  };
  const look = async (words) => {
    const answer = await fetch(`${form.dataset.mentions}?q=${encodeURIComponent(words)}`);
    if (!answer.ok || words !== asked) return;
    show((await answer.json()).people);
  };
  box.addEventListener("input", () => {
    const found = /(?:^|[^\w@.])@([^\s@]{0,40})$/.exec(box.value.slice(0, box.selectionStart));
    clearTimeout(timer);
    if (!found) { asked = ""; close(); return; }
    asked = found[1];
    begin = box.selectionStart - asked.length - 1;
    timer = setTimeout(() => look(asked), 120);
  });
  box.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const count = options().length;
    if (event.key === "ArrowDown") mark((at + 1) % count);
    else if (event.key === "ArrowUp") mark((at + count - 1) % count);
    else if (event.key === "Enter" || event.key === "Tab") choose(options()[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  box.addEventListener("blur", close);
})();
