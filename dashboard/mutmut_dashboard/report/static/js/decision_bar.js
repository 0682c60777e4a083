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

  /** How many there are in the page. */
  static made = 0;

  /** @param {Context} context @param {{ decided: (mutant: MutantNumber, choice: Choice) => void, undone: (keys: string[]) => void }} then */
  constructor(context, then) {
    this.context = context;
    this.then = then;
    /** @type {MutantNumber} */
    this.mutant = -1;
    /** @type {Choice} */
    this.asking = "open";
    /** What had the focus before a reason was asked for: it must be nothing that Enter would decide by. @type {Element | null} */
    this.before = null;
    this.buttons = DecisionBar.CHOICES.map(({ choice, key, asks }) => Dom.el("button", {
      type: "button", class: "choice", title: `${choice}: ${Words.CHOICE[choice]}`, "aria-keyshortcuts": key,
      onclick: () => this.press(choice),
    }, Dom.el("kbd", { "aria-hidden": "true" }, key), ` ${choice}${asks ? "…" : ""}`));
    this.undoButton = Dom.el("button", { type: "button", class: "choice", "aria-keyshortcuts": "u", onclick: () => this.undo() },
      Dom.el("kbd", { "aria-hidden": "true" }, "u"), " undo");
    this.ruling = Dom.el("p", { class: "ruling" });
    DecisionBar.made += 1; // there is one bar beside the queue and one in the mutant's own view, and a label leads to the first of an id
    const [reason, expires] = [`reason-${DecisionBar.made}`, `expires-${DecisionBar.made}`];
    this.reason = Dom.el("input", { id: reason, type: "text", autocomplete: "off", maxlength: 1000 });
    this.expires = Dom.el("input", { id: expires, type: "date" });
    this.expiresField = Dom.el("p", { class: "expires" }, Dom.el("label", { for: expires }, "until (may stay empty)"), " ", this.expires);
    this.recent = Dom.el("p", { class: "recent" });
    this.question = Dom.el("label", { for: reason });
    this.form = Dom.el("form", {
      class: "reason", hidden: true,
      onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.keep(); },
      onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Escape") { event.stopPropagation(); this.cancel(); } },
    },
    Dom.el("p", {}, this.question, this.reason), this.expiresField, this.recent,
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
    return DecisionBar.CHOICES.some((one) => one.choice === choice && one.asks) || (choice !== "open" && choice === this.context.choice(this.mutant));
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
    const known = decisions.draft(key) ?? decisions.given(key);
    this.asking = choice;
    this.question.textContent = { equivalent: "Why can no test tell the difference?", accepted: "Why is it not worth a test?" }[/** @type {string} */ (choice)]
      ?? `A note for ${choice}`;
    this.reason.required = DecisionBar.CHOICES.some((one) => one.choice === choice && one.asks);
    this.reason.value = known?.reason ?? "";
    this.expires.value = known?.expires ?? "";
    this.expiresField.hidden = choice !== "accepted";
    const recent = decisions.recentReasons();
    Dom.fill(this.recent, recent.length ? "lately: " : "", recent.map((reason) => Dom.el("button", {
      type: "button", class: "recent-reason", onclick: () => { this.reason.value = reason; this.reason.focus(); },
    }, reason)));
    if (this.form.hidden) this.before = document.activeElement;
    this.form.hidden = false;
    this.reason.focus();
    this.reason.select();
  }

  keep() {
    const reason = this.reason.value.trim();
    if (!reason && this.reason.required) {
      this.reason.value = "";
      this.reason.reportValidity();
      return;
    }
    this.decide(this.asking, reason, this.asking === "accepted" ? this.expires.value : "");
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
