/* What scripts say, in the language of the page. English stands in the scripts; a page in another language carries what
   its scripts say in it (backtolife/web/said/script_words.py). `tools.catalogues` gathers the words for translators. */

/** @typedef {Partial<Record<Intl.LDMLPluralRule, string>>} Forms What is said of one, of a few, of many. */
/** @typedef {{language: string, words: Record<string, string | Forms>}} Carried By the English words. */
/**
 * The names of the gaps in some words: "name" for `%(name)s`.
 * @template {string} Words
 * @typedef {Words extends `${string}%(${infer Name})s${infer Rest}` ? Name | Gap<Rest> : never} Gap
 */
/**
 * What fills them. Numbers are written as the language writes them.
 * @template {string} Name
 * @typedef {[Name] extends [never] ? [] : [Record<Name, string | number>]} Filling
 */

/** @type {Carried} */
const carried = JSON.parse(globalThis.document?.getElementById("script-words")?.textContent || "null") ?? {
  language: "en-GB",
  words: {},
};
/** In which language scripts speak here, also of numbers, times and days. */
export const { language } = carried;
const counts = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);
const GAP = /%\((\w+)\)s/g;

/**
 * These words in the page's language, or as they are where it has none for them.
 * @template {string} Words
 * @param {Words} words
 * @param {Filling<Gap<Words>>} filling
 */
export function gettext(words, ...filling) {
  const found = carried.words[words];
  return filled(typeof found === "string" ? found : words, filling[0]);
}

/**
 * The form that fits `num`, which fills the gap `num` by itself.
 * @template {string} One
 * @template {string} Many
 * @param {One} one
 * @param {Many} many
 * @param {number} num
 * @param {Filling<Exclude<Gap<One> | Gap<Many>, "num">>} filling
 */
export function ngettext(one, many, num, ...filling) {
  const found = carried.words[one];
  const forms = typeof found === "object" ? found : {};
  const english = num === 1 ? one : many;
  return filled(forms[counts.select(num)] ?? forms.other ?? english, { ...filling[0], num });
}

/** @param {string} words @param {Record<string, string | number>} [filling] */
function filled(words, filling = {}) {
  return words.replace(GAP, (gap, name) => {
    const value = filling[name];
    return typeof value === "number" ? numbers.format(value) : (value ?? gap);
  });
}
