/* The page where staff look after videos: how far each one is, every two seconds while something is going on. */

(() => {
  "use strict";

  const EVERY_MS = 2000;
  const list = document.getElementById("videos");
  const part = (row, name) => row.querySelector(`[data-part="${name}"]`);

  function show(row, state) {
    row.dataset.busy = state.busy ? "yes" : "no";
    const tag = part(row, "words");
    tag.textContent = state.words;
    tag.className = `btl-tag${state.tag ? ` btl-tag--${state.tag}` : ""}`;
    part(row, "bar").hidden = !state.busy;
    part(row, "bar").firstElementChild.value = state.percent;
    part(row, "percent").textContent = `${state.percent}%`;
    part(row, "watch").hidden = !state.watch;
    const trouble = part(row, "trouble");
    trouble.textContent = state.trouble ? `${state.trouble} Load this page again to try once more.` : "";
    trouble.hidden = !state.trouble;
  }

  async function look() {
    if (!document.hidden) {
      const answer = await fetch(list.dataset.progress, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.ok) {
        for (const state of await answer.json()) {
          const row = list.querySelector(`[data-video="${state.id}"]`);
          if (row?.dataset.busy === "yes") show(row, state);
        }
      }
    }
    if (list.querySelector('[data-busy="yes"]')) setTimeout(look, EVERY_MS);
  }

  if (list?.querySelector('[data-busy="yes"]')) setTimeout(look, EVERY_MS);
  document.getElementById("upload-form").addEventListener("submit", () => {
    document.getElementById("sending").textContent = "We are sending your video. Please keep this page open.";
  });
})();
