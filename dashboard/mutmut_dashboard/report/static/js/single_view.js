"use strict";
/** A mutant by its own address, with the queue one step away. */
class SingleView {
  /** @param {Context} context @param {HTMLElement} root */
  constructor(context, root) {
    this.context = context;
    this.around = Dom.el("p", { class: "around" });
    const pane = Dom.el("article", { class: "mutant-alone", "aria-label": "Mutant", tabindex: -1 });
    this.message = Dom.el("p", { class: "empty", role: "alert", hidden: true });
    root.append(this.around, this.message, pane);
    this.mutant = new MutantView(context, pane, { decided: (_, choice) => Announce.toast(`${choice}. j goes on in the queue.`),
      undone: (keys) => Announce.toast(`Taken back: ${Words.plural(keys.length, "decision")}.`), back: () => this.close() });
  }

  /** @param {{ rest: string[] }} place */
  async open({ rest }) {
    const key = rest.length > 1 ? `${rest.slice(0, -1).join("/")}/${rest.at(-1)}` : "";
    const found = this.context.facts.find(key);
    const named = found === undefined ? await MutmutName.find(this.context, rest.at(-1) ?? "") : undefined;
    if (named !== undefined) {
      const { facts, index } = this.context;
      Route.replace(facts.address(named)); // no step back into the name, which would lead here again
      await this.open({ rest: [facts.target(named), index.mutants.id[named]] });
      return;
    }
    this.message.hidden = found !== undefined;
    this.message.textContent = `This run has no mutant ${key || rest.join("/")}. Its code may have changed; Runs tells what is gone.`;
    this.mutant.host.hidden = found === undefined;
    Dom.fill(this.around, found !== undefined && this.context.facts.placeOf[found] >= 0
      ? Dom.el("a", { href: Route.format("queue", [], { m: this.context.facts.key(found) }) }, "Show it in the queue")
      : Dom.el("a", { href: "#/queue" }, "To the queue"));
    await this.mutant.show(found ?? -1);
  }

  /** @param {1 | -1} by */
  step(by) {
    const { facts, index } = this.context;
    let place = this.mutant.mutant >= 0 ? facts.placeOf[this.mutant.mutant] : -1;
    if (place < 0 && by < 0) return;
    do place += by; while (index.queue.mutant[place] !== undefined && this.context.choice(index.queue.mutant[place]) !== "open");
    const next = index.queue.mutant[place];
    if (next === undefined) Announce.polite(by > 0 ? "That was the last." : "That was the first.");
    if (next !== undefined) Route.go(Route.format("queue", [], { m: facts.key(next) }));
  }

  enter() { this.mutant.focus(); }

  close() { Route.go(Route.format("queue", [], { m: this.mutant.mutant >= 0 ? this.context.facts.key(this.mutant.mutant) : "" })); }
}
