"use strict";
/** Judging again with the tests and sources as they stand, when the page is served. */
class Again {
  /** @typedef {{ outcome: string, words: string, at: string }} Found */
  /** @typedef {{ running: boolean, target: string, ids: string[], done: number, error?: string, results: Record<string, Found> }} Progress */

  /** @param {Context} context @param {Served} served */
  constructor(context, served) {
    this.context = context;
    this.served = served;
    /** @type {MutantNumber} */
    this.mutant = -1;
    /** @type {Progress | undefined} */
    this.progress = undefined;
    this.watching = false;
    this.one = Dom.el("button", { type: "button", onclick: () => this.judge(false) }, "Judge again ", Dom.el("kbd", { "aria-hidden": "true" }, "r"));
    this.all = Dom.el("button", { type: "button", onclick: () => this.judge(true) }, "Judge this function again ", Dom.el("kbd", { "aria-hidden": "true" }, "f"));
    this.stop = Dom.el("button", { type: "button", hidden: true, onclick: () => this.cancel() }, "Cancel judging");
    this.words = Dom.el("p", { class: "again-words" });
    this.element = Dom.el("div", { class: "again" }, Dom.el("div", { class: "actions", role: "group", "aria-label": "Judge again" }, this.one, this.all, this.stop), this.words);
  }

  /** @param {MutantNumber} mutant */
  show(mutant) {
    this.mutant = mutant;
    this.refresh();
  }

  /** Of this mutant, or of all undetected ones of its function. @param {boolean} whole */
  async judge(whole) {
    const { index, facts } = this.context;
    if (this.mutant < 0) return;
    const own = index.mutants.function[this.mutant];
    const mutants = whole ? index.queue.mutant.filter((mutant) => index.mutants.function[mutant] === own) : [this.mutant];
    if (!mutants.length) { this.say("No mutant of this function is undetected."); return; }
    await this.ask("POST", "/api/again", { target: facts.target(this.mutant), ids: mutants.map((mutant) => index.mutants.id[mutant]) });
    if (this.progress?.running) { Announce.polite("Judging again."); await this.watch(); }
  }

  cancel() { return this.ask("POST", "/api/again/cancel", {}); }

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async ask(method, path, body) {
    try {
      const { ok, reply } = await this.served.call(method, path, body);
      if (ok) this.progress = /** @type {Progress} */ (/** @type {unknown} */ (reply));
      this.refresh();
      if (!ok) this.say(reply.error ?? "The server refused.");
      return ok;
    } catch {
      this.say("Not judged: the server does not answer.");
      return false;
    }
  }

  async watch() {
    if (this.watching) return;
    this.watching = true;
    while (this.progress?.running) {
      await new Promise((resolve) => { setTimeout(resolve, 400); });
      if (!await this.ask("GET", "/api/again")) break;
    }
    this.watching = false;
    Announce.polite(this.words.textContent ?? "");
  }

  /** @param {string} words */
  say(words) {
    Dom.fill(this.words, words);
    Announce.polite(words);
  }

  refresh() {
    const { progress } = this;
    this.stop.hidden = !progress?.running;
    const found = this.mutant >= 0 ? progress?.results[this.context.facts.key(this.mutant)] : undefined;
    const going = progress?.running ? `Judging again: ${progress.done} of ${progress.ids.length} judged. ` : "";
    const count = progress && !progress.running && progress.ids.length > 1 ? ` ${progress.done} of ${progress.ids.length} judged: ${this.killed(progress)} killed now.` : "";
    Dom.fill(this.words, going, found ? `Judged again at ${found.at}: ${found.words}.`.replace(/\.\.$/, ".") : "", count, progress?.error ? ` ${progress.error}` : "");
  }

  /** @param {Progress} progress */
  killed(progress) { return progress.ids.filter((id) => progress.results[`${progress.target}/${id}`]?.outcome === "killed").length; }
}
