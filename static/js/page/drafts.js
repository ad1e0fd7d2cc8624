/* No typed word is lost: what is typed into a form is kept on our side while it is typed, for its writer alone, and is
   back in the form when they come back. A long upload is only begun when it will be taken. */

import { find, make } from "../shared/dom.js";
import { gettext } from "../shared/words.js";
import { empty, fill, joined, read, same, stood, WORDS } from "./draft-fields.js";
import { postDraft } from "./post-draft.js";
import { watchUpload } from "./uploads.js";

/** @typedef {import("./draft-fields.js").Fields} Fields */
/**
 * Words that were kept for the form at this address; `fields` and `base` (what stood there before) are Fields in JSON.
 * @typedef {{address: string, fields: string, base: string, when: string}} Draft
 */
/** @typedef {[label: string, act: () => unknown]} Choice A button and what it does. */

const { whose = "", answered } = document.body.dataset;
/** An answered page that is loaded again sends the same once more: what was typed on it since is newer. */
const again = () =>
  performance.getEntriesByType("navigation").some((entry) => "type" in entry && entry.type === "reload");
const PAUSE_MS = 1500;
const SIGNED_OUT = gettext(
  "You were signed out, because nothing happened for a while. Your words stay. When you save, we ask you to sign in, and then they are back here.",
);

const CHANGED = gettext("This page has changed since.");
/** The person, or their browser, was quicker than our answer; or nobody knows what stood here before. */
const HERE = gettext("Something else is in the form now.");

class Watched {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.address = new URL(form.action, location.href).pathname;
    this.base = stood(form);
    this.timer = 0;
    this.last = "";
    /** The last status that was told of. */
    this.told = 0;
    /** @type {AbortController | null} */
    this.sending = null;
    this.before = make("input", { type: "hidden", name: "whose_base" });
    this.mark();
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", (event) => {
      if (event.isTrusted) this.later();
    });
    form.addEventListener("submit", () => {
      this.stop();
      this.before.value = JSON.stringify(this.base);
    });
    window.addEventListener("pagehide", () => {
      if (this.timer) this.keep({ keepalive: true });
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.timer) this.keep({ keepalive: true });
    });
  }

  /** Says to us whose words these are, should somebody else be signed in when they arrive, and what stood here before. */
  mark() {
    this.form.append(make("input", { type: "hidden", name: "whose", value: whose }), this.before);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE_MS);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.sending?.abort();
  }

  /** @param {RequestInit} more */
  async keep(more = {}) {
    this.stop();
    const fields = read(this.form);
    const now = JSON.stringify(fields);
    if (now === this.last) return;
    this.sending = new AbortController();
    try {
      const told = { address: this.address, fields, base: this.base };
      const answer = await postDraft("/drafts", told, { signal: this.sending.signal, ...more });
      if (answer.ok) this.last = now;
      else await this.tell(answer);
    } catch {
      /* No link, or the form is on its way: the words are still on the page. */
    }
  }

  /**
   * Says once why the words are not kept.
   * @param {Response} answer
   */
  async tell(answer) {
    if (this.told === answer.status) return;
    this.told = answer.status;
    if (answer.status === 403) this.note(SIGNED_OUT);
    if (answer.status === 400)
      this.note(gettext("%(why)s Please save it now.", { why: String((await answer.json()).error) }));
  }

  async drop() {
    this.stop();
    await postDraft("/drafts/drop", { address: this.address }).catch(() => {});
  }

  /**
   * The words from before: in the form, or beside it where the page says something else by now.
   * @param {Draft} draft
   * @param {boolean} own Whether what stands here is what the same person sent before they wrote on.
   */
  offer(draft, own = false) {
    const fields = /** @type {Fields} */ (JSON.parse(draft.fields));
    const here = read(this.form);
    const before = /** @type {Fields | null} */ (draft.base ? JSON.parse(draft.base) : null);
    if (own && before) this.base = before;
    if (same(fields, here)) return;
    this.last = JSON.stringify(fields);
    if (own) this.bringBack(draft, fields);
    else if (!same(here, this.base)) this.ask(draft, fields, HERE);
    else if (!before) {
      if (empty(this.form)) this.bringBack(draft, fields);
      else this.ask(draft, fields, HERE);
    } else {
      const whole = joined(before, fields, here);
      if (whole) this.bringBack(draft, whole);
      else this.ask(draft, fields, CHANGED);
    }
  }

  /** @param {Draft} draft @param {Fields} fields */
  bringBack(draft, fields) {
    const as = read(this.form);
    fill(this.form, fields);
    const clear = async () => {
      await this.drop();
      fill(this.form, as);
      find(this.form, WORDS).focus();
    };
    this.note(gettext("You wrote this %(when)s and did not save it. It is back in the form.", { when: draft.when }), [
      gettext("Clear it"),
      clear,
    ]);
  }

  /** @param {Draft} draft @param {Fields} fields @param {string} why they are not in the form */
  ask(draft, fields, why) {
    const note = this.note(
      gettext("You wrote something here %(when)s and did not save it. %(why)s Your words are:", {
        when: draft.when,
        why,
      }),
      [gettext("Put my words in the form"), () => fill(this.form, fields)],
      [gettext("Clear my words"), () => this.drop()],
    );
    const now = new Map(read(this.form));
    for (const [name, value] of fields) {
      const field = this.form.querySelector(`[name="${CSS.escape(name)}"]`);
      if (!field?.matches(WORDS) || !value.trim() || now.get(name) === value) continue;
      find(note, ".btl-actions").before(make("p", { class: "btl-kept__words" }, value));
    }
  }

  /** @param {string} words @param {...Choice} choices */
  note(words, ...choices) {
    const buttons = choices.map(([label, act]) => {
      const press = async () => {
        await act();
        note.remove();
      };
      const look = "btl-btn btl-btn--line btl-btn--small";
      return make("button", { type: "button", class: look, on: { click: press } }, label);
    });
    const actions = make("div", { class: "btl-actions" }, ...buttons);
    const note = make("div", { class: "btl-note btl-kept", role: "status" }, make("p", {}, words), actions);
    this.form.before(note);
    return note;
  }
}

/** @param {Watched[]} forms @param {Draft[]} drafts */
function take(forms, drafts) {
  for (const draft of drafts) {
    const place = forms.find((each) => each.address === draft.address);
    if (answered === undefined) place?.offer(draft);
    else if (again()) place?.offer(draft, true);
    else if (place && draft.base) place.base = JSON.parse(draft.base);
  }
  if (answered !== undefined && !again()) for (const each of forms) if (each.address === location.pathname) each.keep();
}

const forms = [...document.querySelectorAll("form")].filter((form) => form.matches("main form[method=post]"));
const watched = forms
  .filter((form) => form.querySelector(WORDS) && !("keepsItself" in form.dataset))
  .map((form) => new Watched(form));
for (const form of forms) if (form.enctype === "multipart/form-data") watchUpload(form);
if (watched.length) {
  const keepDrafts = () => Promise.all(watched.filter((each) => each.timer).map((each) => each.keep()));
  Object.assign(window, { keepDrafts }); // page/leaving.js asks for it, also on pages without this script
  const addresses = new URLSearchParams(watched.map((each) => ["address", each.address]));
  fetch(`/drafts?${addresses}`, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : []))
    .then((drafts) => take(watched, drafts))
    .catch(() => {});
}
