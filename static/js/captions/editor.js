/* The captions as a list beside the video. What is sent is the text of the plain form, which this list writes. */

import { find, findAll, make } from "../shared/dom.js";
import { inputOf } from "../shared/form-data.js";
import { added, joined, removed, shownAt, sorted, split } from "./caption-changes.js";
import { rowOf, tell } from "./caption-row.js";
import { asVtt } from "./caption-times.js";

/** @typedef {import("./caption-times.js").Caption} Caption */
/** @typedef {import("./caption-row.js").Finding} Finding */
/** @typedef {import("./caption-changes.js").Changed} Changed */

const CHECK_AFTER_MS = 600;
const MOST_STEPS = 200;
const NOT_CHECKED = "We could not look at the times just now. Your words are kept on this page.";

class Editor {
  /** @param {HTMLFormElement} form @param {HTMLVideoElement} video @param {Caption[]} captions */
  constructor(form, video, captions) {
    this.form = form;
    this.video = video;
    this.captions = sorted(captions);
    this.text = find(form, "[name=words]", HTMLTextAreaElement);
    this.list = find(form, "#captions-list");
    this.told = find(form, "#captions-told");
    this.undoButton = find(form, "#captions-undo", HTMLButtonElement);
    this.line = find(document, "#caption");
    /** @type {Caption[][]} What there was before each step. */
    this.steps = [];
    /** @type {Caption | null} Whose words are being typed: one step until another is begun. */
    this.typing = null;
    this.writing = false;
    this.timer = 0;
    this.listen();
    this.draw();
    this.check();
  }

  get now() {
    return Math.round(this.video.currentTime * 1000);
  }

  listen() {
    find(this.form, "#captions-add").addEventListener("click", () => this.become(added(this.captions, this.now)));
    this.undoButton.addEventListener("click", () => this.undo());
    for (const name of ["input", "change"])
      this.text.addEventListener(name, () => {
        if (!this.writing) this.check(true);
      });
    this.form.addEventListener(
      "submit",
      (event) => {
        const wrong = this.list.querySelector("[aria-invalid]");
        if (!(wrong instanceof HTMLElement)) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        wrong.focus();
      },
      { capture: true },
    );
    this.list.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.ctrlKey) return;
      event.preventDefault();
      if (this.video.paused) this.play();
      else this.video.pause();
    });
    for (const name of ["timeupdate", "seeked"]) this.video.addEventListener(name, () => this.mark());
  }

  /** Browsers may refuse to start by themselves: the player's own button is still there. */
  play() {
    this.video.play().catch(() => undefined);
  }

  /** @type {import("./caption-row.js").Asked} */
  asked = {
    play: (caption) => {
      this.video.currentTime = caption.start_ms / 1000;
      this.play();
    },
    time: (caption, when, value) => this.setTime(caption, when, value),
    timeNow: (caption, when) => this.setTime(caption, when, this.now),
    type: (caption, text) => {
      if (this.typing !== caption) this.remember();
      this.typing = caption;
      caption.text = text;
      this.changed();
    },
    split: (caption, place) => this.become(split(this.captions, this.captions.indexOf(caption), place, this.now)),
    join: (caption) => this.become(joined(this.captions, this.captions.indexOf(caption))),
    remove: (caption) => this.become(removed(this.captions, this.captions.indexOf(caption))),
  };

  /** @param {Caption} caption @param {import("./caption-row.js").When} when @param {number} value */
  setTime(caption, when, value) {
    const field = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.field : undefined;
    const moved = { ...caption, [when]: value };
    const list = sorted(this.captions.map((each) => (each === caption ? moved : each)));
    this.become({ captions: list, at: list.indexOf(moved) }, field ?? when);
  }

  remember() {
    this.steps.push(this.captions.map((each) => ({ ...each })));
    if (this.steps.length > MOST_STEPS) this.steps.shift();
    this.undoButton.disabled = false;
  }

  /** @param {Changed} to @param {string} field Where to go on in it. */
  become(to, field = "words") {
    this.remember();
    this.typing = null;
    this.captions = to.captions;
    this.draw();
    this.changed();
    const row = this.list.children[to.at];
    const next = row?.querySelector(`[data-field="${field}"]`) ?? find(this.form, "#captions-add");
    if (next instanceof HTMLElement) next.focus();
  }

  undo() {
    const before = this.steps.pop();
    if (!before) return;
    this.typing = null;
    this.captions = before;
    this.draw();
    this.changed();
    this.undoButton.disabled = !this.steps.length;
    if (this.undoButton.disabled) find(this.form, "#captions-add").focus();
  }

  draw() {
    const last = this.captions.length - 1;
    this.list.replaceChildren(...this.captions.map((each, at) => rowOf(each, at, at === last, this.asked)));
    this.mark();
  }

  /** The plain form's text follows, so that it is kept and sent as if it had been typed there. */
  changed() {
    this.writing = true;
    this.text.value = asVtt(this.captions);
    this.text.dispatchEvent(new Event("input", { bubbles: true }));
    this.writing = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), CHECK_AFTER_MS);
    this.mark();
  }

  /** What is said now is shown on the picture, and marked in the list. */
  mark() {
    const here = shownAt(this.captions, this.now);
    find(this.line, "span").textContent = here.map((each) => each.text).join("\n");
    this.line.hidden = !here.length;
    for (const [at, row] of [...this.list.children].entries()) {
      const caption = this.captions[at];
      row.toggleAttribute("aria-current", caption !== undefined && here.includes(caption));
    }
  }

  /**
   * Ask what is to be said about the captions; the rules are on our side alone.
   * @param {boolean} anew The text came from elsewhere, such as what was kept of it: the list follows it.
   */
  async check(anew = false) {
    const words = this.text.value;
    const headers = { Accept: "application/json", "X-CSRFToken": inputOf(this.form, "csrf_token").value };
    try {
      const body = new URLSearchParams({ words });
      const answer = await fetch(this.form.dataset.check ?? "", { method: "POST", headers, body });
      const told = await answer.json();
      if (words !== this.text.value) return;
      if (!answer.ok) throw new Error(told.error);
      if (anew) {
        this.remember();
        this.captions = told.captions;
        this.draw();
      }
      this.tellAll(told.findings);
    } catch (problem) {
      this.told.textContent =
        problem instanceof Error && !(problem instanceof TypeError) ? problem.message : NOT_CHECKED;
    }
  }

  /** @param {Finding[]} findings */
  tellAll(findings) {
    for (const row of findAll(this.list, "li.btl-cue")) {
      tell(
        row,
        findings.filter((each) => each.at === Number(row.dataset.at)),
      );
    }
    const count = new Set(findings.map((each) => each.at)).size;
    const words = count === 1 ? "1 caption to look at again." : `${count} captions to look at again.`;
    this.told.textContent = count ? words : "The times are fine.";
    const first = findings[0];
    if (first) {
      const go = () => this.list.children[first.at]?.querySelector("textarea")?.focus();
      this.told.append(
        " ",
        make(
          "button",
          { type: "button", class: "btl-btn btl-btn--line btl-btn--small", on: { click: go } },
          "Go to the first",
        ),
      );
    }
  }
}

const form = find(document, "#captions-form", HTMLFormElement);
const { captions } = form.dataset;
if (captions) {
  find(form, "#captions-plain").hidden = true;
  form.querySelector("#captions-findings")?.remove();
  find(form, "#captions-editor").hidden = false;
  new Editor(form, find(document, "#video", HTMLVideoElement), JSON.parse(captions));
}
