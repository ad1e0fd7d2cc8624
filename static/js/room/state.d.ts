/* Made from the Python types by `python -m tools.room_types`; to change it, change those. */

export type CameraWord = "everyone" | "facilitators" | "off";
export type Layout = "gallery" | "speaker" | "dim";
export type Microphones = "open" | "muted" | "facilitator_only";
export type Missing = "address" | "contact" | "agreement";
export type MomentWord = "before" | "after";
export type NewsLevel = "urgent" | "new" | "";
export type RoleWord = "patient" | "facilitator" | "companion" | "observer";
export type RoomStatus = "open" | "running" | "ended";
export type RoomView = PatientView | StaffView;
export type StatusWord = "lobby" | "held" | "admitted" | "left" | "removed";
export type WarningLevel = "urgent" | "new";

/** The room as patients and guests see it: those in the same place, and their own calls for help. */
export interface PatientView extends Inside {
  alerts: Record<string, OwnAlert>;
  /** Who is in the same place, by seat. */
  people?: Record<string, Member>;
  poll?: PollSeen;
  checks?: Partial<Record<MomentWord, ToldCounts>>;
}

/** The room as facilitators see it: everybody, also who waits, left or was removed. */
export interface StaffView extends Inside {
  alerts: Record<string, AlertState>;
  /** Everybody who has taken a seat, by seat. */
  people?: Record<string, StaffSee>;
  poll?: PollState;
  checks?: Partial<Record<MomentWord, MomentCounts>>;
  checks_said?: number;
  late?: Record<string, Late>;
  not_coming?: Record<string, number>;
  warned?: Record<string, WarningLevel>;
}

/** An event that was not carried out. */
export interface Refusal {
  /** What the person reads. */
  error: string;
  /** What becomes of unsent words: 403, 409 and 400 give them back; 429, 500 and 503 are tried again. */
  status: number;
}

/** An event that was carried out. */
export interface Warned {
  /** The media engine could not be told yet. */
  warning?: string;
}

/** The whole of what this seat may see. */
export interface StateReply {
  /** Which release of the site answers; a page of another one asks to be loaded again. */
  release: string;
  /** Counts the changes of the room; a patch brings a page from one version to the next. */
  version: number;
  sent_ms: number;
  state: RoomView;
  chat: ShownMessage[];
  /** The messages that no page may show any more. */
  taken_back: string[];
  /** What this seat has said itself. */
  checked: Partial<Record<MomentWord, CheckNumbers>>;
  /** What this seat chose in the question that is in view. */
  chosen: number | null;
}

/** Everyone's pain and effort, by seat. */
export interface ChecksReply {
  checks: Record<string, Partial<Record<MomentWord, CheckNumbers>>>;
}

/** The message as everybody gets it. */
export interface MessageReply {
  message: ShownMessage;
}

/** One's own call for help. */
export interface AlertReply {
  alert: string;
}

/** What people wrote after the video: one's own; what the group may read, without names; what the team may. */
export interface WrittenReply {
  own: string[];
  group: string[];
  team: NamedWords[];
}

/** How many people were let in. */
export interface AdmittedReply {
  admitted: number;
  /** Who stays outside, in words: they have not agreed to what the room needs. */
  not_agreed?: string;
  /** Who stays outside, in words: nobody has read the warning sign that they ticked. */
  unread?: string;
}

/** Where somebody is and whom to ring, as they said it on the page before this session. */
export interface LookedUp {
  full_name: string;
  place: string;
  phone: string;
  /** Whether a call found that this number is not theirs. */
  phone_is_wrong: boolean;
  emergency_name: string;
  emergency_phone: string;
  /** What is new with them, in their own words. */
  news: string;
  /** The warning signs they ticked, as they read them. */
  flags: string[];
  space_ready: string[];
}

/** The question that was asked. */
export interface PollReply {
  poll: string;
}

/** The room changed, for what this seat may see. */
export interface PatchMessage {
  version: number;
  sent_ms: number;
  /** A merge patch (RFC 7396) of the view: null where something is gone. */
  patch: Record<string, unknown>;
}

/** A message as a page gets it; who wrote it is a seat, whose name is in the room's state. */
export interface ShownMessage {
  id: string;
  seat: string;
  audience: "group" | "facilitators";
  /** The small group it was written in. */
  small?: string;
  text: string;
  at_ms: number;
  /** What the writer's page calls it, so that a second try is known as one. */
  client_id: string;
}

/** This message goes from every page. */
export interface TakenBack {
  id: string;
}

