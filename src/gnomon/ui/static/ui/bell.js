// The bell: asks now and then whether anything new was told; a 304 costs next to nothing.
"use strict";
(() => {
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  let tag = "";
  const ask = async () => {
    if (document.hidden) return;
    try {
      const headers = { "HX-Request": "true", ...(tag && { "If-None-Match": tag }) };
      const answer = await fetch(bell.dataset.bell, { headers, cache: "no-store" });
      if (!answer.ok || answer.redirected) return;
      tag = answer.headers.get("ETag") || "";
      const fresh = await answer.text();
      if (!bell.contains(document.activeElement)) bell.innerHTML = fresh;
    } catch { /* the page itself tells when the server is away */ }
  };
  setInterval(ask, 10000);
  document.addEventListener("visibilitychange", ask);

  // Opening what a message speaks of reads the message.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reads]");
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!link || !token) return;
    const body = new URLSearchParams({ message: link.dataset.reads, quiet: "1", csrfmiddlewaretoken: token });
    fetch(`${location.pathname.replace(/\/$/, "")}/read`, { method: "POST", body, keepalive: true }).catch(() => {});
  });
})();
