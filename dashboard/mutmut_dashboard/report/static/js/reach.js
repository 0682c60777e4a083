"use strict";
/** Which undetected mutants a test ran: stands in the data of their files, which are read for it. */
const Reach = (() => {
  const AT_ONCE = 4;

  /** @param {Context} context @param {string} test as `target/id` @param {(done: number, all: number) => void} progress
   * @returns {Promise<Set<MutantNumber>>} */
  const of = async (context, test, progress) => {
    const { index, facts } = context;
    const { tests } = await Data.tests(index);
    const number = tests.findIndex((one) => `${index.targets[one.target].name}/${one.id}` === test);
    /** @type {Set<MutantNumber>} */
    const found = new Set();
    if (number < 0) return found;
    const mutants = new Map();
    for (const mutant of index.queue.mutant) {
      const file = facts.fileOf(mutant);
      if (index.files[file].target === tests[number].target) mutants.set(file, [...mutants.get(file) ?? [], mutant]);
    }
    const waiting = [...mutants.keys()];
    const all = waiting.length;
    let done = 0;
    const work = async () => {
      for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
        const chunk = await Data.file(index, file);
        const sets = chunk.testSets.map((set) => set.includes(number));
        for (const mutant of mutants.get(file)) {
          const set = context.detail(chunk, mutant).tests;
          if (set !== undefined && sets[set]) found.add(mutant);
        }
        done += 1;
        progress(done, all);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return found;
  };

  return { of };
})();
