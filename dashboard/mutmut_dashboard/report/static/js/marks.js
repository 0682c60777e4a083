"use strict";
/** A line of source with the parts that undetected mutants change marked in place. */
const Marks = (() => {
  /** Overlapping stretches as one. @param {[number, number][]} stretches @returns {[number, number][]} */
  const merged = (stretches) => {
    /** @type {[number, number][]} */
    const found = [];
    for (const [start, end] of [...stretches].sort((one, other) => one[0] - other[0])) {
      const last = found.at(-1);
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else found.push([start, end]);
    }
    return found;
  };

  /** @param {FileChunk} chunk @param {number} line @param {MutantDetail[]} mutants @param {string} kind how they are marked @returns {Node[]} */
  const line = (chunk, line, mutants, kind) => {
    const pieces = Code.pieces(chunk, line);
    const length = (Code.lines(chunk)[line - 1] ?? "").length;
    const stretches = merged(mutants.map(({ at: [, column, endLine, endColumn] }) =>
      /** @type {[number, number]} */ ([column - 1, endLine > line ? length : Math.max(endColumn - 1, column)])));
    /** @type {Node[]} */
    const nodes = [];
    let at = 0;
    for (const [start, end] of stretches) {
      nodes.push(...Code.spans(Code.cut(pieces, at, start)), Dom.el("mark", { class: kind }, Code.spans(Code.cut(pieces, start, end))));
      at = end;
    }
    return [...nodes, ...Code.spans(Code.cut(pieces, at))];
  };

  return { merged, line };
})();
