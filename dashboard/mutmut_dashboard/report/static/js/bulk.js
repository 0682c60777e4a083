"use strict";
/** One decision with one reason for many mutants, asked for in a dialog with the fields of a single decision. */
class Bulk {
  /** @param {Context} context @param {() => void} done */
  constructor(context, done) {
    this.context = context;
    this.done = done;
    /** @type {MutantNumber[]} */
    this.mutants = [];
    this.title = Dom.el("h2", { id: "bulk-title" });
    this.words = Dom.el("p", { class: "quiet" });
    this.choices = DecisionBar.CHOICES.map(({ choice }) => Dom.el("label", {},
      Dom.el("input", { type: "radio", name: "bulk-choice", value: choice, checked: choice === "todo" }), ` ${choice} `,
      Dom.el("span", { class: "quiet" }, Words.CHOICE[choice])));
    this.fields = new ReasonFields(context.decisions);
    this.dialog = Dom.el("dialog", { class: "bulk", "aria-labelledby": "bulk-title" }, this.title, this.words,
      Dom.el("form", { method: "dialog", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.keep(); } },
        Dom.el("fieldset", { class: "bulk-choices" }, Dom.el("legend", { class: "sr" }, "Decision"), this.choices),
        this.fields.element,
        Dom.el("p", { class: "actions" }, Dom.el("button", { type: "submit", class: "main" }, "Decide"),
          Dom.el("button", { type: "button", onclick: () => this.dialog.close() }, "Cancel"))));
    this.dialog.addEventListener("change", () => this.fields.ask(this.choice));
    document.body.append(this.dialog);
  }

  /** @returns {Choice} */
  get choice() {
    const found = this.dialog.querySelector("input[name=bulk-choice]:checked");
    return /** @type {Choice} */ (found instanceof HTMLInputElement ? found.value : "todo");
  }

  /** @param {MutantNumber[]} mutants */
  ask(mutants) {
    if (!mutants.length) return;
    this.mutants = mutants;
    const decided = mutants.filter((mutant) => this.context.choice(mutant) !== "open").length;
    this.title.textContent = `Decide ${Words.plural(mutants.length, "mutant")}`;
    this.words.textContent = decided ? `${Words.number(decided)} of them are decided already; this takes their place.` : "None of them is decided yet.";
    this.fields.begin(undefined);
    this.fields.ask(this.choice);
    this.dialog.showModal();
  }

  async keep() {
    const answer = this.fields.answer();
    if (!answer) return;
    this.dialog.close();
    const saving = this.context.decide(this.mutants, this.choice, answer.reason, answer.expires);
    Announce.toast(`${Words.plural(this.mutants.length, "mutant")}: ${this.choice}. Undo with u.`);
    this.done();
    const complaint = await saving;
    if (complaint) Announce.toast(complaint);
  }
}
