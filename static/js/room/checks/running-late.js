/* "I am running late", pressed where there may be no network: kept on the page and sent by itself. */

import { find, findAll } from "../../shared/dom.js";
import { sendPatiently } from "../../shared/sending.js";

// Without the page's fragment: to go to an address with one (the skip link leaves it) would load nothing.
const here = location.pathname + location.search;
for (const form of findAll(document, "[data-late]", HTMLFormElement))
  sendPatiently(form, find(form, "[data-note]"), here);
