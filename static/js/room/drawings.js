/* The drawing on the exercise card: of the move that is on or comes next, done the person's own way. */

import { bindStillness, showFigures } from "../figures.js";
import { byId } from "./dom.js";

bindStillness(byId("still"));

/** Show the move called `id`, or nothing where there is none. `exercise` is from the page's data. */
export function showMove(id, exercise, way) {
  const image = byId("figure");
  const says = exercise?.drawn[way];
  image.closest("figure").hidden = !says;
  if (!says) return;
  image.alt = says;
  image.dataset.still = `/exercises/${id}/${way}/still.svg`;
  image.dataset.moving = `/exercises/${id}/${way}/moving.svg`;
  showFigures(image.parentElement);
}
