/* A word in private with one patient: who it is with, and the way back to the group. For facilitators. */

import { announce, byId, say } from "./dom.js";

export class Word {
  constructor(link, tell) {
    this.link = link;
    this.tell = tell;
    this.bar = byId("word-bar");
    byId("word-end").addEventListener("click", () => this.end());
  }

  async begin(seat, person) {
    const answer = await this.tell(this.link.send("word_begin", { seat }));
    if (answer.ok) announce(`You are in a private word with ${person.name}. The group cannot hear you.`);
  }

  async end() {
    const answer = await this.tell(this.link.send("word_end"));
    if (answer.ok) announce("You are back with the group");
  }

  draw() {
    const { me, people } = this.link.state;
    const other = Object.values(people).find((one) => me.word && one.word === me.word && one.role === "patient");
    this.bar.hidden = !me.word;
    if (me.word) say(byId("word-words"), `Private word with ${other?.name ?? "nobody"}. The group cannot see or hear you two.`);
  }
}
