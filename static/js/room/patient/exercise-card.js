/* The drawing on the exercise card: of the move that is on or comes next, done the person's own way. */

import { byId } from "../../shared/dom.js";
import { bindStillness, showFigures } from "../../shared/drawings-that-move.js";

/** @import { Exercise } from "../page.js" */

bindStillness(byId("still"));

/**
 * Show the move called `id`, or nothing where there is none. `exercise` is from the page's data.
 * @param {string | undefined} id
 * @param {Exercise | undefined} exercise
 * @param {string} way
 */
export function showMove(id, exercise, way) {
  const image = byId("figure");
  const figure = /** @type {HTMLElement} */ (image.closest("figure"));
  const says = exercise?.drawn[way];
  figure.hidden = !says;
  if (!says) return;
  image.alt = says;
  image.dataset.still = `/exercises/${id}/${way}/still.svg`;
  image.dataset.moving = `/exercises/${id}/${way}/moving.svg`;
  showFigures(figure);
}
