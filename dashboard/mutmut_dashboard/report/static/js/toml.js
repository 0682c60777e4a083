"use strict";
/** Decisions as the text of `triage.toml` (Python's `triage/entries.py` reads it). Pure. */
const Toml = (() => {
  /** @typedef {{ id: string, target: string, file: string, function: string, change: string, decision: string,
   *   reason: string, who: string, when: string, expires: string, functionHash: string }} Entry */

  /** A basic string of TOML 1.0. @param {string} text */
  const quoted = (text) => `"${text.replace(/[\\"]/g, "\\$&")
    .replace(/[\x00-\x1f\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")}"`;

  /** @param {Entry} entry */
  const write = (entry) => [
    "[[decisions]]",
    `id = ${quoted(entry.id)}`,
    `target = ${quoted(entry.target)}`,
    `file = ${quoted(entry.file)}`,
    `function = ${quoted(entry.function)}`,
    `change = ${quoted(entry.change)}`,
    `decision = ${quoted(entry.decision)}`,
    ...(entry.reason ? [`reason = ${quoted(entry.reason)}`] : []),
    `who = ${quoted(entry.who)}`,
    `when = ${entry.when}`,
    ...(entry.expires ? [`expires = ${entry.expires}`] : []),
    `function_hash = ${quoted(entry.functionHash)}`,
    "",
  ].join("\n");

  /** A whole file. `notes` stand above it as comments. @param {Entry[]} entries @param {string[]} [notes] */
  const document = (entries, notes = []) => {
    const head = notes.map((note) => `# ${note.replace(/[\x00-\x1f\x7f]/g, " ")}\n`).join("");
    const order = [...entries].sort((one, other) =>
      one.target.localeCompare(other.target) || one.file.localeCompare(other.file)
      || one.function.localeCompare(other.function) || one.id.localeCompare(other.id));
    return `${head}${head ? "\n" : ""}${order.map(write).join("\n")}`;
  };

  return { quoted, write, document };
})();
