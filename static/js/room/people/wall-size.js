/* How large the tiles of the facilitators' wall are: as large as what is left of the window lets them all be. */

import { byId } from "../../shared/dom.js";
import { fitOrScroll } from "./fit.js";

/** Where there is room for columns of one window's height; elsewhere the page scrolls and the sheet sets the sizes. */
const ROOMY = window.matchMedia("(min-width: 64em) and (min-height: 36em)");
/** A picture may lose a third of its width before the tiles become smaller; with its frame and the words under it. */
const TILE = { gap: 10, narrowest: 1.2, under: 50, lowest: 72 };

export class WallSize {
  /** @param {HTMLElement} box the list of tiles */
  constructor(box) {
    this.box = box;
    this.column = /** @type {HTMLElement} */ (box.parentElement);
    this.count = 0;
    const again = new ResizeObserver(() => this.lie());
    for (const each of [this.column, ...this.column.children]) if (each !== box) again.observe(each);
    ROOMY.addEventListener("change", () => this.lie());
  }

  get fitted() {
    return ROOMY.matches && this.count > 0 && this.box.clientWidth > 0;
  }

  /**
   * So many tiles, and whether people exercise: then the wall has all the room there is.
   * @param {number} count
   * @param {boolean} exercising
   */
  draw(count, exercising) {
    this.count = count;
    byId("main").dataset.doing = exercising ? "exercise" : "talk";
    this.lie();
  }

  lie() {
    this.box.classList.toggle("is-fitted", this.fitted);
    if (!this.fitted) return;
    const size = fitOrScroll(this.count, { width: this.box.clientWidth, height: this.free }, TILE);
    this.box.style.setProperty("--columns", String(size.columns));
    this.box.style.setProperty("--wide", `${size.width}px`);
    this.box.style.setProperty("--high", `${size.height + TILE.under}px`);
  }

  /** The height that is left below what stands above the wall. */
  get free() {
    const below = byId("wall-empty").hidden ? 0 : byId("wall-empty").offsetHeight + TILE.gap;
    const { bottom } = this.column.getBoundingClientRect();
    const top = this.box.getBoundingClientRect().top + this.column.scrollTop;
    return bottom - Number.parseFloat(getComputedStyle(this.column).paddingBottom) - top - below;
  }

  /** Open a menu of a tile to the side where there is room for it. @param {HTMLElement} list */
  turn(list) {
    const own = list.getBoundingClientRect();
    const room = this.column.getBoundingClientRect();
    list.classList.toggle("btl-menu--right", own.left < room.left);
    list.classList.toggle("btl-menu--up", this.fitted && own.bottom > room.bottom);
  }
}
