for (const box of document.querySelectorAll("[data-filter]")) {
  const rows = [...document.querySelectorAll(box.dataset.filter)];
  const words = box.querySelector("input"), choice = box.querySelector("select"), count = box.querySelector("output");
  const said = rows.map((row) => row.textContent.toLowerCase());
  box.hidden = false;
  const narrow = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = wanted.every((word) => said[at].includes(word)) && (!choice || !choice.value || row.dataset.is === choice.value);
      row.hidden = !fits;
      shown += fits;
    });
    count.textContent = `${shown} / ${rows.length}`;
  };
  box.addEventListener("input", narrow);
  box.addEventListener("submit", (event) => event.preventDefault());
  narrow();
}
