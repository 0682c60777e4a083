"use strict";
/** Which tests ran which mutants: stands in the data of their files, which are read for it. */
const Reach = (() => {
  const AT_ONCE = 4;

  /** Read files and hand each to `take`, a few at a time. @param {Context} context @param {FileNumber[]} files
   * @param {(file: FileNumber, chunk: FileChunk) => void} take @param {(done: number, all: number) => void} progress */
  const read = async ({ index }, files, take, progress) => {
    const waiting = [...files];
    const work = async () => {
      for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
        take(file, await Data.file(index, file));
        progress(files.length - waiting.length, files.length);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  };

  /** Places in a list of mutants by the file of these. @param {Context} context @param {MutantNumber[]} mutants @returns {Map<FileNumber, number[]>} */
  const byFile = ({ facts }, mutants) => {
    /** @type {Map<FileNumber, number[]>} */
    const found = new Map();
    mutants.forEach((mutant, place) => {
      const file = facts.fileOf(mutant);
      const own = found.get(file);
      if (own) own.push(place);
      else found.set(file, [place]);
    });
    return found;
  };

  /** Those of a list of mutants that a test ran. @param {Context} context @param {MutantNumber[]} mutants @param {string} test as `target/id`
   * @param {(done: number, all: number) => void} progress @returns {Promise<Set<MutantNumber>>} */
  const of = async (context, mutants, test, progress) => {
    const { index } = context;
    const { tests } = await Data.tests(index);
    const number = tests.findIndex((one) => `${index.targets[one.target].name}/${one.id}` === test);
    /** @type {Set<MutantNumber>} */
    const found = new Set();
    if (number < 0) return found;
    const places = byFile(context, mutants);
    await read(context, [...places.keys()].filter((file) => index.files[file].target === tests[number].target), (file, chunk) => {
      const sets = chunk.testSets.map((set) => set.includes(number));
      for (const place of places.get(file) ?? []) {
        const mutant = mutants[place];
        const set = context.detail(chunk, mutant).tests;
        if (set !== undefined && sets[set]) found.add(mutant);
      }
    }, progress);
    return found;
  };

  /** Place in a list of mutants -> the tests that ran its mutant. @param {Context} context @param {MutantNumber[]} mutants
   * @param {(done: number, all: number) => void} progress @returns {Promise<(TestNumber[] | undefined)[]>} */
  const all = async (context, mutants, progress) => {
    /** @type {(TestNumber[] | undefined)[]} */
    const found = new Array(mutants.length).fill(undefined);
    const places = byFile(context, mutants);
    await read(context, [...places.keys()], (file, chunk) => {
      for (const place of places.get(file) ?? []) {
        const set = context.detail(chunk, mutants[place]).tests;
        found[place] = set === undefined ? undefined : chunk.testSets[set];
      }
    }, progress);
    return found;
  };

  return { of, all };
})();
