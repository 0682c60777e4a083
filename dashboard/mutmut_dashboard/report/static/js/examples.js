"use strict";
/** How many of a property's examples reach a function, as far as the clean run counted them. Pure. */
const Examples = (() => {
  /** How many examples of each test reach a function: all, some, or -1 where that was not counted; undefined for a test without examples.
   * @param {FileChunk} chunk @param {FunctionNumber} name @param {TestsChunk["tests"]} tests
   * @returns {(test: TestNumber) => number | undefined} */
  const reaching = (chunk, name, tests) => {
    const set = chunk.testSets[chunk.testsOfFunction[String(name)] ?? -1] ?? [];
    const pairs = chunk.examplesOfFunction[String(name)];
    /** @type {Map<TestNumber, number>} */
    const fewer = new Map();
    for (let at = 0; at < (pairs?.length ?? 0); at += 2) fewer.set(set[pairs[at]], pairs[at + 1]);
    const counted = new Set(pairs ? set : []);
    return (test) => {
      const made = tests[test]?.examples ?? 0;
      if (!made) return undefined;
      return counted.has(test) ? fewer.get(test) ?? made : -1;
    };
  };

  /** "37 of 100 examples"; the bare number where it is not known how many of them reach it.
   * @param {number | undefined} reached as `reaching` says @param {number} made */
  const words = (reached, made) => {
    if (reached === undefined || !made) return "";
    const all = Words.plural(made, "example");
    if (reached < 0) return all;
    if (!reached) return `none of ${all}`;
    return reached === made && made > 1 ? `all ${all}` : `${Words.number(reached)} of ${all}`;
  };

  /** What to make of a function that examples hardly ever reach. @param {[reached: number, made: number]} hardly */
  const advice = ([reached, made]) => `Only ${words(reached, made)} ${reached === 1 ? "reaches" : "reach"} the function at all. Before an assertion, `
    + "add an input: a strategy that goes there more often, or an @example that does.";

  return { reaching, words, advice };
})();
