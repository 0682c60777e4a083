"use strict";
/** The buttons that judge again, each with its key, and what came of it. */
class AgainBand {
  /** A key, what it judges and which mutants those are. @typedef {{ key: string, of: string, mutants: () => MutantNumber[] }} AgainOffer */

  /** @param {Context} context @param {Again} again @param {AgainOffer[]} offers @param {() => { mutant: MutantNumber, file: FileNumber }} about
   *   what is looked at; -1 where nothing is */
  constructor(context, again, offers, about) {
    this.context = context;
    this.again = again;
    this.offers = offers;
    this.about = about;
    this.stop = Dom.el("button", { type: "button", onclick: () => { again.cancel(); } }, "Cancel judging");
    this.words = Dom.el("p", { class: "again-words" });
    /** What a run that goes on says of the mutant. */
    this.live = Dom.el("p", { class: "live-words" });
    const buttons = offers.map((offer) => Dom.el("button", { type: "button", onclick: () => { this.judge(offer); } },
      Dom.el("kbd", { "aria-hidden": "true" }, offer.key), Dom.el("span", { class: "sr" }, "Judge this"), ` ${offer.of}`, Dom.el("span", { class: "sr" }, " again")));
    this.element = Dom.el("div", { class: "again" }, Dom.el("span", { class: "quiet" }, "Judge again"), buttons, this.stop, this.words, this.live);
    again.listeners.push((complaint) => this.refresh(complaint));
    context.live?.listeners.push(() => this.refreshLive());
    this.refresh("");
  }

  /** Offer of all undetected mutants that something is true of. @param {Context} context @param {string} key @param {string} of
   * @param {(mutant: MutantNumber) => boolean} which @returns {AgainOffer} */
  static undetected(context, key, of, which) {
    return { key, of, mutants: () => context.index.queue.mutant.filter(which) };
  }

  /** @param {string} key */
  press(key) {
    const offer = this.offers.find((one) => one.key === key);
    if (offer) this.judge(offer);
  }

  /** @param {AgainOffer} offer */
  async judge({ mutants, of }) {
    const { facts, index } = this.context;
    const wanted = mutants();
    if (!wanted.length) { this.say(`No mutant of this ${of} is undetected.`); return; }
    await this.again.start(facts.target(wanted[0]), wanted.map((mutant) => index.mutants.id[mutant]));
  }

  /** @param {string} words */
  say(words) {
    Dom.fill(this.words, words);
    Announce.polite(words);
  }

  refreshLive() {
    const { mutant } = this.about();
    Dom.tell(this.live, (mutant >= 0 && this.context.live?.sentence(mutant)) || "");
  }

  /** @param {string} complaint */
  refresh(complaint) {
    this.refreshLive();
    this.stop.hidden = !this.again.now.running;
    if (complaint) { this.say(complaint); return; }
    const { again, context: { facts } } = this;
    const { mutant } = this.about();
    const own = mutant >= 0 ? Again.sentence(again.found(facts.key(mutant))) : "";
    const all = this.concerned ? again.words() : "";
    Dom.fill(this.words, [all, own === all ? "" : own].filter(Boolean).join(" "));
  }

  /** Whether the last judging belongs to what is looked at: what goes on does, since it keeps all others waiting. */
  get concerned() {
    const { now } = this.again;
    const { facts } = this.context;
    const first = facts.find(`${now.target}/${now.ids[0]}`);
    if (now.running || first === undefined) return now.running;
    const { mutant, file } = this.about();
    return now.ids.length > 1 ? facts.fileOf(first) === file : first === mutant;
  }
}
