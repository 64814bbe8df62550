// Files come by drop and by paste anywhere on a record's page, several at once, each with its progress.
"use strict";
(() => {
  const list = document.getElementById("uploads");
  if (!list?.dataset.attach) return;
  const veil = document.getElementById("drop-veil");
  const says = list.dataset;
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
  // Whoever writes an internal note means its pictures to be internal too.
  const internal = () => [...document.querySelectorAll("#comment [name=internal], [data-attach] [name=internal]")].some((box) => box.checked);
  const waiting = [];
  let sending = false;

  const button = (words, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  };
  const row = (file) => {
    const made = document.createElement("div");
    made.className = "upload";
    const name = document.createElement("span");
    name.className = "upload-name";
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const words = document.createElement("span");
    words.className = "upload-says";
    made.append(name, bar, words);
    list.append(made);
    return { made, bar, words };
  };
  const done = (shown, text, failed, again) => {
    shown.bar.remove();
    shown.words.textContent = text;
    shown.made.classList.toggle("upload-failed", failed);
    if (failed && again) shown.made.append(button(says.saysAgain, () => { shown.made.remove(); again(); }));
    if (failed) shown.made.append(button(says.saysDismiss, () => shown.made.remove()));
    else setTimeout(() => shown.made.remove(), 6000);
  };
  const send = ({ file, secret, shown }) => new Promise((settle) => {
    const form = new FormData();
    form.append("file", file, file.name);
    if (secret) form.append("internal", "1");
    const request = new XMLHttpRequest();
    request.open("POST", says.attach);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token());
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) shown.bar.value = event.loaded / event.total; });
    request.addEventListener("loadend", () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch { /* no answer, or a page: the words below say so */ }
      if (request.status === 201) done(shown, told.says || says.saysDone, false);
      else done(shown, told.says || says.saysFailed, true, told.says ? null : () => take([file], secret));
      settle();
    });
    request.send(form);
  });
  const work = async () => {
    if (sending) return;
    sending = true;
    while (waiting.length) await send(waiting.shift());
    sending = false;
  };
  const take = (files, secret = internal()) => {
    for (const file of files) waiting.push({ file, secret, shown: row(file) });
    work();
  };

  const named = (file) => {
    const ending = file.type.split("/")[1]?.replace("jpeg", "jpg").replace(/\W.*/, "") || "png";
    const at = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 19).replace(/[:T]/g, "-");
    return new File([file], `${says.saysShot}-${at}.${ending}`, { type: file.type });
  };
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    // Word processors put a picture beside the text that they copy: then the text is meant.
    if (!files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take(files.map((file) => (/^image\.\w+$/.test(file.name) ? named(file) : file)));
  });

  let depth = 0;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  const cover = (on) => { veil.hidden = !on; if (!on) depth = 0; };
  document.addEventListener("dragenter", (event) => { if (carries(event)) { depth += 1; cover(true); } });
  document.addEventListener("dragleave", (event) => { if (carries(event)) { depth -= 1; if (depth <= 0) cover(false); } });
  document.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    cover(false);
    take([...event.dataTransfer.files]);
  });
})();
