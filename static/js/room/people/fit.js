/* How many columns show so many tiles largest in so much room. Pure. */

const WIDEST = 16 / 9;

/**
 * The columns and the size of one tile, in pixels, for `count` tiles in `width` by `height` with `gap` between.
 * @param {number} count
 * @param {number} width
 * @param {number} height
 * @param {number} gap
 * @param {number} narrowest the smallest width for a height of 1
 * @param {number} [under] how much height the words under each tile take
 */
export function fit(count, width, height, gap, narrowest, under = 0) {
  let best = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const wide = Math.max(0, width - gap * (columns - 1)) / columns;
    const high = Math.max(0, Math.max(0, height - gap * (rows - 1)) / rows - under);
    const tile = {
      columns,
      width: Math.floor(Math.min(wide, high * WIDEST)),
      height: Math.floor(Math.min(high, wide / narrowest)),
    };
    if (tile.width * tile.height > best.width * best.height) best = tile;
  }
  return best;
}

/**
 * The same, where each tile has at least `lowest` height: what does not fit then is scrolled to.
 * @param {number} count
 * @param {{ width: number, height: number }} room
 * @param {{ gap: number, narrowest: number, under: number, lowest: number }} tile
 */
export function fitOrScroll(count, { width, height }, { gap, narrowest, under, lowest }) {
  const found = fit(count, width, height, gap, narrowest, under);
  if (found.height >= lowest) return found;
  const columns = Math.max(1, Math.min(count, Math.floor((width + gap) / (lowest * WIDEST + gap))));
  const wide = Math.floor((width - gap * (columns - 1)) / columns);
  return { columns, width: wide, height: Math.floor(wide / WIDEST) };
}
