"use strict";
/** The order of the queue: what is undecided first, by priority, cost or group; what is decided under one head at the end. Pure. */
const QueueOrder = (() => {
  /** Key of the head over what is decided; no group of another kind has it. */
  const DECIDED = "\0decided";
  const CHOICES = ["change", "cost", "function", "line", "operator"];
  /** @type {Record<string, string>} */
  const RULES = {
    change: "By change, whatever file it is in: what is changed alike most often first, so that one decision may do for all of it. Equals are by priority, as are the mutants of a change.",
    cost: "By cost: what took longest to judge first. Equals are by priority.",
    function: "By function: a function stands where its first mutant would be by priority, and its mutants are by priority, too.",
    line: "By line: a line stands where its first mutant would be by priority, and its mutants are by priority, too.",
    operator: "By operator, which is the kind of change: it stands where its first mutant would be by priority, and its mutants are by priority, too.",
  };

  /** How the list is ordered, in words. @param {string} by @param {string} priority what comes first by priority */
  const rule = (by, priority) => (by ? `${RULES[by]} By priority means: ${priority}` : priority);
  /** What is added to it where more than the undetected ones are listed. */
  const OTHERS = "Mutants of other statuses follow behind the undetected ones of their group, by file and line, each on a row of its own. What they change and what judging them took is read from their files' data: they are neither searched by code nor sorted by cost or change.";
  /** The group of those whose change is not compared; no change looks like it. */
  const NOT_COMPARED = "Other statuses: not compared by change";

  /** A change as text. One that the queue holds shortened is like no other: how it ends is not known here. @param {Facts} facts @param {number} place */
  const change = ({ index: { queue, mutants } }, place) => {
    const texts = [queue.original[place], queue.replacement[place]];
    const words = texts.map((text) => text || "nothing").join(" → ");
    return texts.some((text) => text.endsWith("…")) ? `${words} · ${mutants.id[queue.mutant[place]]}` : words;
  };

  /** What is changed alike most often first, behind it that of which the change is not known here. @param {Facts} facts @param {number[]} places */
  const frequent = (facts, places) => {
    const { length } = facts.index.queue.mutant;
    const groups = Groups.by(places.filter((place) => place < length), (place) => change(facts, place));
    return [...[...groups.values()].sort((one, other) => other.length - one.length).flat(), ...places.filter((place) => place >= length)];
  };

  /** The line under which an entry is folded. Nothing is to be decided about what is not undetected, so each of those stands for itself.
   * @param {Facts} facts @param {number} place */
  const lineOf = (facts, place) => {
    const mutant = facts.index.queue.mutant[place];
    return mutant === undefined ? -1 - place : facts.foldKey(mutant);
  };

  /** What names an entry's group, for the choices that group. @param {Facts} facts @param {string} by @param {MutantNumber[]} mutant
   * @returns {((place: number) => string) | undefined} */
  const groupOf = (facts, by, mutant) => {
    if (by === "function") return (place) => `${facts.functionName(mutant[place])} · ${facts.file(mutant[place]).path}`;
    if (by === "change") return (place) => (place < facts.index.queue.mutant.length ? change(facts, place) : NOT_COMPARED);
    if (by === "line") return (place) => facts.place(mutant[place]);
    return by === "operator" ? (place) => facts.operator(mutant[place]) : undefined;
  };

  /** Places as they are read, before anything is folded. Equal costs keep the order of priority; what has none here comes last.
   * @param {Facts} facts @param {string} by @param {number[]} places */
  const sorted = (facts, by, places) => {
    const { seconds } = facts.index.queue;
    if (by === "change") return frequent(facts, places);
    const cost = (/** @type {number} */ place) => seconds[place] ?? -1;
    return by === "cost" ? [...places].sort((one, other) => cost(other) - cost(one) || one - other) : places;
  };

  /** What is left to do and what is done; nothing is set apart where a decision was filtered for.
   * @param {number[]} places @param {(place: number) => boolean} isDecided @param {boolean} apart
   * @returns {{ open: number[], done: number[] }} */
  const parts = (places, isDecided, apart) => (apart
    ? { open: places.filter((place) => !isDecided(place)), done: places.filter(isDecided) }
    : { open: places, done: [] });

  /** @param {Facts} facts
   * @param {{ places: number[], by: string, isDecided: (place: number) => boolean, apart: boolean, unfolded: Set<number>, closed: Set<string>, flat: boolean,
   *   mutants?: MutantNumber[] }} how `flat` folds nothing; `mutants` are those of the places, where they are more than the queue
   * @returns {QueueRow[]} */
  const rows = (facts, { places, by, isDecided, apart, unfolded, closed, flat, mutants = facts.index.queue.mutant }) => {
    const line = (/** @type {number} */ place) => lineOf(facts, place);
    const { open, done } = parts(sorted(facts, by, places), isDecided, apart);
    const whole = flat || by === "line" ? new Set(places.map(line)) : unfolded;
    const isShadowed = (/** @type {number} */ place) => facts.shadowOf.has(place);
    const group = groupOf(facts, by, mutants);
    const first = group ? -1 : open.findIndex((place) => place >= facts.index.queue.mutant.length); // what follows may be long, and none of it is folded
    const folding = first < 0 ? open : open.slice(0, first);
    const shown = Groups.rows(folding, { group, line, isShadowed, unfolded: whole, closed: flat ? new Set() : closed })
      .concat(open.slice(folding.length).map((place) => Groups.alone(place, false)));
    if (!done.length) return shown;
    const all = Groups.rows(done, { group: () => DECIDED, line, isShadowed, unfolded: whole, closed: flat ? new Set() : closed });
    return shown.concat(all);
  };

  /** The line that must be unfolded for an entry to be seen, if one must.
   * @param {Facts} facts @param {{ places: number[], by: string, isDecided: (place: number) => boolean, apart: boolean }} how @param {number} place */
  const foldOver = (facts, { places, by, isDecided, apart }, place) => {
    const key = lineOf(facts, place);
    const together = sorted(facts, by, places).filter((other) =>
      lineOf(facts, other) === key && (apart && isDecided(other)) === (apart && isDecided(place)));
    const first = together.find((other) => !facts.shadowOf.has(other)) ?? together[0];
    return first === place ? undefined : key;
  };

  /** Put a value into a set, or take it out. @template T @param {Set<T>} set @param {T} value */
  const toggle = (set, value) => { if (!set.delete(value)) set.add(value); };

  return { DECIDED, CHOICES, OTHERS, rule, sorted, parts, rows, foldOver, toggle };
})();