/** Somebody who asked for help says that they are OK. */
export interface WellAgain {
  name: string;
}

/** The message says it all. */
export type NothingMore = Record<string, never>;

/** The sign-in ended. */
export interface SignedOut {
  error: string;
}

/** What everybody sees who was let in. */
export interface Inside extends Entrance {
  section?: SectionState;
  /** The seat that leads. */
  lead?: string;
  started_ms?: number;
  ended_ms?: number;
  film?: FilmState;
  /** The small groups; patients see them while they are open. */
  small?: SmallGroups;
}

/** One's own call for help, with the names of the facilitators who see it now. */
export interface OwnAlert extends AlertSeen {
  told: string[];
}

/** Somebody else in the same place, for patients: a private camera and no camera look the same, off. */
export interface Member extends GroupSees {
  camera: "on" | "off";
  /** Whether they sit beside you, such as your interpreter, or you beside them. */
  yours: boolean;
}

/** A question to the group, as patients are shown it. */
export interface PollSeen {
  id: string;
  question: string;
  options: string[];
  at_ms: number;
  open: boolean;
  told: Told | null;
}

/** The pictures of pain and effort that the group may see; one that is not there yet is left out. */
export interface ToldCounts {
  pain?: Told;
  effort?: Told;
}

/** A call for help that nobody has closed. */
export interface AlertState {
  seat: string;
  at_ms: number;
  /** Why: "pain", "upset", "unwell", "technical", or "" until they say. */
  reason: string;
  /** The name of who has this. */
  taken_by?: string;
  /** When the duty contact was told, because nobody took it. */
  escalated_ms?: number;
}

/** What facilitators are shown of a seat besides. */
export interface StaffSee extends GroupSees {
  person: string;
  status: StatusWord;
  /** Who may see the picture, as the person chose or a facilitator stopped it. */
  camera: CameraWord;
  came_ms: number;
  admitted_ms?: number;
  /** When the media engine first had this seat's sound and picture. */
  here_ms?: number;
  /** Whether the media engine has them now. */
  media?: boolean;
  /** When the media engine last lost them. */
  cut_ms?: number;
  /** Since when the page is away. */
  dropped_ms?: number;
  /** Whether something is new with this person; the words stay in the seat's row. */
  news: NewsLevel;
  /** The name of the facilitator who has read it. */
  news_read?: string;
  /** What staff should ask for: where help would go, whom to ring, a yes to the agreement. */
  missing?: Missing[];
  /** The place of a private word that is going on: "w1" to "w4". */
  word?: string;
  /** Waits after a private word that is over. */
  word_over?: boolean;
  /** How they do the exercise: "sitting", "standing" or "lying". */
  way?: string;
  /** How it feels in this part: "easy", "right", "hard" or "rest". */
  feels?: string;
  /** Their small group: "1" to "5". */
  small?: string;
  /** Where the media engine has them: "" is the whole group. */
  at?: string;
}

/** A question to the group; staff see how many have answered. */
export interface PollState extends PollSeen {
  answered: number;
}

/** Pain and effort at one moment, each from 0 to 10. */
export interface MomentCounts {
  pain: Counts;
  effort: Counts;
}

/** Somebody on the list said that they come later. */
export interface Late {
  minutes: number;
  said_ms: number;
}

/** One patient's pain and effort at one moment, each from 0 to 10; nothing where they passed. */
export interface CheckNumbers {
  pain: number | null;
  effort: number | null;
}

/** What somebody wrote beside a video, for the team. */
export interface NamedWords {
  name: string;
  words: string;
}

/** What everybody sees who has taken a seat. */
export interface Entrance {
  status: RoomStatus;
  me: Me;
}

/** The part of the script that the group is in. */
export interface SectionState {
  /** Which part, from 0; -1 before the start. */
  index: number;
  id: string;
  /** Who may speak. */
  mic: Microphones;
  /** The layout of pictures. */
  layout: Layout;
  entered_ms: number;
  /** When this part should be over; nothing happens by itself then. */
  deadline_ms: number;
}

/** The film that everybody watches: at `since_ms` it was at `at_ms`, and runs on from there while `playing`. */
export interface FilmState extends FilmShown {
  at_ms: number;
  since_ms: number;
  playing: boolean;
}

/** The small groups that are made; people are in them while they are `open`. */
export interface SmallGroups {
  groups: string[];
  open: boolean;
  opened_ms?: number;
  /** When the time for them is over; nothing happens by itself then. */
  until_ms?: number;
  /** When everybody is back, once they were called. */
  back_ms?: number;
}

