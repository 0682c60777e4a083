"use strict";
/** What the queue can list: the undetected mutants and, made when it is first asked for, all others behind them. */
class QueueTables {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    this.queue = Filter.table(context.facts, (mutant) => context.choice(mutant));
    /** @type {QueueTable | undefined} */
    this.made = undefined;
    /** How many mutants have each of the statuses that are offered. @type {Int32Array | undefined} */
    this.totals = undefined;
    /** Counts what is looked at, so that what was counted for an earlier query is dropped. */
    this.asked = 0;
  }

  /** The queue, then every other mutant by file and line. */
  get whole() {
    if (!this.made) {
      const { context: { facts, index } } = this;
      const mutants = index.queue.mutant.slice();
      const placeOf = facts.placeOf.slice();
      for (let mutant = 0; mutant < facts.count; mutant += 1) if (placeOf[mutant] < 0) placeOf[mutant] = mutants.push(mutant) - 1;
      this.made = Filter.table(facts, (mutant) => this.context.choice(mutant), mutants, placeOf, this.queue);
      this.made.texts.prepare(() => {});
    }
    return this.made;
  }

  /** The table that a query is about. @param {QueueQuery} query */
  of(query) { return Filter.isWide(query) ? this.whole : this.queue; }

  /** Note new decisions. @param {string[]} keys of the mutants */
  decided(keys) {
    const { facts, decisions } = this.context;
    for (const key of keys) {
      const mutant = facts.find(key);
      const place = mutant === undefined ? -1 : facts.placeOf[mutant];
      if (place >= 0) for (const table of [this.queue, this.made]) if (table) Filter.decided(table, place, decisions.choice(key));
    }
  }

  /** Mutants of each status that is offered. */
  count() {
    if (!this.totals) {
      const { index } = this.context;
      this.totals = Int32Array.from(Filter.letters(index), (letter) => index.mutants.status.split(letter).length - 1);
    }
    return this.totals;
  }

  /** The counts of a result, with those of the statuses that it leaves out. Where filters narrow them, too, they are counted when the
   * page has drawn what was asked for; until then, and beside a test's mutants, they are -1, which is unknown.
   * @param {QueueQuery} query @param {QueueResult} result @param {(counts: QueueResult["counts"]) => void} later */
  counts(query, result, later) {
    this.asked += 1;
    const { asked } = this;
    if (Filter.isWide(query)) return result.counts;
    if (!Filter.isNarrowed(query)) return QueueTables.joined(result.counts, this.count());
    const known = this.count().length > Filter.UNDETECTED.length && !query.among;
    if (known) setTimeout(() => {
      if (asked === this.asked) later(QueueTables.joined(result.counts, Filter.statuses(this.whole, query)));
    }, QueueTables.PAUSE);
    return QueueTables.joined(result.counts, this.count().map(() => -1));
  }

  /** Counts with those of other statuses put in. @param {QueueResult["counts"]} counts @param {Int32Array} others */
  static joined(counts, others) {
    const status = Int32Array.from(others, (count, at) => (at < Filter.UNDETECTED.length ? counts.get("status")?.[at] ?? 0 : count));
    return new Map([...counts, /** @type {[QueueFacet, Int32Array]} */ (["status", status])]);
  }
}
/** Milliseconds before other statuses are counted: who types on is not kept waiting. */
QueueTables.PAUSE = Dom.PAUSE;
