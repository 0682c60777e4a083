"use strict";
/** Which entries of the queue are shown, and how many each further choice would leave. Pure. */
const Filter = (() => {
  /** @typedef {QueueFacet} Facet */
  /** @typedef {QueueQuery} Query */
  /** @typedef {QueueResult} Result */
  /** `unasked`: what is shown while nothing is chosen, where that is not all; `rest`: from which name on that is so.
   * @typedef {{ facet: Facet, title: string, names: string[], codes: Int32Array, unasked?: string[], rest?: number }} Column */
  /** The first `listed` entries are the undetected ones. @typedef {QueueTable} Table */

  /** @type {Choice[]} */
  const CHOICES = ["open", "todo", "equivalent", "accepted", "bug"];
  /** Position of the statuses among the columns. */
  const STATUS = 0;
  /** Position of the decisions among the columns; there 0 is "open". */
  const DECISION = 1;
  /** Where the page tells changed lines apart, only they are shown until the reader wants all. */
  const LINES = ["changed", "unchanged"];
  const EVERY_LINE = "any";
  const AGES = ["new", "known", "no earlier run"];
  const OVER_RUNS = ["always the same", "changed"];
  /** Statuses of what is listed without being asked for. */
  const UNDETECTED = ["survived", "uncovered"];

  /** Letters of the statuses that are offered: the undetected ones, then the others that occur. @param {Index} index */
  const letters = (index) => [..."su", ...Object.keys(Words.STATUS).filter((letter) => !"su".includes(letter) && index.mutants.status.includes(letter))];

  /** Whether statuses are asked for beside the undetected ones. @param {Query} query */
  const isWide = (query) => Boolean(query.chosen.status?.some((name) =>
    !UNDETECTED.includes(name) && Object.values(Words.STATUS).some(({ word }) => word === name)));

  /** Whether anything but the status is asked for. @param {Query} query */
  const isNarrowed = ({ words, chosen, among }) => Boolean(words.trim() || among
    || FACETS.some((facet) => facet !== "status" && chosen[facet]?.length));

  /** @param {Facet} facet @param {string} title @param {string[]} names @param {number} size @param {Table | undefined} queued
   * @param {(place: number) => number} code asked for what `queued` does not hold @returns {Column} */
  const column = (facet, title, names, size, queued, code) => {
    const known = queued?.columns.find((one) => one.facet === facet)?.codes ?? [];
    const codes = new Int32Array(size);
    codes.set(known);
    for (let place = known.length; place < size; place += 1) codes[place] = code(place);
    return { facet, title, names, codes };
  };

  /** Functions of one name in two files are two choices, so the file stands with the name.
   * @param {Facts} facts @param {number} number */
  const functionLabel = (facts, number) =>
    `${facts.index.files[facts.index.functions.file[number]].path}:${facts.index.functions.name[number]}`;

  /** A table of the queue or, with `mutants`, of the queue and those behind it. What is asked of undetected mutants only has no name for
   * the others: they have the code after the last. @param {Facts} facts @param {(mutant: MutantNumber) => Choice} choiceOf
   * @param {MutantNumber[]} [mutants] @param {Int32Array} [placeOf] @param {Table} [queued] that of the queue, which need not be made again for it @returns {Table} */
  const table = (facts, choiceOf, mutants = facts.index.queue.mutant, placeOf = facts.placeOf, queued = undefined) => {
    const { index } = facts;
    const { queue } = index;
    const size = mutants.length;
    const listed = queue.mutant.length;
    const offered = letters(index);
    const codeOf = new Map(offered.map((letter, code) => [letter, code]));
    /** @param {number} place */
    const mutant = (place) => mutants[place];
    const columns = [
      { ...column("status", "Status", offered.map((letter) => Words.STATUS[letter].word), size, queued, (at) => codeOf.get(facts.status(mutant(at))) ?? 1),
        rest: UNDETECTED.length, ...(size > listed && { unasked: UNDETECTED }) },
      column("decision", "Decision", CHOICES, size, queued, (at) => (at < listed ? CHOICES.indexOf(choiceOf(mutant(at))) : CHOICES.length)),
      column("age", "Since the last run", AGES, size, queued, (at) => (at >= listed ? AGES.length : queue.fresh[at] === 1 ? 0 : queue.fresh[at] === 0 ? 1 : 2)),
      column("runs", "Over the runs", OVER_RUNS, size, queued, (at) => Number(facts.varied.has(mutant(at)))),
      ...(index.since ? [column("changed", `Lines since ${index.since.ref}`, LINES, size, queued, (at) => (facts.changed.has(mutant(at)) ? 0 : 1))] : []),
      column("diagnosis", "Why it survived", index.diagnoses, size, queued, (at) => queue.diagnosis[at] ?? index.diagnoses.length),
      column("target", "Target", index.targets.map((target) => target.name), size, queued, (at) => facts.file(mutant(at)).target),
      column("operator", "Operator", index.operators, size, queued, (at) => index.mutants.operator[mutant(at)]),
      column("file", "File", index.files.map((file) => file.path), size, queued, (at) => facts.fileOf(mutant(at))),
      column("function", "Function", index.functions.name.map((_, number) => functionLabel(facts, number)), size, queued,
        (at) => index.mutants.function[mutant(at)]),
    ];
    /** @param {Facet} facet */
    const codes = (facet) => /** @type {Column} */ (columns.find((one) => one.facet === facet)).codes;
    const texts = new SearchText(facts, mutants, { file: codes("file"), function: codes("function"), operator: codes("operator") }, queued?.texts.names);
    return { size, listed, columns, texts, mutant: mutants, placeOf };
  };

  /** Note a new decision, so that the table need not be made anew.
   * @param {Table} known @param {number} place @param {Choice} choice */
  const decided = (known, place, choice) => {
    known.columns[DECISION].codes[place] = CHOICES.indexOf(choice);
  };

  /** @param {Table} known @param {number} place */
  const isDecided = (known, place) => place < known.listed && known.columns[DECISION].codes[place] !== 0;

  /** Marks the codes that a facet lets through; nothing where all are.
   * @param {Column} one @param {Query} query */
  const opened = (one, query) => {
    const asked = query.chosen[one.facet];
    const chosen = new Set(asked?.length ? asked : one.unasked);
    return chosen.size ? Uint8Array.from([...one.names.map((name) => Number(chosen.has(name))), 0]) : undefined;
  };

  const OUT = 0;
  const SHOWN = 1;
  /** Added to a column's position: that column alone keeps the entry out. */
  const ONLY = 2;

  /** Keep out what a column does not let through, and what two columns do not for good.
   * @param {Uint8Array} states @param {Int32Array} codes @param {Uint8Array} open @param {number} only */
  const narrow = (states, codes, open, only) => {
    for (let place = 0; place < states.length; place += 1) {
      if (states[place] !== OUT && open[codes[place]] === 0) states[place] = states[place] === SHOWN ? only : OUT;
    }
  };

  /** Places of a state. @param {Uint8Array} states @param {number} state */
  const placesOf = (states, state) => {
    /** @type {number[]} */
    const places = [];
    for (let place = 0; place < states.length; place += 1) if (states[place] === state) places.push(place);
    return places;
  };

  /** What each entry's state is, and whether each column keeps any out. @param {Table} known @param {Query} query */
  const judged = (known, query) => {
    const { among } = query;
    const states = known.texts.find(query.words) ?? new Uint8Array(known.size).fill(SHOWN);
    if (among) for (let place = 0; place < known.size; place += 1) if (!among.has(known.mutant[place])) states[place] = OUT;
    const narrows = known.columns.map((one, at) => {
      const marks = opened(one, query);
      if (marks) narrow(states, one.codes, marks, ONLY + at);
      return Boolean(marks);
    });
    return { states, narrows };
  };

  /** How many entries each choice of a column shows or would show: an entry is counted if everything but the choice's own facet lets it through.
   * @param {Column} one @param {Uint8Array} states @param {number[]} shown @param {number} only its own state, OUT where it keeps none out */
  const counted = ({ names, codes }, states, shown, only) => {
    const made = new Int32Array(names.length + 1);
    for (let at = 0; at < shown.length; at += 1) made[codes[shown[at]]] += 1;
    if (only !== OUT) for (let place = 0; place < states.length; place += 1) if (states[place] === only) made[codes[place]] += 1;
    return made.subarray(0, names.length);
  };

  /** @param {Table} known @param {Query} query @returns {Result} */
  const run = (known, query) => {
    const { states, narrows } = judged(known, query);
    const shown = placesOf(states, SHOWN);
    return { shown, counts: new Map(known.columns.map((one, at) => [one.facet, counted(one, states, shown, narrows[at] ? ONLY + at : OUT)])) };
  };

  /** The counts of the statuses alone. @param {Table} known @param {Query} query */
  const statuses = (known, query) => {
    const { states, narrows } = judged(known, query);
    return counted(known.columns[STATUS], states, placesOf(states, SHOWN), narrows[STATUS] ? ONLY + STATUS : OUT);
  };

  /** The facets in the order in which they are offered. @type {Facet[]} */
  const FACETS = ["status", "decision", "age", "runs", "changed", "diagnosis", "target", "operator", "file", "function"];

  /** A place's query as what was asked for.
   * @param {Record<string, string>} query @param {unknown} [apart] given where changed lines are told apart @returns {Query} */
  const read = (query, apart = undefined) => {
    /** @type {Partial<Record<Facet, string[]>>} */
    const chosen = {};
    for (const facet of FACETS) if (query[facet]) chosen[facet] = Route.split(query[facet]);
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
      if (names?.length) pairs[facet] = Route.join(names);
    }
    if (apart && !pairs.changed) pairs.changed = EVERY_LINE;
    return pairs;
  };

  return { CHOICES, FACETS, UNDETECTED, letters, isWide, isNarrowed, table, decided, isDecided, run, statuses, read, write };
})();
