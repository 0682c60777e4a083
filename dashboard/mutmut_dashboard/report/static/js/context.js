"use strict";
/** What every view is given: the facts of the run and the decisions about it. */
class Context {
  /** @param {Index} index @param {Served | undefined} served */
  constructor(index, served) {
    this.index = index;
    this.facts = new Facts(index);
    this.served = served;
    this.again = served && new Again(served);
    this.live = served && new LiveVerdicts(this.facts);
    /** @type {Map<string, Omit<Decided, "mutant">>} */
    const base = new Map();
    for (const { mutant, ...decided } of index.decisions) base.set(this.facts.key(mutant), decided);
    this.decisions = new Decisions(index.report, base);
    this.decisions.listeners.push((keys) => this.bind(keys));
  }

  /** @param {MutantNumber} mutant @returns {Choice} */
  choice(mutant) { return this.decisions.choice(this.facts.key(mutant)); }

  /** What a mutant is found to be since the page was made, by a run or by judging again; undefined where that is what the page shows.
   * @param {MutantNumber} mutant @returns {StatusLetter | undefined} */
  now(mutant) { return this.live?.changed.get(mutant) ?? (this.again?.found(this.facts.key(mutant))?.outcome === "killed" ? "k" : undefined); }

  /** How many of the queue are decided. Only what is or was decided is looked at, since the queue may be long. */
  get decided() {
    const { decisions, facts } = this;
    let count = 0;
    for (const key of new Set([...decisions.base.keys(), ...decisions.drafts.keys()])) {
      if (decisions.choice(key) === "open") continue;
      const mutant = facts.find(key);
      if (mutant !== undefined && facts.placeOf[mutant] >= 0) count += 1;
    }
    return count;
  }

  /** How many mutants are decided otherwise than the page's numbers count. */
  get decidedSince() {
    const { decisions, facts, index } = this;
    /** @type {Map<string, Choice>} */
    const counted = new Map(index.decisions.map(({ mutant, choice, standing }) => [facts.key(mutant), standing === "applies" ? choice : "open"]));
    const keys = new Set([...counted.keys(), ...decisions.base.keys(), ...decisions.drafts.keys()]);
    return [...keys].filter((key) => decisions.choice(key) !== (counted.get(key) ?? "open") && facts.find(key) !== undefined).length;
  }

  /** @param {MutantNumber} mutant @returns {Promise<FileChunk>} */
  chunk(mutant) { return Data.file(this.index, this.facts.fileOf(mutant)); }

  /** @param {FileChunk} chunk @param {MutantNumber} mutant @returns {MutantDetail} */
  detail(chunk, mutant) { return chunk.mutants[mutant - this.facts.file(mutant).first]; }

  /** Decide, at the server if there is one, else as drafts. Resolves to a complaint, empty where all is well.
   * @param {MutantNumber[]} mutants @param {Choice} choice @param {string} [reason] @param {string} [expires]
   * @returns {Promise<string>} */
  async decide(mutants, choice, reason = "", expires = "") {
    const changes = mutants.map((mutant) => ({ key: this.facts.key(mutant), choice, reason, expires }));
    this.decisions.decide(changes);
    return this.served ? this.send(changes.map(({ key }) => key)) : "";
  }

  /** Send drafts to the server; what it takes are no drafts any more. @param {string[]} keys @returns {Promise<string>} */
  async send(keys) {
    const { served, decisions } = this;
    if (!served) return "";
    const changes = keys.flatMap((key) => {
      const draft = decisions.draft(key);
      return draft ? [{ key, choice: draft.choice, reason: draft.reason, expires: draft.expires }] : [];
    });
    if (!changes.length) return "";
    try {
      const { ok, status, reply } = await served.decide(changes);
      if (ok) decisions.replaceBase(Served.byKey(reply.decisions), keys);
      else if (status === 409 && reply.decisions) decisions.replaceBase(Served.byKey(reply.decisions));
      return ok ? "" : `Not saved: ${reply.error ?? `the server answered ${status}.`}`;
    } catch {
      return "Not saved: the server does not answer. It is kept here as a draft.";
    }
  }

  /** Take the last change back. @returns {Promise<{ keys: string[], complaint: string }>} */
  async undo() {
    const { served, decisions } = this;
    if (!served || decisions.drafts.size) return { keys: decisions.undo(), complaint: "" };
    try {
      const before = new Map(decisions.base);
      const { ok, reply } = await served.undo();
      if (!ok) return { keys: [], complaint: reply.error ?? "Nothing was taken back." };
      const after = Served.byKey(reply.decisions);
      decisions.replaceBase(after);
      const keys = [...new Set([...before.keys(), ...after.keys()])]
        .filter((key) => JSON.stringify(before.get(key)) !== JSON.stringify(after.get(key)));
      return { keys, complaint: "" };
    } catch {
      return { keys: [], complaint: "Nothing was taken back: the server does not answer." };
    }
  }

  /** Take over what the server keeps now. @returns {Promise<string>} */
  async refresh() {
    if (!this.served) return "";
    try {
      const { ok, reply } = await this.served.decisions();
      if (ok) this.decisions.replaceBase(Served.byKey(reply.decisions));
      return ok ? "" : reply.error ?? "The server keeps no decisions.";
    } catch {
      return "The server does not answer; decisions stay here as drafts.";
    }
  }

  /** Bind drafts to the code they were made for, which is what makes them stale when it changes. @param {string[]} keys */
  async bind(keys) {
    for (const key of keys) {
      const draft = this.decisions.draft(key);
      const mutant = draft && !draft.hash ? this.facts.find(key) : undefined;
      if (mutant === undefined) continue;
      const chunk = await this.chunk(mutant).catch(() => undefined);
      if (!chunk) continue;
      const detail = this.detail(chunk, mutant);
      this.decisions.bind(key, {
        change: detail.change ?? `${detail.original} -> ${detail.replacement}`,
        hash: chunk.functionHash[String(this.index.mutants.function[mutant])] ?? "",
      });
    }
  }
}