/** A call for help as the person who called sees it. */
export interface AlertSeen {
  at_ms: number;
  reason: string;
  taken_by?: string;
  escalated_ms?: number;
}

/** What everybody in the same place is shown of a seat. */
export interface GroupSees {
  name: string;
  role: RoleWord;
  beside?: Beside;
  /** Since when the hand is up. */
  hand_ms?: number;
  /** Whether the seat's page is connected. */
  online: boolean;
  sign?: Sign;
}

/** The last picture that the group was shown: how many had answered, and how many chose each value. */
export interface Told {
  answered: number;
  counts: number[];
}

/** Answers as counts. `told` is empty until there are enough that no answer can be traced to a person. */
export interface Counts {
  answered: number;
  told: Told | null;
}

/** The seat whose page this is. */
export interface Me extends OwnSeat {
  seat: string;
  /** Whether the section lets them turn their sound on. */
  may_speak: boolean;
}

/** A film as its source names it. */
export interface FilmShown {
  package: string;
  title: string;
  duration_ms: number;
  captions: boolean;
}

/** The patient whom a companion sits beside. */
export interface Beside {
  person: string;
  name: string;
}

/** A sign to the group, which pages show for some seconds from its moment. */
export interface Sign {
  what: string;
  at_ms: number;
}

/** What somebody is shown of their own seat in the document. */
export interface OwnSeat {
  name: string;
  role: RoleWord;
  beside?: Beside;
  status: StatusWord;
  camera: CameraWord;
  hand_ms?: number;
  quiet_ms?: number;
  camera_stopped_ms?: number;
  way?: string;
  feels?: string;
  small?: string;
  word?: string;
  word_over?: boolean;
}

/** What each event carries. */
export interface RoomEvents {
  state: Record<string, never>;
  hand_up: Record<string, never>;
  hand_down: Record<string, never>;
  camera_choice: { choice: "everyone" | "facilitators" | "off" };
  exercising: { way?: "sitting" | "standing" | "lying"; feels?: "easy" | "right" | "hard" | "rest" };
  check: { pain?: number; effort?: number };
  look_checks: Record<string, never>;
  chat: { text: string; audience: "group" | "facilitators"; client_id: string; small?: string; round?: number };
  take_back: { message: string };
  react: { what: "well_done" | "with_you" | "me_too" | "thank_you" };
  poll_answer: { poll: string; choice: number };
  help: Record<string, never>;
  help_reason: { reason: "pain" | "upset" | "unwell" | "technical" };
  help_over: Record<string, never>;
  look_written: Record<string, never>;
  leave: Record<string, never>;
  start: Record<string, never>;
  next: { seen: number };
  back: { seen: number };
  go_to: { seen: number; index: number };
  stretch: { seen: number; minutes: number };
  admit: { seat: string };
  admit_all: Record<string, never>;
  hold: { seat: string };
  remove: { seat: string };
  let_back: { seat: string };
  stop_camera: { seat: string };
  mute: { seat: string };
  mute_all: Record<string, never>;
  lower_hand: { seat: string };
  look_up: { seat: string };
  word_begin: { seat: string };
  word_end: Record<string, never>;
  hand_over: { seat: string };
  take_lead: Record<string, never>;
  help_take: { alert: string };
  help_close: { alert: string };
  poll_ask: { question: string; options: string[] };
  poll_close: { poll: string };
  poll_clear: { poll: string };
  film_open: Record<string, never>;
  film_play: Record<string, never>;
  film_pause: Record<string, never>;
  film_seek: { at_ms: number };
  film_close: Record<string, never>;
  small_plan: { groups?: number };
  small_move: { seat: string; group: "1" | "2" | "3" | "4" | "5" };
  small_open: { minutes: number };
  small_visit: { group: "" | "1" | "2" | "3" | "4" | "5" };
  small_back: { seconds: number };
  small_end: Record<string, never>;
  end: Record<string, never>;
}

/** What each event is answered, beside that it went well. */
export interface RoomReplies {
  state: StateReply;
  look_checks: ChecksReply;
  chat: MessageReply;
  help: AlertReply;
  look_written: WrittenReply;
  admit_all: AdmittedReply;
  look_up: LookedUp;
  poll_ask: PollReply;
}

/** What a page is told without asking. */
export interface RoomMessages {
  patch: PatchMessage;
  chat: ShownMessage;
  taken_back: TakenBack;
  well_again: WellAgain;
  here: NothingMore;
  elsewhere: NothingMore;
  signed_out: SignedOut;
  people_gone: NothingMore;
}
