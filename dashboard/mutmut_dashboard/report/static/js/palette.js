"use strict";
/** One box to go anywhere by name: a combobox over all that `Finder` knows (WAI-ARIA's pattern with a list box). */
class Palette {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    /** @type {Finder | undefined} */
    this.finder = undefined;
    /** @type {{ goal: Goal, at: number[], href: string }[]} */
    this.found = [];
    this.at = 0;
    this.input = Dom.el("input", { id: "palette-input", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-label": "Go to a file, function, test or mutant", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "palette-list",
      placeholder: "file, file:line, function, test, mutant's id or mutmut's name", oninput: () => this.search(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.press(event) });
    this.list = Dom.el("ul", { id: "palette-list", role: "listbox", "aria-label": "Places" });
    this.words = Dom.el("p", { class: "quiet", role: "status" });
    this.dialog = Dom.el("dialog", { class: "palette", "aria-label": "Go to" }, this.input, this.list, this.words);
    this.list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option) this.go([...this.list.children].indexOf(option));
    });
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
    document.body.append(this.dialog);
  }

  open() {
    if (document.querySelector("dialog[open]")) return;
    this.finder ??= new Finder(this.context);
    this.input.value = "";
    this.dialog.showModal();
    this.search();
    this.finder.readTests().then(() => { if (this.dialog.open) this.search(); }, () => {});
  }

  search() {
    if (!this.finder) return;
    const { found, all } = this.finder.find(this.input.value);
    this.found = found;
    Dom.fill(this.list, found.map((one, at) => this.option(one, at)));
    this.words.textContent = !found.length ? "Nothing is called so." : all > found.length && this.input.value.trim()
      ? `The best ${found.length} of ${Words.number(all)}: type more.` : "";
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.choose(0);
  }

  /** @param {{ goal: Goal, at: number[] }} one @param {number} number */
  option({ goal, at }, number) {
    return Dom.el("li", { id: `palette-${number}`, role: "option", "aria-selected": "false" },
      Dom.el("span", { class: "name" }, Dom.el("code", {}, Palette.marked(goal.text, at)), goal.hint && Dom.el("span", { class: "quiet" }, ` ${goal.hint}`)),
      Dom.el("span", { class: "kind" }, goal.kind));
  }

  /** The letters that were typed stand out. @param {string} text @param {number[]} at */
  static marked(text, at) {
    const places = new Set(text.toLowerCase().length === text.length ? at : []);
    const parts = [];
    for (let start = 0, end = 0; start < text.length; start = end) {
      while (end < text.length && places.has(end) === places.has(start)) end += 1;
      parts.push(places.has(start) ? Dom.el("b", {}, text.slice(start, end)) : text.slice(start, end));
    }
    return parts;
  }

  /** @param {number} at */
  choose(at) {
    this.list.children[this.at]?.setAttribute("aria-selected", "false");
    this.at = this.found.length ? (at + this.found.length) % this.found.length : -1;
    const option = this.list.children[this.at];
    if (!option) { this.input.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step) this.choose(Math.abs(step) === 1 ? this.at + step : Math.min(Math.max(this.at + step, 0), this.found.length - 1));
    else if (event.key === "Enter" && !event.isComposing) this.go(this.at);
    else return;
    event.preventDefault();
  }

  /** @param {number} at */
  go(at) {
    const chosen = this.found[at];
    if (!chosen) return;
    this.dialog.close();
    Route.go(chosen.href);
  }
}
