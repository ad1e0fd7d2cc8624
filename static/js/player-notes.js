/* Notes are saved while you type. Words that did not reach us stay on this device until they do. */

(() => {
  "use strict";

  const form = document.getElementById("notes");
  const saved = document.getElementById("notes-saved");
  const words = form.elements.namedItem("words");
  const { store } = form.dataset;
  const AFTER_MS = 1000;
  const AGAIN_MS = 5000;
  let timer = 0;
  let changed = false;

  const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };

  function change() {
    changed = true;
    localStorage.setItem(store, words.value);
    later(AFTER_MS);
  }

  async function save() {
    if (!changed) return;
    clearTimeout(timer);
    changed = false;
    try {
      const headers = { Accept: "application/json", "X-CSRFToken": form.elements.namedItem("csrf_token")?.value ?? "" };
      const answer = await fetch(form.action, { method: "POST", keepalive: true, headers, body: new URLSearchParams(new FormData(form)) });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.error);
      saved.textContent = `${told.saved} We save as you type.`;
      if (!changed) localStorage.removeItem(store);
    } catch (problem) {
      changed = true;
      const why = problem instanceof TypeError || !problem.message ? "There is no link to us." : problem.message;
      saved.textContent = `Not saved yet. ${why} Your words stay on this device, and we try again.`;
      later(AGAIN_MS);
    }
  }

  const left = localStorage.getItem(store);
  if (left !== null && left !== words.value) {
    words.value = left;
    change();
  }
  form.addEventListener("input", change);
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  window.addEventListener("online", save);
  window.addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
})();
