"use strict";
/** The bar under a mutant's title: its decision, the keys that change it, and the reason asked for inline. */
class DecisionBar {
  /** Choice -> its key and whether it needs a reason.
   * @type {{ choice: Choice, key: string, asks: boolean }[]} */
  static CHOICES = [
    { choice: "todo", key: "t", asks: false },
    { choice: "equivalent", key: "e", asks: true },
    { choice: "accepted", key: "a", asks: true },
    { choice: "bug", key: "b", asks: false },
    { choice: "open", key: "o", asks: false },
  ];

  /** Whether a choice needs a reason. @param {Choice} choice */
  static needsReason(choice) { return DecisionBar.CHOICES.some((one) => one.choice === choice && one.asks); }

  /** @param {Context} context @param {{ decided: (mutant: MutantNumber, choice: Choice) => void, undone: (keys: string[]) => void }} then */
  constructor(context, then) {
    this.context = context;
    this.then = then;
    /** @type {MutantNumber} */
    this.mutant = -1;
    /** What had the focus before a reason was asked for: it must be nothing that Enter would decide by. @type {Element | null} */
    this.before = null;
    this.buttons = DecisionBar.CHOICES.map(({ choice, key, asks }) => Dom.el("button", {
      type: "button", class: "choice", title: `${choice}: ${Words.CHOICE[choice]}`, "aria-keyshortcuts": key,
      onclick: () => this.press(choice),
    }, Dom.el("kbd", { "aria-hidden": "true" }, key), ` ${choice}${asks ? "…" : ""}`));
    this.undoButton = Dom.el("button", { type: "button", class: "choice", "aria-keyshortcuts": "u", onclick: () => this.undo() },
      Dom.el("kbd", { "aria-hidden": "true" }, "u"), " undo");
    this.ruling = Dom.el("p", { class: "ruling" });
    this.fields = new ReasonFields(context.decisions);
    this.form = Dom.el("form", {
      class: "reason", hidden: true,
      onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.keep(); },
      onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") { event.stopPropagation(); this.cancel(); } },
    },
    this.fields.element,
    Dom.el("p", { class: "actions" }, Dom.el("button", { type: "submit", class: "main" }, "Keep and go on ", Dom.el("kbd", { "aria-hidden": "true" }, "Enter")),
      Dom.el("button", { type: "button", onclick: () => this.cancel() }, "Leave it ", Dom.el("kbd", { "aria-hidden": "true" }, "Esc"))));
    this.element = Dom.el("div", { class: "decide" },
      Dom.el("div", { class: "choices", role: "group", "aria-label": "Decision" }, this.buttons, this.undoButton), this.form, this.ruling);
  }

  /** @param {MutantNumber} mutant */
  show(mutant) {
    this.mutant = mutant;
    this.form.hidden = true;
    this.refresh();
  }

  /** Say what holds now. */
  refresh() {
    const { context } = this;
    if (this.mutant < 0) return;
    this.element.hidden = !this.offered;
    const now = context.choice(this.mutant);
    this.buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(DecisionBar.CHOICES[at].choice === now)));
    Dom.fill(this.ruling, Ruling.words(context, this.mutant));
  }

  /** Whether the mutant is one to decide about: only what nothing detects is. */
  get offered() { return this.mutant >= 0 && "su".includes(this.context.facts.status(this.mutant)); }

  /** Whether a choice asks for a reason or a note. @param {Choice} choice */
  asks(choice) {
    return DecisionBar.needsReason(choice) || (choice !== "open" && choice === this.context.choice(this.mutant));
  }

  /** @param {Choice} choice */
  press(choice) {
    if (!this.offered) {
      if (this.mutant >= 0) Announce.toast("Only what no test detects is decided about.");
      return;
    }
    if (this.asks(choice)) this.ask(choice);
    else this.decide(choice, "", "");
  }

  /** @param {Choice} choice */
  ask(choice) {
    const { decisions, facts } = this.context;
    const key = facts.key(this.mutant);
    this.fields.begin(decisions.draft(key) ?? decisions.given(key));
    this.fields.ask(choice);
    if (this.form.hidden) this.before = document.activeElement;
    this.form.hidden = false;
    this.fields.reason.focus();
    this.fields.reason.select();
  }

  keep() {
    const answer = this.fields.answer();
    if (answer) this.decide(this.fields.choice, answer.reason, answer.expires);
  }

  cancel() {
    this.form.hidden = true;
    if (this.before instanceof HTMLElement && this.before.isConnected) this.before.focus();
  }

  /** @param {Choice} choice @param {string} reason @param {string} expires */
  async decide(choice, reason, expires) {
    const { mutant } = this;
    this.form.hidden = true;
    const saving = this.context.decide([mutant], choice, reason, expires);
    this.then.decided(mutant, choice);
    const complaint = await saving;
    if (complaint) Announce.toast(complaint);
  }

  async undo() {
    const { keys, complaint } = await this.context.undo();
    if (complaint) Announce.toast(complaint);
    else if (!keys.length) Announce.toast("Nothing to take back.");
    else this.then.undone(keys);
  }
}
