/* What the unit tests say: each failure in full, how many held, and how much of each module they ran. */

import { readdirSync } from "node:fs";
import { relative } from "node:path";
import { inspect } from "node:util";

const SCRIPTS = "static/js";

export default async function* report(source) {
  const count = { passed: 0, failed: 0 };
  for await (const { type, data } of source) {
    if (type === "test:pass" && isTest(data)) count.passed += 1;
    else if (type === "test:fail" && isTest(data)) {
      count.failed += 1;
      yield `FAILED ${placeOf(data)} ${data.name}\n${inspect(data.details.error.cause ?? data.details.error)}\n\n`;
    } else if (type === "test:stderr" || type === "test:stdout") yield data.message;
    else if (type === "test:coverage") yield coverage(data.summary);
  }
  yield `${count.passed} unit tests held, ${count.failed} failed.\n`;
}

/* A suite is no test, nor is a file; but a file that cannot even be loaded is a fault. */
function isTest({ details, name }) {
  if (details.error) return details.error.failureType !== "subtestsFailed";
  return details.type !== "suite" && !name.endsWith(".test.js");
}

function placeOf({ file, line }) {
  return file ? `${relative(process.cwd(), file)}:${line}` : "";
}

/* A test may load a module more than once: a line counts that any of them ran. */
function coverage({ files }) {
  const modules = new Map();
  for (const { path, lines } of files) {
    const name = relative(process.cwd(), path);
    const ran = modules.get(name) ?? new Map();
    for (const { line, count } of lines) ran.set(line, (ran.get(line) ?? 0) + count);
    modules.set(name, ran);
  }
  const all = readdirSync(SCRIPTS, { recursive: true })
    .map((name) => `${SCRIPTS}/${name}`)
    .filter((name) => name.endsWith(".js"))
    .sort();
  const loaded = all.filter((name) => modules.has(name));
  const rows = loaded.map((name) => row(relative(SCRIPTS, name), [...modules.get(name)]));
  const counts = loaded.flatMap((name) => [...modules.get(name).values()]);
  const left = all.filter((name) => !modules.has(name)).map((name) => relative(SCRIPTS, name).replace(".js", ""));
  const without = left.length < loaded.length ? `No unit test loads ${left.join(", ")}.` : "";
  return `${rows.join("")}${share(counts)} of the lines of these ${loaded.length} modules. ${without}\n`;
}

function row(name, lines) {
  const missed = lines.filter(([, count]) => !count).map(([line]) => line);
  const where = missed.length ? `  not ${ranges(missed)}` : "";
  return `${share(lines.map(([, count]) => count))} ${name}${where}\n`;
}

/* 3, 4, 5, 9 as "3-5 9". */
function ranges(lines) {
  const starts = lines.filter((line) => !lines.includes(line - 1));
  const ends = lines.filter((line) => !lines.includes(line + 1));
  return starts.map((start, at) => (start === ends[at] ? start : `${start}-${ends[at]}`)).join(" ");
}

function share(counts) {
  const ran = counts.filter(Boolean).length;
  return `${Math.floor((100 * ran) / Math.max(1, counts.length))} %`.padStart(5);
}
