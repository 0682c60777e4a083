"use strict";
/** The kill matrix of one function: which tests notice which of its mutants. Pure. */
const Matrix = (() => {
  /** What is recorded of a function's mutants that any test ran. @param {Facts} facts @param {FileChunk} chunk @param {FunctionNumber} number @returns {MatrixColumn[]} */
  const columns = (facts, chunk, number) => {
    const { first, count } = facts.index.files[facts.index.functions.file[number]];
    /** @type {MatrixColumn[]} */
    const found = [];
    for (let mutant = first; mutant < first + count; mutant += 1) {
      if (facts.index.mutants.function[mutant] !== number || !"kts".includes(facts.status(mutant))) continue;
      const detail = chunk.mutants[mutant - first];
      const noticed = new Map(detail.kills ?? []);
      const ran = new Set([...(detail.tests === undefined ? [] : chunk.testSets[detail.tests] ?? []), ...noticed.keys()]);
      if (ran.size) found.push({ mutant, ran, noticed });
    }
    return found;
  };

  /** Each test that ran any of them. @param {MatrixColumn[]} known @returns {MatrixRow[]} */
  const rows = (known) => {
    /** @type {Map<TestNumber, MatrixRow>} */
    const found = new Map();
    for (const { ran, noticed } of known) {
      for (const test of ran) {
        const row = found.get(test) ?? { test, notices: 0, alone: 0 };
        found.set(test, row);
        if (!noticed.has(test)) continue;
        row.notices += 1;
        if (noticed.size === 1) row.alone += 1;
      }
    }
    return [...found.values()].sort((one, other) => other.notices - one.notices || other.alone - one.alone || one.test - other.test);
  };

  /** What a test is good for here. @param {MatrixRow} row */
  const remark = ({ notices, alone }) => (notices ? (alone ? "" : "redundant here") : "notices nothing here");

  return { columns, rows, remark };
})();
