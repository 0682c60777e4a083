"use strict";
/** What is not saved yet: how many, and the ways to keep it or drop it. */
class DraftsPanel {
  /** @param {Context} context @param {HTMLElement} button in the header */
  constructor(context, button) {
    this.context = context;
    this.button = button;
    this.who = Dom.el("input", { id: "draft-who", type: "text", autocomplete: "name", maxlength: 200, required: true, value: Memory.get("who") ?? "" });
    this.words = Dom.el("p", {});
    this.list = Dom.el("ul", { class: "line-list" });
    this.first = Dom.el("div", {});
    this.actions = Dom.el("form", { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.main(); } });
    this.dialog = Dom.el("dialog", { class: "drafts", "aria-labelledby": "drafts-title" }, Dom.el("h2", { id: "drafts-title" }, "Not saved yet"),
      this.words, this.actions, this.first, this.list);
    document.body.append(this.dialog);
    button.addEventListener("click", () => this.open());
    context.decisions.listeners.push(() => this.refresh());
    this.refresh();
  }

  refresh() {
    const count = this.context.decisions.drafts.size;
    this.button.hidden = count === 0;
    this.button.textContent = `${Words.number(count)} unsaved`;
    this.button.setAttribute("aria-label", `${Words.plural(count, "unsaved decision")}: save or drop them`);
    if (this.dialog.open) this.fill();
  }

  open() {
    this.fill();
    this.dialog.showModal();
  }

  fill() {
    const { decisions, facts, served } = this.context;
    const keys = [...decisions.drafts.keys()];
    this.words.textContent = !keys.length ? "Everything is saved." : served
      ? "The server did not take these. They are kept in this browser."
      : `${decisions.kept ? "Kept in this browser until they stand in triage.toml." : "This browser keeps nothing: they are gone when the page is closed."} Download them and merge them: mutmut-dashboard decide --import triage-drafts.toml`;
    const save = Dom.el("button", { type: "submit", class: "main", disabled: !keys.length }, served ? "Send again" : "Download triage-drafts.toml");
    const drop = Dom.el("button", { type: "button", disabled: !keys.length, onclick: () => { decisions.discard(); Announce.toast("Dropped. Undo with u."); this.dialog.close(); } }, "Drop all");
    Dom.fill(this.actions, !served && Dom.el("p", {}, Dom.el("label", { for: "draft-who" }, "Your name, for triage.toml"), this.who),
      Dom.el("p", { class: "actions" }, save, drop, Dom.el("button", { type: "button", onclick: () => this.dialog.close() }, "Close")));
    const before = served ? [] : Export.commandsFirst(decisions);
    Dom.fill(this.first, before.length > 0 && [Dom.el("p", {}, "These change what triage.toml says already. Type this first:"),
      Dom.el("pre", { class: "diff", tabindex: 0 }, before.join("\n")), Dom.copy(before.join("\n"), "the commands to type first")]);
    Dom.fill(this.list, keys.slice(0, 200).map((key) => {
      const draft = /** @type {Draft} */ (decisions.draft(key));
      const mutant = facts.find(key);
      return Dom.el("li", {}, Dom.el("b", {}, draft.choice), " ", mutant === undefined ? `${key} (not in this run)`
        : Dom.el("a", { href: Route.format("queue", [], { m: key }), onclick: () => this.dialog.close() }, Dom.el("code", {}, facts.functionName(mutant)), ` ${facts.place(mutant)}`),
      Dom.el("span", { class: "quiet" }, ` ${draft.reason}`));
    }), keys.length > 200 && Dom.el("li", { class: "quiet" }, `and ${Words.number(keys.length - 200)} more`));
  }

  async main() {
    const { context } = this;
    if (context.served) {
      const complaint = await context.send([...context.decisions.drafts.keys()]);
      Announce.toast(complaint || "Saved.");
      if (!complaint) this.dialog.close();
      return;
    }
    const who = this.who.value.trim();
    if (!who) { this.who.value = ""; this.who.reportValidity(); return; }
    Memory.set("who", who);
    try {
      Export.download("triage-drafts.toml", await Export.text(context, who));
      Announce.toast("Downloaded. Drafts stay here until the page is rendered with them.");
    } catch (error) {
      Announce.toast(String(error instanceof Error ? error.message : error));
    }
  }
}
