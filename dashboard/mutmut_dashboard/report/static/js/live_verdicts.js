"use strict";
/** The verdicts of a run that the page does not show, as they come, beside the status that the page shows. Knows no element. */
class LiveVerdicts {
  /** How many mutants have another status now: `killed` and `timeout` survived or were uncovered, `survivors` did not; `strangers` are
   * judged but not on this page, `alive` are those of them that nothing detects.
   * @typedef {{ killed: number, timeout: number, survivors: number, others: number, strangers: number, alive: number }} LiveCounts */

  /** @param {Facts} facts */
  constructor(facts) {
    this.facts = facts;
    const { id, startedAt, complete } = facts.index.run;
    /** The run that the page was made from. */
    this.page = id;
    /** That run as the server names it, where all of its verdicts are on the page; one that is not complete may go on. */
    this.shown = complete ? `${id}@${startedAt}` : "";
    this.run = 0;
    this.cursor = "";
    /** What each mutant is that has a verdict; one that is not on this page by its key. @type {Map<MutantNumber | string, StatusLetter>} */
    this.letters = new Map();
    /** Those whose status is not what the page shows. @type {Map<MutantNumber, StatusLetter>} */
    this.changed = new Map();
    /** Those that are found otherwise than when the listeners were told last. @type {Set<MutantNumber>} */
    this.turned = new Set();
    /** Told whenever there are verdicts; the mutants are those to be shown otherwise. @type {((turned: Set<MutantNumber>) => void)[]} */
    this.listeners = [];
  }

  tell() {
    const { turned } = this;
    this.turned = new Set();
    for (const listener of this.listeners) listener(turned);
  }

  /** Whether it is the run that the page shows. @param {RunProgress} progress */
  shows({ run, began }) { return `${run}@${began}` === this.shown; }

  /** Take over a part of what the server tells. @param {RunProgress} progress */
  take({ run, anew, more, cursor, judged, verdicts }) {
    if (anew) this.forget();
    this.run = run;
    this.cursor = cursor;
    for (const [target, byStatus] of Object.entries(verdicts)) {
      for (const [status, ids] of Object.entries(byStatus)) {
        const letter = LiveVerdicts.letter(status);
        if (letter) for (const id of ids) this.note(`${target}/${id}`, letter);
      }
    }
    // a verdict that was told and is no more: the store was put back, so all is asked for again
    if (cursor && !more && this.letters.size !== judged) this.cursor = "";
  }

  forget() {
    for (const mutant of this.changed.keys()) this.turned.add(mutant);
    this.letters.clear();
    this.changed.clear();
  }

  /** @param {string} key @param {StatusLetter} letter */
  note(key, letter) {
    const mutant = this.facts.find(key);
    this.letters.set(mutant ?? key, letter);
    if (mutant === undefined) return;
    const before = this.changed.get(mutant);
    if (letter === this.facts.status(mutant)) this.changed.delete(mutant);
    else this.changed.set(mutant, letter);
    if (before !== this.changed.get(mutant)) this.turned.add(mutant);
  }

  /** @returns {LiveCounts} */
  get counts() {
    const counts = { killed: 0, timeout: 0, survivors: 0, others: 0, strangers: 0, alive: 0 };
    for (const mutant of this.changed.keys()) counts[this.kind(mutant)] += 1;
    for (const [mutant, letter] of this.letters) {
      if (typeof mutant === "number") continue;
      counts.strangers += 1;
      counts.alive += Number(LiveVerdicts.isAlive(letter));
    }
    return counts;
  }

  /** What a change means to who reads the page. @param {MutantNumber} mutant @returns {"killed" | "timeout" | "survivors" | "others"} */
  kind(mutant) {
    const letter = this.changed.get(mutant) ?? ".";
    const before = LiveVerdicts.isAlive(this.facts.status(mutant));
    if (before && letter === "k") return "killed";
    if (before && letter === "t") return "timeout";
    return !before && LiveVerdicts.isAlive(letter) ? "survivors" : "others";
  }

  /** The changed mutants of a kind, in the order of the source. @param {string} kind @returns {MutantNumber[]} */
  of(kind) { return [...this.changed.keys()].filter((mutant) => this.kind(mutant) === kind).sort((one, other) => one - other); }

  /** What the run says of one mutant; empty where it has not judged it. @param {MutantNumber} mutant */
  sentence(mutant) {
    const letter = this.letters.get(mutant);
    if (!letter) return "";
    const before = Words.STATUS[this.facts.status(mutant)].word;
    return this.changed.has(mutant) ? `Run ${this.run}: ${Words.STATUS[letter].word} now, on this page ${before}.` : `Run ${this.run}: ${before}, as on this page.`;
  }

  /** Nothing detects it. @param {string} letter */
  static isAlive(letter) { return letter === "s" || letter === "u"; }

  /** Letter of a status. @param {string} status */
  static letter(status) { return /** @type {StatusLetter | undefined} */ (Object.keys(Words.STATUS).find((letter) => Words.STATUS[letter].word === status)); }

  /** What is not as the page shows it, as phrases. @returns {string[]} */
  get phrases() {
    const { killed, timeout, survivors, others, strangers, alive } = this.counts;
    const of = (/** @type {number} */ count, /** @type {string} */ one, /** @type {string} */ many) => `${Words.number(count)} of your survivors ${count === 1 ? one : many} now`;
    return [
      killed ? of(killed, "is killed", "are killed") : "",
      timeout ? of(timeout, "times out", "time out") : "",
      survivors ? Words.plural(survivors, "new survivor") : "",
      others ? Words.plural(others, "other change") : "",
      strangers ? `${Words.number(strangers)} not on this page, ${Words.number(alive)} of them undetected` : "",
    ].filter(Boolean);
  }
}
