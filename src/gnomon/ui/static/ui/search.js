// Suggestions while somebody types in the search box, and arrow keys through results. Without this, Enter searches.
"use strict";
(() => {
  const box = document.querySelector(".top-search input");
  const list = document.getElementById("suggested");
  if (!box || !list) return;
  let asked = 0, waiting = 0, aborter = null;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const at = () => options().findIndex((one) => one.getAttribute("aria-selected") === "true");
  const show = (open) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) box.removeAttribute("aria-activedescendant");
  };
  const choose = (index) => {
    const all = options();
    all.forEach((one, i) => one.setAttribute("aria-selected", String(i === index)));
    if (all[index]) {
      box.setAttribute("aria-activedescendant", all[index].id);
      all[index].scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  };
  const ask = async () => {
    const words = box.value.trim();
    aborter?.abort();
    if (words.length < 2 && !/[\u3400-\u9fff]/.test(words)) return show(false);
    aborter = new AbortController();
    const turn = ++asked;
    try {
      const answer = await fetch(`${list.dataset.url}?${new URLSearchParams({ q: words })}`, { headers: { "HX-Request": "true" }, signal: aborter.signal });
      if (!answer.ok || answer.redirected || turn !== asked) return;
      list.innerHTML = await answer.text();
      show(list.children.length > 0 && document.activeElement === box);
    } catch { /* typed on, or the server is away: Enter still searches */ }
  };
  box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 160); });
  box.addEventListener("focus", () => { if (list.children.length && box.value.trim()) show(true); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // arrows and Enter belong to the input method
    const last = options().length - 1;
    if (event.key === "Escape") { if (!list.hidden) event.preventDefault(); show(false); }
    else if (event.key === "Enter" && !list.hidden && at() >= 0) { event.preventDefault(); location = options()[at()].dataset.url; }
    else if (event.key === "ArrowDown" && !list.hidden) { event.preventDefault(); choose(at() >= last ? 0 : at() + 1); }
    else if (event.key === "ArrowUp" && !list.hidden) { event.preventDefault(); choose(at() <= 0 ? last : at() - 1); }
  });
  document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".top-search")) show(false); });
  box.addEventListener("blur", (event) => { if (!list.contains(event.relatedTarget)) setTimeout(() => show(false), 150); });

  // Results: the arrows do what j and k do.
  document.addEventListener("keydown", (event) => {
    const key = { ArrowDown: "j", ArrowUp: "k" }[event.key];
    if (!key || !document.querySelector(".found") || event.target.matches("textarea, select, .top-search input")) return;
    event.preventDefault();
    event.target.blur?.();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  });
})();
