/* Dialogs: the rest of the page rests, focus goes to the title and comes back to where it was, Esc closes. */

/** @param {HTMLDialogElement} sheet */
export function openSheet(sheet) {
  if (sheet.open) return;
  const back = document.activeElement;
  sheet.showModal();
  sheet.querySelector("h2")?.focus();
  sheet.addEventListener("close", () => back instanceof HTMLElement && back.isConnected && back.focus(), {
    once: true,
  });
}

/**
 * A dialog that only its own buttons may close.
 * @param {HTMLDialogElement} sheet
 */
export function openFast(sheet) {
  sheet.addEventListener("cancel", (event) => event.preventDefault());
  openSheet(sheet);
}
