"use strict";
/** The fewest tests found that kill what all tests kill, where a kill matrix was recorded: in words, and as choices of the table. */
const TestCover = (() => {
  const INSIDE = "in the smallest set";
  const OUTSIDE = "outside the smallest set";

  /** Tests that could be in the set. @param {TestsChunk["tests"]} tests */
  const passed = (tests) => tests.filter(({ outcome }) => outcome === "passed");

  /** Which tests a choice of the table shows; nothing where it is no choice of the set.
   * @param {string} choice @param {TestsChunk} chunk @returns {Set<TestsChunk["tests"][number]> | undefined} */
  const among = (choice, { tests, cover }) => {
    if (!cover || ![INSIDE, OUTSIDE].includes(choice)) return undefined;
    const inside = new Set(cover.map((number) => tests[number]));
    return choice === INSIDE ? inside : new Set(passed(tests).filter((test) => !inside.has(test)));
  };

  /** @param {Iterable<{ seconds: number }>} tests */
  const time = (tests) => Words.duration([...tests].reduce((sum, { seconds }) => sum + seconds, 0));

  /** What the set amounts to, in a sentence. @param {TestsChunk} chunk */
  const sentence = (chunk) => {
    const [inside, all] = [among(INSIDE, chunk) ?? new Set(), passed(chunk.tests)];
    if (!inside.size) return "";
    if (inside.size === all.length) return `Each of the ${Words.plural(all.length, "test")} is needed to kill what they kill together.`;
    return `${Words.number(inside.size)} of ${Words.plural(all.length, "test")} ${inside.size === 1 ? "kills" : "kill"} the same mutants, in ${time(inside)} of ${time(all)}.`;
  };

  /** @param {TestsChunk} chunk @returns {(Node | string)[]} */
  const draw = (chunk) => {
    const words = sentence(chunk);
    const [inside, others] = [among(INSIDE, chunk) ?? new Set(), among(OUTSIDE, chunk) ?? new Set()];
    if (!words || !others.size) return words ? [words] : [];
    const address = (/** @type {string} */ show) => Route.format("tests", [], { show, sort: "seconds", down: "1" });
    return [words, " ", Dom.el("a", { href: address(INSIDE) }, inside.size === 1 ? "Show it" : "Show them"), ", ",
      Dom.el("a", { href: address(OUTSIDE) }, others.size === 1 ? "the other one" : `the ${Words.number(others.size)} others`), " ",
      Dom.copy([...inside].map(({ id }) => `${id}\n`).join(""), "the names of the set's tests, one a line"),
      Dom.el("details", {}, Dom.el("summary", {}, "What this says"),
        Dom.el("p", { class: "prose" }, "Mutants stand for bugs. A test outside the set may guard what no mutant shows, so look at it before you drop it: ",
          "the others are candidates, not waste. The set was found step by step, always the test that adds most, the quickest of equals; a smaller one may exist, and none of its tests is needless."))];
  };

  return { INSIDE, OUTSIDE, among, sentence, draw };
})();
