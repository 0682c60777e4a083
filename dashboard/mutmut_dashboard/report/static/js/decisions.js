"use strict";
/** What is decided about each mutant: what the page was given, changed by drafts or by the server that keeps them. */
class Decisions {
  /** @typedef {{ choice: Choice, reason: string, expires: string, when: string, change?: string, hash?: string }} Draft */
  /** @typedef {Omit<Decided, "mutant">} Base */
  /** @typedef {{ key: string, choice: Choice, reason: string, expires: string }} Change */

  /** @param {string} report names the drafts' place in the browser's memory
   * @param {Map<string, Base>} base by `target/id` */
  constructor(report, base) {
    this.report = report;
    this.base = base;
    /** @type {Map<string, Draft>} */
    this.drafts = new Map(Object.entries(Memory.getJson(this.memory, {})));
    /** What to put back, the last change last. @type {Map<string, Draft | undefined>[]} */
    this.past = Memory.getJson(this.pastMemory, []).map((/** @type {[string, Draft | null][]} */ one) => new Map(one.map(([key, draft]) => [key, draft ?? undefined])));
    /** @type {((keys: string[]) => void)[]} */
    this.listeners = [];
    /** Whether the browser keeps drafts over a reload. */
    this.kept = true;
    this.forgetDone();
  }

  /** @returns {string} */
  get memory() { return `drafts:${this.report}`; }

  /** @returns {string} */
  get pastMemory() { return `undo:${this.report}`; }

  /** Drafts that say what triage.toml says by now are done. */
  forgetDone() {
    for (const [key, draft] of this.drafts) {
      const base = this.base.get(key);
      const now = base && base.standing === "applies" ? base : undefined;
      const same = now
        ? draft.choice === now.choice && draft.reason === now.reason && draft.expires === now.expires
        : draft.choice === "open";
      if (same) this.drafts.delete(key);
    }
  }

  /** What holds now. A decision that no longer applies leaves its mutant open.
   * @param {string} key @returns {Choice} */
  choice(key) {
    const draft = this.drafts.get(key);
    if (draft) return draft.choice;
    const base = this.base.get(key);
    return base && base.standing === "applies" ? base.choice : "open";
  }

  /** @param {string} key */
  draft(key) { return this.drafts.get(key); }

  /** @param {string} key */
  given(key) { return this.base.get(key); }

  /** @param {Change[]} changes @param {string} [when] */
  decide(changes, when = Words.today()) {
    /** @type {Map<string, Draft | undefined>} */
    const before = new Map();
    for (const { key, choice, reason, expires } of changes) {
      before.set(key, this.drafts.get(key));
      this.drafts.set(key, { choice, reason, expires, when });
    }
    this.past.push(before);
    this.forgetDone();
    this.changed([...before.keys()]);
  }

  /** Take the last change back; its keys, or nothing where there is none. @returns {string[]} */
  undo() {
    const before = this.past.pop();
    if (!before) return [];
    for (const [key, draft] of before) {
      if (draft) this.drafts.set(key, draft);
      else this.drafts.delete(key);
    }
    this.changed([...before.keys()]);
    return [...before.keys()];
  }

  /** Note which code a draft was made for. @param {string} key @param {{ change: string, hash: string }} bound */
  bind(key, bound) {
    const draft = this.drafts.get(key);
    if (!draft || draft.hash) return;
    Object.assign(draft, bound);
    this.keep();
  }

  /** Drop every draft. */
  discard() {
    const keys = [...this.drafts.keys()];
    this.past.push(new Map(this.drafts));
    this.drafts.clear();
    this.changed(keys);
  }

  /** Take over what a server keeps. @param {Map<string, Base>} base @param {string[]} [done] drafts it has taken */
  replaceBase(base, done = []) {
    const keys = new Set([...this.base.keys(), ...base.keys(), ...done]);
    this.base = base;
    for (const key of done) this.drafts.delete(key);
    this.forgetDone();
    this.changed([...keys]);
  }

  keep() {
    this.kept = Memory.setJson(this.memory, Object.fromEntries(this.drafts));
    Memory.setJson(this.pastMemory, this.past.slice(-Decisions.MOST_PAST).map((one) => [...one].map(([key, draft]) => [key, draft ?? null])));
  }

  /** @param {string[]} keys */
  changed(keys) {
    this.keep();
    for (const listener of this.listeners) listener(keys);
  }

  /** Reasons given lately, the newest first. @param {number} [most] @returns {string[]} */
  recentReasons(most = 5) {
    const given = [...this.base.values()].filter((base) => base.reason).sort((a, b) => b.when.localeCompare(a.when));
    const reasons = [...[...this.drafts.values()].reverse(), ...given].map((one) => one.reason).filter(Boolean);
    return [...new Set(reasons)].slice(0, most);
  }
}
/** Changes that can be taken back after a reload. */
Decisions.MOST_PAST = 50;
