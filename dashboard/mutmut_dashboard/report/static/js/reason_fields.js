"use strict";
/** What a decision's form asks beside the choice: the reason, with recent ones to take, and until when it is accepted. */
class ReasonFields {
  /** How many there are in the page. */
  static made = 0;

  /** @param {Decisions} decisions */
  constructor(decisions) {
    this.decisions = decisions;
    /** @type {Choice} */
    this.choice = "open";
    ReasonFields.made += 1; // there are several in the page, and a label leads to the first of an id
    const [reason, expires] = [`reason-${ReasonFields.made}`, `expires-${ReasonFields.made}`];
    this.reason = Dom.el("input", { id: reason, type: "text", autocomplete: "off", maxlength: 1000 });
    this.expires = Dom.el("input", { id: expires, type: "date" });
    this.expiresField = Dom.el("p", { class: "expires" }, Dom.el("label", { for: expires }, "until (may stay empty)"), " ", this.expires);
    this.recent = Dom.el("p", { class: "recent" });
    this.question = Dom.el("label", { for: reason });
    this.element = Dom.el("div", { class: "reason-fields" }, Dom.el("p", {}, this.question, this.reason), this.expiresField, this.recent);
  }

  /** Begin with what is known already. @param {{ reason: string, expires: string } | undefined} known */
  begin(known) {
    this.reason.value = known?.reason ?? "";
    this.expires.value = known?.expires ?? "";
    const recent = this.decisions.recentReasons();
    Dom.fill(this.recent, recent.length ? "lately: " : "", recent.map((reason) => Dom.el("button", {
      type: "button", class: "recent-reason", onclick: () => { this.reason.value = reason; this.reason.focus(); },
    }, reason)));
  }

  /** Ask what a choice needs; to open again needs nothing. @param {Choice} choice */
  ask(choice) {
    this.choice = choice;
    this.question.textContent = ReasonFields.QUESTIONS[choice] ?? `A note for ${choice}`;
    this.reason.required = DecisionBar.needsReason(choice);
    this.expiresField.hidden = choice !== "accepted";
    this.element.hidden = choice === "open";
  }

  /** What was answered; nothing, and the reader is told, where a reason is needed and none was given. @returns {{ reason: string, expires: string } | undefined} */
  answer() {
    const reason = this.element.hidden ? "" : this.reason.value.trim();
    if (reason || !this.reason.required) return { reason, expires: this.choice === "accepted" ? this.expires.value : "" };
    this.reason.value = "";
    this.reason.reportValidity();
    return undefined;
  }
}
/** @type {Partial<Record<Choice, string>>} */
ReasonFields.QUESTIONS = { equivalent: "Why can no test tell the difference?", accepted: "Why is it not worth a test?" };
