"use strict";
/** A mutant as a patch, with which it can be planted in the source and taken out again. Pure. */
const Patch = (() => {
  const AROUND = 3;
  /** Said by patches of a last line that no line break ends. */
  const UNENDED = "\\ No newline at end of file";

  /** The change as `git apply` and `patch` read it; empty where the source does not hold it.
   * @param {string} path @param {FileChunk} chunk @param {MutantDetail} mutant */
  const of = (path, chunk, mutant) => {
    const lines = Code.lines(chunk);
    if (!Code.holds(chunk, mutant) || chunk.source.includes("\r")) return "";
    const ended = chunk.source.endsWith("\n");
    const [first, column, last, endColumn] = mutant.at;
    const text = lines[first - 1].slice(0, column - 1) + mutant.replacement + lines[last - 1].slice(endColumn - 1);
    const changed = text.trim() ? text.split("\n") : [];
    const before = lines.slice(Math.max(0, first - 1 - AROUND), first - 1);
    const after = lines.slice(last, last + AROUND);
    const atEnd = (/** @type {number} */ line) => (!ended && line === lines.length ? [UNENDED] : []);
    const [gone, come] = [last - first + 1, changed.length].map((own) => before.length + own + after.length);
    const start = first - before.length;
    return [
      `--- a/${path}`, `+++ b/${path}`, `@@ -${start},${gone} +${come ? start : start - 1},${come} @@`,
      ...before.map((line) => ` ${line}`),
      ...lines.slice(first - 1, last).map((line) => `-${line}`), ...atEnd(last),
      ...changed.map((line) => `+${line}`), ...changed.length ? atEnd(last) : [],
      ...after.map((line) => ` ${line}`), ...after.length ? atEnd(last + after.length) : [], "",
    ].join("\n");
  };

  /** A shell's command that plants it, to be run in the project's root. @param {string} patch */
  const command = (patch) => {
    let mark = "MUTANT";
    while (patch.includes(`\n${mark}\n`)) mark += "_";
    return `git apply <<'${mark}'\n${patch}${mark}\n`;
  };

  return { of, command };
})();
