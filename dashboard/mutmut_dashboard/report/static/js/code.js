"use strict";
/** Source code as rows: highlighted, with coverage in the gutter and the other mutants of the line. */
const Code = (() => {
  /** @typedef {{ css: string, text: string }} Piece */
  /** Lines of source shown before and after a change. */
  const AROUND = 6;
  /** Changed lines shown of one side before the middle is left out. */
  const MOST_CHANGED = 24;

  /** @type {WeakMap<FileChunk, string[]>} */
  const split = new WeakMap();
  /** @type {WeakMap<FileChunk, Piece[][]>} */
  const highlighted = new WeakMap();

  /** The lines of a file, without the empty one after its last newline. @param {FileChunk} chunk @returns {string[]} */
  const lines = (chunk) => {
    let found = split.get(chunk);
    if (!found) {
      found = chunk.source.split("\n");
      if (found.length > 1 && found[found.length - 1] === "") found.pop();
      split.set(chunk, found);
    }
    return found;
  };

  /** A line as classed pieces, which joined are the line. @param {FileChunk} chunk @param {number} line @returns {Piece[]} */
  const pieces = (chunk, line) => {
    let found = highlighted.get(chunk);
    if (!found) highlighted.set(chunk, found = PythonCode.lines(chunk.source));
    return found[line - 1] ?? [];
  };

  /** The pieces between two columns, counted from 0. @param {Piece[]} all @param {number} start @param {number} [end] @returns {Piece[]} */
  const cut = (all, start, end = Infinity) => {
    const found = [];
    let at = 0;
    for (const { css, text } of all) {
      const part = text.slice(Math.max(start - at, 0), Math.max(end - at, 0));
      if (part) found.push({ css, text: part });
      at += text.length;
    }
    return found;
  };

  /** @param {Piece[]} all @returns {Node[]} */
  const spans = (all) => all.map(({ css, text }) =>
    (css ? Dom.el("span", { class: css }, text) : document.createTextNode(Dom.visible(text))));

  /** Whether the original text stands where the mutant says. @param {FileChunk} chunk @param {MutantDetail} mutant */
  const holds = (chunk, mutant) => {
    const [line, column, endLine, endColumn] = mutant.at;
    const text = lines(chunk).slice(line - 1, endLine);
    if (line < 1 || text.length !== endLine - line + 1) return false;
    text[text.length - 1] = text[text.length - 1].slice(0, endColumn - 1);
    text[0] = text[0].slice(column - 1);
    return text.join("\n") === mutant.original.replaceAll("\r\n", "\n");
  };

  /** A line with the columns, counted from 0, that are marked in it.
   * @typedef {{ kind: "same" | "gone" | "new" | "gap", line: number, pieces: Piece[], marked: [start: number, end: number][] }} Row */

  /** Stretches of a text as columns of each of its lines, the first of which begins at `column`.
   * @param {string} text @param {[number, number][]} stretches @param {number} column @returns {[number, number][][]} */
  const byLine = (text, stretches, column) => {
    let start = -column;
    return text.split("\n").map((line) => {
      const from = Math.max(start, 0);
      const end = from + line.length;
      const shift = start;
      start = end + 1;
      return stretches.filter(([first, last]) => first < end && last > from)
        .map(([first, last]) => /** @type {[number, number]} */ ([Math.max(first, from) - shift, Math.min(last, end) - shift]));
    });
  };

  /** The lines that go. @param {FileChunk} chunk @param {MutantDetail} mutant @param {[number, number][][]} marked @returns {Row[]} */
  const gone = (chunk, { at: [line, , endLine] }, marked) => {
    /** @type {Row[]} */
    const rows = [];
    for (let number = line; number <= endLine; number += 1) {
      rows.push({ kind: "gone", line: number, pieces: pieces(chunk, number), marked: marked[number - line] ?? [] });
    }
    return rows;
  };

  /** The lines that come. @param {FileChunk} chunk @param {MutantDetail} mutant @param {string} text @param {[number, number][][]} marked @returns {Row[]} */
  const come = (chunk, { at: [line, column, endLine, endColumn] }, text, marked) => {
    const before = cut(pieces(chunk, line), 0, column - 1);
    const after = cut(pieces(chunk, endLine), endColumn - 1);
    const texts = PythonCode.lines(text, before.every(({ text: own }) => !own.trim()));
    /** @type {Row[]} */
    const rows = texts.map((own, number) => ({
      kind: "new",
      line: 0,
      pieces: [...(number === 0 ? before : []), ...own, ...(number === texts.length - 1 ? after : [])],
      marked: marked[number] ?? [],
    }));
    const bare = rows.length === 1 && !rows[0].pieces.some(({ text }) => text.trim());
    return bare ? [] : rows; // a whole line taken away leaves no line
  };

  /** @param {Row[]} rows @returns {Row[]} */
  const withoutMiddle = (rows) => {
    if (rows.length <= MOST_CHANGED) return rows;
    const half = MOST_CHANGED / 2;
    const words = `… ${rows.length - 2 * half} more lines …`;
    return [...rows.slice(0, half), { kind: "gap", line: 0, pieces: [{ css: "c", text: words }], marked: [] }, ...rows.slice(-half)];
  };

  /** @param {FileChunk} chunk @param {number} first @param {number} last @returns {Row[]} */
  const same = (chunk, first, last) => {
    /** @type {Row[]} */
    const rows = [];
    for (let line = Math.max(1, first); line <= Math.min(last, lines(chunk).length); line += 1) {
      rows.push({ kind: "same", line, pieces: pieces(chunk, line), marked: [] });
    }
    return rows;
  };

  /** The change in its source; nothing where the source does not hold it.
   * @param {FileChunk} chunk @param {MutantDetail} mutant @param {number} [around] @returns {Row[]} */
  const excerpt = (chunk, mutant, around = AROUND) => {
    if (!holds(chunk, mutant)) return [];
    const [first, column, last] = mutant.at;
    const [original, replacement] = [mutant.original, mutant.replacement].map((text) => text.replaceAll("\r\n", "\n"));
    const [left, right] = TokenDiff.compare(original, replacement);
    return [
      ...same(chunk, first - around, first - 1),
      ...withoutMiddle(gone(chunk, mutant, byLine(original, left, column - 1))),
      ...withoutMiddle(come(chunk, mutant, replacement, byLine(replacement, right, column - 1))),
      ...same(chunk, last + 1, last + around),
    ];
  };

  /** What is known of a line's coverage, in words. @param {FileChunk} chunk @param {number} line */
  const coverageWords = (chunk, line) => {
    const words = Words.COVERAGE[chunk.coverage[line - 1]]?.words;
    return chunk.partial[String(line)] ?? (words ? `line ${line}: ${words}` : "");
  };

  /** @param {FileChunk} chunk @param {number} line */
  const coverageClass = (chunk, line) => `cov ${Words.COVERAGE[chunk.coverage[line - 1]]?.css ?? "none"}`;

  /** A row's code with what is marked in it. @param {Row} row @returns {Node[]} */
  const marked = ({ kind, pieces: all, marked: stretches }) => {
    /** @type {Node[]} */
    const nodes = [];
    let at = 0;
    for (const [start, end] of stretches) {
      nodes.push(...spans(cut(all, at, start)), Dom.el(kind === "gone" ? "del" : "ins", {}, spans(cut(all, start, end))));
      at = end;
    }
    return [...nodes, ...spans(cut(all, at))];
  };

  /** A row of code. `dots` draws what stands in the margin for the other mutants of the line.
   * @param {FileChunk} chunk @param {Row} row @param {(line: number) => Node | null} dots */
  const tableRow = (chunk, row, dots) => Dom.el("tr", { class: row.kind },
    Dom.el("td", { class: row.line ? coverageClass(chunk, row.line) : "cov none", title: row.line ? coverageWords(chunk, row.line) : "" }),
    Dom.el("td", { class: "no" }, row.line || ""),
    Dom.el("td", { class: "dots" }, row.line ? dots(row.line) : null),
    Dom.el("td", { class: "src" },
      row.kind === "gone" && Dom.el("span", { class: "sr" }, "goes: "),
      row.kind === "new" && Dom.el("span", { class: "sr" }, "comes: "),
      marked(row)));

  return { lines, pieces, cut, spans, holds, excerpt, coverageWords, coverageClass, tableRow };
})();
