/* The page on which a patient gets ready: the check of their devices, and a form that is sent patiently. */

import { find } from "../../shared/dom.js";
import { sendPatiently } from "../../shared/sending.js";
import "./device-check.js";
import { sendTicks } from "./warning-ticks.js";

const page = find(document, "#device-check");
const form = /** @type {HTMLFormElement} */ (page.closest("form"));

sendTicks(form, `/sessions/${page.dataset.session}/warning-signs`);
sendPatiently(form, find(document, "#join-note"), `/sessions/${page.dataset.session}/room`);
