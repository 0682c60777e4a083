"use strict";
/** Says above the list that only the mutants of one test are shown, and finds out which they are. */
class TestChip {
  /** @param {Context} context @param {HTMLElement} host @param {() => void} clear */
  constructor(context, host, clear) {
    this.context = context;
    this.host = host;
    this.clear = clear;
  }

  /** @param {string} test as `target/id` @param {string} how */
  say(test, how) {
    this.host.hidden = !test;
    Dom.fill(this.host, `Run by ${test.slice(test.indexOf("/") + 1)}${how} `, Dom.el("button", { type: "button", onclick: () => this.clear() }, "any test"));
  }

  /** Those of a list of mutants that a test ran, read file by file; nothing without a test or where they cannot be read.
   * @param {string} test @param {MutantNumber[]} mutants @returns {Promise<Set<MutantNumber> | undefined>} */
  async among(test, mutants) {
    this.say(test, ", reading…");
    if (!test) return undefined;
    try {
      const found = await Reach.of(this.context, mutants, test, (done, all) => this.say(test, `, ${done} of ${all} files read`));
      this.say(test, "");
      return found;
    } catch (error) {
      this.say(test, `: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }
}
