"use strict";
/** The mutants of a list as a table for other programs: CSV, Markdown or JSON. Pure. */
const ListExport = (() => {
  /** @type {(keyof ListRow)[]} */
  const COLUMNS = ["id", "target", "file", "function", "line", "operator", "original", "replacement", "status", "decision", "decision_reason",
    "new", "tests", "seconds", "reason", "address"];

  /** What a spreadsheet would compute; the same as in Python's `exports/spreadsheet.py`. */
  const FORMULA = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;

  /** @param {string} text */
  const guard = (text) => (FORMULA.test(text) ? `'${text}` : text);

  /** A cell (RFC 4180). Numbers are no formulas. @param {string | number | boolean | null} value */
  const cell = (value) => {
    const text = typeof value === "string" ? guard(value) : String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  /** @param {ListRow[]} rows */
  const csv = (rows) => [COLUMNS, ...rows.map((row) => COLUMNS.map((name) => row[name]))].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");

  /** @param {ListHead} head @param {ListRow[]} rows */
  const json = ({ project, run, address, all }, rows) => `${JSON.stringify({ project, run, address, all, mutants: rows }, null, 1)}\n`;

  /** Words in Markdown in which nothing is markup, a link or a mention. @param {string} text */
  const plain = (text) => Dom.visible(text.replace(/\s+/g, " ").trim())
    .replace(/[!#$&*+:<=>@[\\\]^_`{|}~]|\.(?=\S)/g, (sign) => `&#${sign.charCodeAt(0)};`);

  /** Code in a cell of a table, where a bar ends the cell even within backticks. @param {string} text */
  const code = (text) => {
    const shown = Dom.visible(text.replace(/\s+/g, " ").trim());
    if (!shown) return "*nothing*";
    return shown.includes("|") ? `<code>${plain(shown)}</code>` : Copies.code(shown);
  };

  /** A link in a cell: of an address, nothing ends the link or the cell. The same as in Python's `exports/text.py`.
   * @param {string} shown Markdown @param {string} address */
  const link = (shown, address) =>
    `[${shown}](<${address.replace(/[\x00-\x20<>()|\\`*\x7f]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`).replaceAll("&", "&amp;")}>)`;

  /** @param {ListHead} head @param {ListRow[]} rows */
  const markdown = (head, rows) => {
    const commit = head.run.commit ? ` of ${code(head.run.commit.slice(0, 12))}` : "";
    const branch = head.run.branch ? ` on ${code(head.run.branch)}` : "";
    const lines = rows.map((row) => [
      link(code(row.id), row.address), row.status, code(`${row.file}:${row.line}`), code(row.function), code(row.original), code(row.replacement),
      plain(row.decision_reason ? `${row.decision}: ${row.decision_reason}` : row.decision),
    ]);
    return [
      `## ${rows.every(({ status }) => Filter.UNDETECTED.includes(status)) ? "Undetected mutants" : "Mutants"} of ${plain(head.project)}`, "",
      `${rows.length} of ${head.all}, run ${head.run.id}${commit}${branch}${head.run.dirty ? " with uncommitted changes" : ""}, started ${plain(head.run.startedAt)}.`, "",
      ...[["id", "status", "place", "function", "original", "replacement", "decision"], Array(7).fill("---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`), "",
    ].join("\n");
  };

  return { COLUMNS, guard, csv, json, markdown };
})();
