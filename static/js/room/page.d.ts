/* Made from the Python types by `python -m tools.room_types`; to change it, change those. */

export type Layout = "gallery" | "speaker" | "dim";
export type Microphones = "open" | "muted" | "facilitator_only";

/** The page of somebody who takes part. */
export interface RoomPage extends EveryPage {
  sections: Section[];
}

/** The facilitators' page. */
export interface StaffPage extends EveryPage {
  sections: StaffSection[];
  /** Where what people want to do more of is read and written. */
  goals: string;
  /** Where what people plan to do until next time is read. */
  plans: string;
  starts_ms: number;
  ends_ms: number;
  /** Everybody in the group, by full name. */
  roster: Listed[];
}

/** What the page of everybody in the room carries. */
export interface EveryPage {
  session: string;
  release: string;
  /** Which session of the programme, from 1. */
  number: number;
  media_url: string;
  /** Whether private cameras have a media room of their own. */
  two_rooms: boolean;
  zone: string;
  exercises: Record<string, Exercise>;
  music: Music[];
  stop_rule: string;
  staff: Facilitator[];
}

/** One part of the script, as everybody reads it. */
export interface Section {
  id: string;
  kind: string;
  title: string;
  minutes: number;
  mic: Microphones;
  layout: Layout;
  text: string;
  prompts: string[];
  /** How many stations the circuit has; 0 for none. */
  stations: number;
  phases: Phase[];
  /** The words of the relaxation; none for other kinds. */
  spoken: string[];
  /** Which music, in `music`; empty for none. */
  music: string;
  small: SmallPlanned | null;
}

/** The same with what facilitators are told of it. */
export interface StaffSection extends Section {
  notes: string;
}

/** A patient on the group's list. */
export interface Listed {
  person: string;
  full_name: string;
  name: string;
  /** The number to ring; empty for none, and for one that a call found to be wrong. */
  phone: string;
  /** Whether a call found that the number we have is wrong. */
  phone_is_wrong: boolean;
  /** Where their details are put right. */
  correct_at: string;
  /** What helps them take part, in words of staff; empty for nothing. */
  needs: string;
  /** Whether they had agreed, when the page was made, to what the live room needs. */
  agreed: boolean;
}

/** One exercise by the way somebody does it: sitting, standing or lying. */
export interface Exercise {
  name: string;
  /** The steps. */
  ways: Record<string, string[]>;
  /** What the drawing shows, in words. */
  drawn: Record<string, string>;
}

/** One piece of music that the device makes itself. */
export interface Music {
  id: string;
  title: string;
}

/** Who leads this group, in words. */
export interface Facilitator {
  name: string;
  job: string;
}

/** One part of a circuit. */
export interface Phase {
  kind: "intro" | "work" | "rest" | "cool_down";
  seconds: number;
  /** The exercise's name in `exercises`; empty where there is none. */
  exercise: string;
  /** Which station of the circuit, from 1; 0 outside the stations. */
  station: number;
}

/** How a section's small groups are planned: for how long, and how many people in each. */
export interface SmallPlanned {
  minutes: number;
  smallest: number;
  largest: number;
}
