"use strict";
/** Which entries of the queue are shown, and how many each further choice would leave. Pure. */
const Filter = (() => {
  /** @typedef {QueueFacet} Facet */
  /** @typedef {QueueQuery} Query */
  /** @typedef {QueueResult} Result */
  /** @typedef {{ facet: Facet, title: string, names: string[], codes: Int32Array }} Column */
  /** @typedef {{ size: number, columns: Column[], text: (place: number) => string, mutant: MutantNumber[] }} Table */

  /** @type {Choice[]} */
  const CHOICES = ["open", "todo", "equivalent", "accepted", "bug"];
  /** Position of the decisions among the columns; there 0 is "open". */
  const DECISION = 1;
  /** Where the page tells changed lines apart, only they are shown until the reader wants all. */
  const LINES = ["changed", "unchanged"];
  const EVERY_LINE = "any";
  const AGES = ["new", "known", "no earlier run"];

  /** @param {Facet} facet @param {string} title @param {string[]} names @param {number} size @param {(place: number) => number} code
   * @returns {Column} */
  const column = (facet, title, names, size, code) => {
    const codes = new Int32Array(size);
    for (let place = 0; place < size; place += 1) codes[place] = code(place);
    return { facet, title, names, codes };
  };

  /** Functions of one name in two files are two choices, so the file stands with the name.
   * @param {Facts} facts @param {number} number */
  const functionLabel = (facts, number) =>
    `${facts.index.files[facts.index.functions.file[number]].path}:${facts.index.functions.name[number]}`;

  /** @param {Facts} facts @param {(mutant: MutantNumber) => Choice} choiceOf @returns {Table} */
  const table = (facts, choiceOf) => {
    const { index } = facts;
    const { queue } = index;
    const size = queue.mutant.length;
    /** @param {number} place */
    const mutant = (place) => queue.mutant[place];
    const columns = [
      column("status", "Status", ["survived", "uncovered"], size, (at) => (facts.status(mutant(at)) === "s" ? 0 : 1)),
      column("decision", "Decision", CHOICES, size, (at) => CHOICES.indexOf(choiceOf(mutant(at)))),
      column("age", "Since the last run", AGES, size, (at) => (queue.fresh[at] === 1 ? 0 : queue.fresh[at] === 0 ? 1 : 2)),
      ...(index.since ? [column("changed", `Lines since ${index.since.ref}`, LINES, size, (at) => (facts.changed.has(mutant(at)) ? 0 : 1))] : []),
      column("diagnosis", "Why it survived", index.diagnoses, size, (at) => queue.diagnosis[at]),
      column("target", "Target", index.targets.map((target) => target.name), size, (at) => facts.file(mutant(at)).target),
      column("operator", "Operator", index.operators, size, (at) => index.mutants.operator[mutant(at)]),
      column("file", "File", index.files.map((file) => file.path), size, (at) => facts.fileOf(mutant(at))),
      column("function", "Function", index.functions.name.map((_, number) => functionLabel(facts, number)), size,
        (at) => index.mutants.function[mutant(at)]),
    ];
    /** @type {string[]} */
    const texts = new Array(size);
    /** What many entries share is put into lower case once. @param {string[]} names */
    const lower = (names) => names.map((name) => name.toLowerCase());
    const [functions, files, operators, reasons] = [index.functions.name, index.files.map(({ path }) => path), index.operators, index.reasons].map(lower);
    /** @param {number} at */
    const text = (at) => {
      if (texts[at] === undefined) {
        const number = mutant(at);
        texts[at] = [
          queue.original[at].toLowerCase(), queue.replacement[at].toLowerCase(), functions[index.mutants.function[number]],
          `${files[facts.fileOf(number)]}:${index.mutants.line[number]}`, operators[index.mutants.operator[number]],
          index.mutants.id[number].toLowerCase(), reasons[queue.reason[at]],
        ].join("\n"); // in one piece, while sums of texts would be put together by the first search
      }
      return texts[at];
    };
    return { size, columns, text, mutant: queue.mutant };
  };

  /** Make the texts before anybody searches, while the browser has nothing else to do.
   * @param {Table} known @param {number} [from] */
  const prepare = (known, from = 0) => {
    if (!globalThis.requestIdleCallback || from >= known.size) return; // then the first search makes them
    requestIdleCallback((idle) => {
      let place = from;
      while (place < known.size && (place % 256 || idle.timeRemaining() > 2)) { known.text(place); place += 1; }
      prepare(known, place);
    });
  };

  /** Note a new decision, so that the table need not be made anew.
   * @param {Table} known @param {number} place @param {Choice} choice */
  const decided = (known, place, choice) => {
    known.columns[DECISION].codes[place] = CHOICES.indexOf(choice);
  };

  /** @param {Table} known @param {number} place */
  const isDecided = (known, place) => known.columns[DECISION].codes[place] !== 0;

  /** An entry is counted for a choice if everything but that choice's own facet lets it through.
   * @param {Table} known @param {Query} query @returns {Result} */
  const run = (known, query) => {
    const words = query.words.toLowerCase().split(/\s+/).filter(Boolean);
    /** One array per column, marking the codes that are let through; none where all are. */
    const open = known.columns.map((one) => {
      const chosen = new Set(query.chosen[one.facet] ?? []);
      return chosen.size ? Uint8Array.from(one.names, (name) => Number(chosen.has(name))) : undefined;
    });
    const counts = known.columns.map((one) => new Int32Array(one.names.length));
    /** @type {number[]} */
    const shown = [];
    for (let place = 0; place < known.size; place += 1) {
      if (query.among && !query.among.has(known.mutant[place])) continue;
      let failures = 0;
      let failed = -1;
      for (let at = 0; at < open.length && failures < 2; at += 1) {
        const let_through = open[at];
        if (let_through && !let_through[known.columns[at].codes[place]]) { failures += 1; failed = at; }
      }
      if (failures > 1) continue;
      if (words.length) {
        const text = known.text(place);
        if (!words.every((word) => text.includes(word))) continue;
      }
      if (failures === 0) {
        shown.push(place);
        for (let at = 0; at < counts.length; at += 1) counts[at][known.columns[at].codes[place]] += 1;
      } else counts[failed][known.columns[failed].codes[place]] += 1;
    }
    return { shown, counts: new Map(known.columns.map((one, at) => [one.facet, counts[at]])) };
  };

  /** The facets in the order in which they are offered. @type {Facet[]} */
  const FACETS = ["status", "decision", "age", "changed", "diagnosis", "target", "operator", "file", "function"];

  /** Names in one text, with commas between them. @param {string[]} names */
  const join = (names) => names.map((name) => name.replaceAll("%", "%25").replaceAll(",", "%2C")).join(",");

  /** @param {string} text @returns {string[]} */
  const split = (text) => text.split(",").map((name) => name.replaceAll("%2C", ",").replaceAll("%25", "%"));

  /** A place's query as what was asked for.
   * @param {Record<string, string>} query @param {unknown} [apart] given where changed lines are told apart @returns {Query} */
  const read = (query, apart = undefined) => {
    /** @type {Partial<Record<Facet, string[]>>} */
    const chosen = {};
    for (const facet of FACETS) if (query[facet]) chosen[facet] = split(query[facet]);
    if (apart && query.changed === EVERY_LINE) delete chosen.changed;
    else if (apart && !query.changed) chosen.changed = [LINES[0]];
    return { words: query.q ?? "", chosen };
  };

  /** @param {Query} query @param {unknown} [apart] given where changed lines are told apart @returns {Record<string, string>} */
  const write = (query, apart = undefined) => {
    /** @type {Record<string, string>} */
    const pairs = {};
    if (query.words) pairs.q = query.words;
    for (const facet of FACETS) {
      const names = query.chosen[facet];
      if (names?.length) pairs[facet] = join(names);
    }
    if (apart && !pairs.changed) pairs.changed = EVERY_LINE;
    return pairs;
  };

  return { CHOICES, FACETS, table, prepare, decided, isDecided, run, read, write };
})();
