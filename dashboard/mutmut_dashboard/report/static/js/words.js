"use strict";
/** Numbers, times and statuses as words; the same forms as Python's `report/wording.py`. */
const Words = (() => {
  /** Letter in the data -> word (also the name of its colour) and sign. A Python test holds them against the model.
   * @type {Record<string, { word: string, sign: string }>} */
  const STATUS = {
    "k": { word: "killed", sign: "✓" },
    "t": { word: "timeout", sign: "◷" },
    "s": { word: "survived", sign: "●" },
    "u": { word: "uncovered", sign: "○" },
    "-": { word: "skipped", sign: "–" },
    "i": { word: "invalid", sign: "∅" },
    "e": { word: "error", sign: "!" },
    "p": { word: "pending", sign: "…" },
    ".": { word: "absent", sign: "·" },
  };

  /** Letter of a line's coverage -> the class of its texture and what it means.
   * @type {Record<string, { css: string, words: string }>} */
  const COVERAGE = {
    "r": { css: "run", words: "run" },
    "m": { css: "missed", words: "not run" },
    "p": { css: "partial", words: "run, but a branch was never taken" },
    "x": { css: "excluded", words: "left out of coverage by a pragma or a setting" },
    "-": { css: "none", words: "" },
    "?": { css: "unknown", words: "" },
  };

  /** @type {Record<Choice, string>} */
  const CHOICE = {
    open: "not decided",
    todo: "a test is wanted",
    equivalent: "no test can tell the difference",
    accepted: "could be killed, not worth it",
    bug: "it showed a real defect",
  };

  /** A count with narrow spaces between thousands. @param {number} value */
  const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");

  /** A count with its noun: `1 test`, `2 tests`. @param {number} count @param {string} noun @param {string} [nouns] */
  const plural = (count, noun, nouns) => `${number(count)} ${count === 1 ? noun : nouns ?? `${noun}s`}`;

  /** A time span with as many digits as a person wants. @param {number} seconds */
  const duration = (seconds) => {
    if (!Number.isFinite(seconds)) return "unknown";
    if (seconds < 0.0005) return "0 ms";
    if (seconds < 0.1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
    if (seconds < 10) return `${seconds.toFixed(1)} s`;
    if (seconds < 60) return `${Math.round(seconds)} s`;
    const whole = Math.round(seconds);
    if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
    return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  };

  /** A text in one line, shortened. @param {string} text @param {number} [most] characters */
  const oneLine = (text, most = Infinity) => {
    const line = text.replace(/\s+/g, " ").trim();
    return line.length > most ? `${line.slice(0, most - 1)}…` : line;
  };

  /** Words as a sentence. @param {string} words */
  const sentence = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

  /** A part of a whole; what is not nothing is not shown as nothing, nor what is not all as all. @param {number} part 0 to 1 */
  const share = (part) => {
    if (part > 0 && part < 0.001) return "< 0.1 %";
    return part < 1 && part > 0.999 ? "> 99.9 %" : `${(100 * part).toFixed(1)} %`;
  };

  /** The end of a path, which tells files apart well enough in a list. @param {string} path */
  const shortPath = (path) => path.split("/").slice(-2).join("/");

  /** Day and minute of a recorded moment, as it was written down. @param {string} iso */
  const moment = (iso) => {
    const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(iso);
    return found ? `${found[1]} ${found[2]}` : iso;
  };

  /** Today where the reader is, as `2026-01-31`. @param {Date} [now] */
  const today = (now = new Date()) => {
    /** @param {number} value */
    const two = (value) => String(value).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  };

  /** Since when a mutant has been as it is, and how often that changed; runs without a verdict on it change nothing.
   * @param {string} letters @param {{ id: number, startedAt: string }[]} runs */
  const since = (letters, runs) => {
    const last = letters.replace(/\.+$/, "").at(-1) ?? "";
    const told = [...letters].flatMap((letter, at) => (letter === last || !".ep".includes(letter) ? [{ letter, at }] : []));
    const turns = told.filter(({ letter }, at) => at > 0 && letter !== told[at - 1].letter);
    const begin = turns.at(-1) ?? told[0];
    const run = runs[begin?.at ?? -1];
    const day = run && /^\d{4}-\d\d-\d\d/.exec(run.startedAt)?.[0];
    if (!day) return "";
    const earlier = begin.at === 0 && run.id > 1 ? " or earlier" : "";
    return `, since ${day}${earlier}${turns.length ? `; it changed ${turns.length === 1 ? "once" : `${turns.length} times`}` : ""}`;
  };

  /** What is known of a mutant's runs, e.g. "survived in 3 of the 4 runs that know it, since 2030-05-17; it changed once".
   * @param {string} letters one per recorded run, oldest first @param {{ id: number, startedAt: string }[]} [runs] aligned with them */
  const past = (letters, runs = []) => {
    const known = [...letters].filter((letter) => letter !== ".");
    const last = known.at(-1);
    if (!last) return "not recorded in any run";
    const same = known.filter((letter) => letter === last).length;
    if (known.length === 1) return `${STATUS[last].word} in the only run that knows it`;
    return `${STATUS[last].word} in ${same} of the ${known.length} runs that know it${since(letters, runs)}`;
  };

  /** Where a mutant fared how: "killed on 3.12, survived on 3.11 and 3.13".
   * @param {[python: string, status: string][]} versions oldest first */
  const versions = (versions) => {
    /** @type {Map<string, string[]>} */
    const found = new Map();
    for (const [python, letter] of versions) found.set(letter, [...found.get(letter) ?? [], python]);
    return Object.keys(STATUS).flatMap((letter) => {
      const pythons = found.get(letter);
      if (!pythons) return [];
      const others = pythons.slice(0, -1).join(", ");
      return [`${STATUS[letter].word} on ${others ? `${others} and ` : ""}${pythons.at(-1)}`];
    }).join(", ");
  };

  return { STATUS, COVERAGE, CHOICE, number, plural, oneLine, sentence, share, duration, shortPath, moment, today, past, versions };
})();
