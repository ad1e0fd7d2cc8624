/* Drawings that move: still on the page, moving once this runs, unless the device or the person asks for stillness. */

import { onDevice } from "./store.js";

const KEPT = "drawings-still";
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Whether drawings should keep still: by a choice kept on this device, else by what the device says. */
export function keepStill() {
  const kept = onDevice.get(KEPT);
  return kept === null ? calm.matches : kept === "yes";
}

/**
 * Give every picture on the page the address that fits. Each remembers its still one.
 * @param {ParentNode} root
 */
export function showFigures(root = document) {
  for (const image of /** @type {NodeListOf<HTMLImageElement>} */ (root.querySelectorAll("img[data-moving]"))) {
    image.dataset.still ??= image.getAttribute("src") ?? "";
    const wanted = keepStill() ? image.dataset.still : image.dataset.moving;
    if (wanted && image.getAttribute("src") !== wanted) image.setAttribute("src", wanted);
  }
}

/**
 * Let a button stop and start all drawings of the page.
 * @param {HTMLElement} button
 */
export function bindStillness(button) {
  const draw = () => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(keepStill()));
    showFigures();
  };
  button.addEventListener("click", () => {
    onDevice.set(KEPT, keepStill() ? "no" : "yes");
    draw();
  });
  calm.addEventListener("change", draw);
  draw();
}

const own = document.getElementById("hold-still");
if (own) bindStillness(own);
