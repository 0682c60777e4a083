"use strict";
/** The mutants that a run which goes on found otherwise than the page shows, as a list that leads to each. */
class LivePanel {
  /** @param {Context} context @param {() => void} show renders the page of the run that has ended */
  constructor(context, show) {
    this.context = context;
    this.title = Dom.el("h2", { id: "live-title" });
    this.words = Dom.el("p", {});
    this.list = Dom.el("div", { class: "live-lists" });
    this.ready = Dom.el("button", { type: "button", class: "main", hidden: true, onclick: show });
    this.dialog = Dom.el("dialog", { class: "drafts", "aria-labelledby": "live-title" }, this.title, this.words, this.list,
      Dom.el("p", { class: "actions" }, this.ready, Dom.el("button", { type: "button", onclick: () => this.dialog.close() }, "Close")));
    document.body.append(this.dialog);
    /** Whether what it lists is older than what is known. */
    this.stale = false;
    context.live?.listeners.push((turned) => { this.stale ||= turned.size > 0; });
  }

  /** @param {LiveWords} told */
  open(told) {
    this.refresh(told, true);
    this.dialog.showModal();
  }

  /** Say what is so now, if it is open. @param {LiveWords} told @param {boolean} [anyway] */
  refresh({ run, label, words, ready }, anyway = false) {
    if (!this.dialog.open && !anyway) return;
    Dom.tell(this.title, `Run ${run}`);
    Dom.tell(this.words, words);
    this.ready.hidden = !ready;
    Dom.tell(this.ready, label);
    if (anyway || this.stale) this.fill();
  }

  fill() {
    this.stale = false;
    const focused = this.list.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : undefined;
    Dom.fill(this.list, LivePanel.KINDS.map(({ kind, title }) => this.part(title, this.context.live?.of(kind) ?? [])));
    if (focused) /** @type {HTMLElement | null} */ ([...this.list.querySelectorAll("a")].find((one) => one.getAttribute("href") === focused) ?? this.dialog.querySelector("button:not([hidden])"))?.focus();
  }

  /** @param {string} title @param {MutantNumber[]} mutants */
  part(title, mutants) {
    const rest = mutants.length - LivePanel.MOST;
    return mutants.length > 0 && Dom.el("section", {}, Dom.el("h3", {}, `${title} (${Words.number(mutants.length)})`),
      Dom.el("ul", { class: "line-list" }, mutants.slice(0, LivePanel.MOST).map((mutant) => this.entry(mutant)),
        rest > 0 && Dom.el("li", { class: "quiet" }, `and ${Words.number(rest)} more`)));
  }

  /** @param {MutantNumber} mutant */
  entry(mutant) {
    const { facts, index } = this.context;
    const place = facts.placeOf[mutant];
    return Dom.el("li", {}, Dom.el("a", { href: place >= 0 ? Route.format("queue", [], { m: facts.key(mutant) }) : facts.address(mutant), onclick: () => this.dialog.close() },
      Dom.status(facts.status(mutant), false), " → ", Dom.status(this.context.live?.changed.get(mutant) ?? facts.status(mutant)), " ",
      place >= 0 && [Dom.change(index.queue.original[place], index.queue.replacement[place]), " "], Dom.el("code", {}, facts.functionName(mutant))),
    Dom.el("span", { class: "quiet" }, ` ${facts.place(mutant)}, ${facts.operator(mutant)}`));
  }
}
/** @type {{ kind: string, title: string }[]} */
LivePanel.KINDS = [
  { kind: "survivors", title: "New survivors" }, { kind: "killed", title: "Killed now" },
  { kind: "timeout", title: "Times out now" }, { kind: "others", title: "Other changes" },
];
/** Mutants listed of each kind. */
LivePanel.MOST = 200;
