"use strict";
/** Mutants judged again with the tests and sources as they stand, as the server that judges them tells it. */
class Again {
  /** @typedef {{ outcome: string, words: string, at: string }} Found */
  /** @typedef {{ running: boolean, target: string, ids: string[], done: number, error?: string, results: Record<string, Found> }} Rejudged */

  /** @param {Served} served */
  constructor(served) {
    this.served = served;
    /** What the server said last. @type {Rejudged} */
    this.now = { running: false, target: "", ids: [], done: 0, results: {} };
    this.watching = false;
    /** Told whenever there is news; the words are what went wrong. @type {((complaint: string) => void)[]} */
    this.listeners = [];
  }

  /** What became of a mutant. @param {string} key @returns {Found | undefined} */
  found(key) { return this.now.results[key]; }

  /** Take up what was found, or still goes on, since before the page was opened. */
  async resume() {
    const complaint = await this.ask("GET", "/api/again");
    if (!complaint && (this.now.running || this.now.done)) this.tell("");
    if (this.now.running) await this.watch();
  }

  /** Judge mutants of one target until all are judged or it is called off. @param {string} target @param {string[]} ids */
  async start(target, ids) {
    const complaint = await this.ask("POST", "/api/again", { target, ids });
    this.tell(complaint);
    if (!complaint) Announce.polite("Judging again.");
    if (this.now.running) await this.watch();
  }

  async cancel() { this.tell(await this.ask("POST", "/api/again/cancel", {})); }

  /** Resolves to a complaint, empty where all is well. @param {string} method @param {string} path @param {unknown} [body] */
  async ask(method, path, body) {
    try {
      const { ok, reply } = await this.served.call(method, path, body);
      if (ok) this.now = /** @type {Rejudged} */ (/** @type {unknown} */ (reply));
      return ok ? "" : reply.error ?? "The server refused.";
    } catch {
      return "The server does not answer.";
    }
  }

  async watch() {
    if (this.watching) return;
    this.watching = true;
    let complaint = "";
    while (this.now.running && !complaint) {
      await new Promise((resolve) => { setTimeout(resolve, Again.EVERY); });
      const { done, running } = this.now;
      complaint = await this.ask("GET", "/api/again");
      if (complaint || done !== this.now.done || running !== this.now.running) this.tell(complaint);
    }
    this.watching = false;
    Announce.polite(complaint || this.words());
  }

  /** @param {string} complaint */
  tell(complaint) { for (const listener of this.listeners) listener(complaint); }

  /** How far it is, or how the last of it ended; empty where nothing was asked for. */
  words() {
    const { running, ids, done, error, target, results } = this.now;
    if (running) return `Judging again: ${Words.number(done)} of ${Words.number(ids.length)} judged.`;
    if (error) return done ? `${Words.number(done)} of ${Words.number(ids.length)} judged. ${error}` : error;
    if (!ids.length) return "";
    const killed = ids.filter((id) => results[`${target}/${id}`]?.outcome === "killed").length;
    return ids.length === 1 ? Again.sentence(results[`${target}/${ids[0]}`])
      : `${Words.number(done)} of ${Words.number(ids.length)} judged again: ${Words.number(killed)} killed now.`;
  }

  /** @param {Found | undefined} found */
  static sentence(found) { return found ? `Judged again at ${found.at}: ${found.words.replace(/\.$/, "")}.` : ""; }
}
/** Milliseconds between two looks at how far it is. */
Again.EVERY = 400;
