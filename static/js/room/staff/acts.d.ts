/* What the facilitators' page hands to its parts. */

import type { AnyAnswer } from "../events.js";
import type { StaffSee } from "../state.js";

/** Say how an event went. Resolves to its answer. */
export type Tell = <Said extends AnyAnswer>(sent: Promise<Said>) => Promise<Said>;

/** Ask before something that cannot be taken back; `yes` is on the button that does it. */
export type Sure = (ask: { title: string; words: string; yes: string }, act: () => unknown) => void;

export type Act = (seat: string, person: StaffSee) => unknown;

/** What can be done with one person. */
export type ActName =
  | "admit"
  | "let_back"
  | "stop_camera"
  | "mute"
  | "lower_hand"
  | "hold"
  | "look_up"
  | "word"
  | "remove";

export type Actions = Record<ActName, Act> & { admit_all: () => unknown };

/** Turns one's own sound on, and tells whether it is. */
export interface Speaking {
  media: { readonly micOn: boolean; soundOn(seat: string): boolean };
  speak: () => unknown;
}
