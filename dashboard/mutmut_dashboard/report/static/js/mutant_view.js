"use strict";
/** One mutant, from its title to what can be taken along; stands beside the queue or alone. */
class MutantView {
  /** @param {Context} context @param {HTMLElement} host
   * @param {{ decided: (mutant: MutantNumber, choice: Choice) => void, undone: (keys: string[]) => void, back: () => void }} then */
  constructor(context, host, then) {
    this.context = context;
    this.host = host;
    /** @type {MutantNumber} */
    this.mutant = -1;
    /** Whether the pane is not at its top: to ask it, or to send it there, would have the whole page laid out. */
    this.scrolled = false;
    host.addEventListener("scroll", () => { this.scrolled = true; }, { passive: true });
    host.classList.add("nobody");
    this.bar = new DecisionBar(context, then);
    this.head = Dom.el("header", { class: "mutant-head" });
    this.body = Dom.el("div", { class: "parts" });
    this.back = Dom.el("button", { type: "button", class: "back", onclick: then.back }, "← Queue");
    this.again = context.again && new AgainBand(context, context.again, this.offers(), () => ({ mutant: this.mutant, file: this.mutant < 0 ? -1 : context.facts.fileOf(this.mutant) }));
    Dom.fill(host, this.back, this.head, this.bar.element, this.again?.element, this.body);
    context.decisions.listeners.push(() => this.bar.refresh());
  }

  /** @param {MutantNumber} mutant @param {() => Promise<void>} [wait] before its body takes the place of another's: the list beside comes
   *   first, and who goes on quickly waits for no body */
  async show(mutant, wait = Dom.painted) {
    if (mutant === this.mutant) return;
    this.mutant = mutant;
    this.host.classList.toggle("nobody", mutant < 0);
    if (mutant < 0) return;
    this.title(mutant);
    this.bar.show(mutant);
    this.again?.refresh("");
    if (this.scrolled) this.host.scrollTop = 0;
    this.scrolled = false;
    try {
      const { context } = this;
      const [chunk, { tests }] = await Promise.all([context.chunk(mutant), Data.tests(context.index)]);
      if (this.body.hasChildNodes()) await wait();
      if (mutant !== this.mutant) return; // the reader went on meanwhile
      const detail = context.detail(chunk, mutant);
      this.title(mutant, MutmutName.of(chunk, context.index.mutants.function[mutant], detail));
      Dom.fill(this.body, ...MutantSections.all({ context, mutant, chunk, detail, tests }));
    } catch (error) {
      if (mutant === this.mutant) Dom.fill(this.body, Dom.el("p", { class: "empty", role: "alert" }, String(error instanceof Error ? error.message : error)));
    }
  }

  /** What can be judged again from here. @returns {AgainOffer[]} */
  offers() {
    const { index, facts } = this.context;
    return [
      { key: "r", of: "mutant", mutants: () => [this.mutant] },
      AgainBand.undetected(this.context, "f", "function", (mutant) => index.mutants.function[mutant] === index.mutants.function[this.mutant]),
      AgainBand.undetected(this.context, "m", "file", (mutant) => facts.fileOf(mutant) === facts.fileOf(this.mutant)),
    ];
  }

  /** @param {MutantNumber} mutant @param {string} [name] mutmut's */
  title(mutant, name = "") {
    const { facts, index } = this.context;
    const file = facts.file(mutant);
    const focused = this.head.contains(document.activeElement);
    Dom.fill(this.head,
      Dom.el("h2", { tabindex: -1 }, Dom.status(facts.status(mutant)), " ", Dom.el("code", {}, facts.functionName(mutant))),
      Dom.el("p", { class: "meta" },
        Dom.el("a", { href: Route.source(file.path, facts.line(mutant)) }, facts.place(mutant)), Dom.el("span", { class: "dot" }, " · "),
        Dom.el("a", { href: Route.operator(facts.operator(mutant)), title: "What this kind of change does" }, facts.operator(mutant)), Dom.el("span", { class: "dot" }, " · "),
        Dom.el("a", { class: "id", href: facts.address(mutant), title: "Address of this mutant alone" }, index.mutants.id[mutant]),
        name ? [Dom.el("span", { class: "dot" }, " · "), Dom.el("span", { class: "name" }, name)] : null,
        file.changed ? [Dom.el("span", { class: "dot" }, " · "), Dom.el("span", { class: "changed" }, "file changed since this run")] : null),
      this.reason(mutant));
    if (focused) this.focus();
  }

  /** Why it stands where it stands in the queue. @param {MutantNumber} mutant */
  reason(mutant) {
    const { queue, reasons } = this.context.index;
    const place = this.context.facts.placeOf[mutant];
    return place >= 0 && Dom.el("p", { class: "rank" }, reasons[queue.reason[place]]);
  }

  /** Put the focus where reading begins. */
  focus() { /** @type {HTMLElement | null} */ (this.head.querySelector("h2"))?.focus({ preventScroll: true }); }
}
