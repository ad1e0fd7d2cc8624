/* Whoever is here for somebody, such as an interpreter, lies right after them. */

/** @import { StaffSee } from "../state.js" */
/** @typedef {[seat: string, person: StaffSee]} Seated */

/** The same people in the same order, but each companion after their patient. @param {Seated[]} people */
export function besideTheirs(people) {
  /** @param {Seated} one */
  const theirs = ([, { beside }]) => beside && people.find(([, other]) => other.person === beside.person);
  return people
    .filter((one) => !theirs(one))
    .flatMap((one) => [one, ...people.filter((other) => theirs(other) === one)]);
}
