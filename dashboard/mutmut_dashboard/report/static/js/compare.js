"use strict";
/** What differs between two runs, from the letters of each mutant. Pure. */
const Compare = (() => {
  /** @typedef {{ name: string, words: string, rows: number[] }} Change */
  const UNDETECTED = "su";
  const DETECTED = "kt";
  const UNKNOWN = "ep";

  /** What became of a mutant, by its letters in the earlier and the later run; empty where nothing did, unknown where one did not judge it.
   * @param {string} before @param {string} after */
  const fate = (before, after) => {
    if (UNKNOWN.includes(before) || UNKNOWN.includes(after)) return "unknown";
    if (before === after) return "";
    if (before === ".") return UNDETECTED.includes(after) ? "added undetected" : "added";
    if (after === ".") return UNDETECTED.includes(before) ? "gone undetected" : "gone";
    if (UNDETECTED.includes(after)) return UNDETECTED.includes(before) ? "other" : "new";
    if (UNDETECTED.includes(before)) return DETECTED.includes(after) ? "killed" : "other";
    return "other";
  };

  const WORDS = /** @type {const} */ ([
    ["new", "new survivors", "Detected before, not any more."],
    ["added undetected", "new mutants that live", "Their code is new or changed, and no test notices them."],
    ["killed", "newly killed", "A test notices them now."],
    ["gone undetected", "survivors that are gone", "Their code changed or left."],
    ["other", "otherwise different", "Their status changed without changing the score much."],
    ["added", "new mutants that are detected", ""],
    ["gone", "detected mutants that are gone", ""],
  ]);

  /** @param {string[]} histories letters per run @param {number} before @param {number} after places of the runs @returns {Change[]} */
  const runs = (histories, before, after) => {
    /** @type {Map<string, number[]>} */
    const rows = new Map(WORDS.map(([name]) => [name, []]));
    histories.forEach((letters, row) => rows.get(fate(letters[before] ?? ".", letters[after] ?? "."))?.push(row));
    return WORDS.map(([key, name, words]) => ({ name, words, rows: rows.get(key) ?? [] }));
  };

  /** How many mutants cannot be compared, since one of the runs did not judge them; of the mutants that are not listed only their number is known.
   * @param {Pick<RunsChunk, "unjudged"> & { mutants: { history: string[] } }} chunk @param {number} before @param {number} after */
  const unknown = ({ mutants, unjudged }, before, after) => {
    const is = (/** @type {string} */ letters) => fate(letters[before] ?? ".", letters[after] ?? ".") === "unknown";
    return mutants.history.filter(is).length + unjudged.history.reduce((sum, letters, at) => sum + (is(letters) ? unjudged.count[at] : 0), 0);
  };

  /** What fared so, e.g. "new survivor" where it is one. @param {Change} change */
  const noun = ({ name, rows }) => (rows.length === 1
    ? name.replace(/survivors that are/, "survivor that is").replace(/mutants that (live|are)/, (_, verb) => `mutant that ${verb === "are" ? "is" : "lives"}`).replace(/survivors$/, "survivor") : name);

  /** How many fared how, e.g. "1 new survivor". @param {Change} change */
  const counted = (change) => `${Words.number(change.rows.length)} ${noun(change)}`;

  return { fate, runs, unknown, noun, counted };
})();
