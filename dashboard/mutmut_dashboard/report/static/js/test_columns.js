"use strict";
/** The columns of the table of tests. */
const TestColumns = (() => {
  /** A number, or a dash where there is nothing to say. @param {number} value */
  const counted = (value) => (value > 0 ? Words.number(value) : value < 0 ? "" : "0");

  /** @param {boolean} matrix */
  const of = (matrix) => /** @type {TestColumn[]} */ ([
    { name: "test", title: "Test", hint: "pytest's name of it", wide: true, value: (test) => test.id, words: (test) => test.id },
    { name: "ran", title: "Ran", hint: "mutants whose code it runs", value: (test) => test.ran, words: (test) => counted(test.ran) },
    { name: "killed", title: "Killed", hint: matrix ? "mutants it fails on" : "mutants it was first to fail on", value: (test) => test.killed.length, words: (test) => counted(test.killed.length) },
    ...(matrix ? [{ name: "alone", title: "Alone", hint: "mutants that only it fails on", value: (/** @type {Test} */ test) => test.alone, words: (/** @type {Test} */ test) => counted(test.alone) }] : []),
    { name: "assertions", title: "Assert", hint: "kills by a failing assertion", value: (test) => test.assertions, words: (test) => counted(test.assertions) },
    { name: "exceptions", title: "Crash", hint: "kills by any other exception", value: (test) => test.exceptions, words: (test) => counted(test.exceptions) },
    { name: "examples", title: "Examples", hint: "Hypothesis examples in the clean run", value: (test) => test.examples, words: (test) => (test.examples ? Words.number(test.examples) : "") },
    { name: "seconds", title: "Time", hint: "on the original", value: (test) => test.seconds, words: (test) => Words.duration(test.seconds) },
  ]);

  /** Columns of which the largest values are looked for. */
  const DOWN = new Set(["ran", "alone", "assertions", "exceptions", "examples", "seconds"]);

  /** How long tests take together, and how few of them make up half of it. @param {Test[]} tests */
  const time = (tests) => {
    const all = tests.reduce((sum, { seconds }) => sum + seconds, 0);
    if (!all) return "no times recorded.";
    let sum = 0;
    const most = tests.map(({ seconds }) => seconds).sort((one, other) => other - one).findIndex((seconds) => (sum += seconds) >= all / 2) + 1;
    return `${Words.duration(all)} together on the original; half of it in ${Words.plural(most, "test")}.`;
  };

  return { of, DOWN, time };
})();
