"use strict";
/** The filters beside a list: per facet the choices that occur, each with how many entries it would show. */
class Facets {
  /** @typedef {{ facet: string, title: string, names: string[], rest?: number }} FacetColumn */
  /** @typedef {{ label: HTMLElement, box: HTMLInputElement, name: HTMLElement, number: HTMLElement }} DrawnChoice */
  /** `shape` is all but what its choices are called and counted. @typedef {{ shape: string, shown: number[], element: HTMLElement, choices: DrawnChoice[], more: HTMLElement | false }} DrawnFacet */

  /** @param {HTMLElement} host @param {(chosen: Partial<Record<string, string[]>>) => void} changed */
  constructor(host, changed) {
    this.host = host;
    this.changed = changed;
    /** Facets whose every choice is shown. @type {Set<string>} */
    this.unfolded = new Set();
    /** @type {Partial<Record<string, string[]>>} */
    this.chosen = {};
    /** What is drawn of each facet: elements cost more than the words in them, so while its shape is the same only these change. @type {Map<string, DrawnFacet>} */
    this.drawn = new Map();
  }

  /** `rest` is the name from which on entries are shown only where that is chosen; a count of -1 is not known.
   * @param {FacetColumn[]} columns @param {Map<any, Int32Array>} counts
   * @param {Partial<Record<string, string[]>>} chosen */
  show(columns, counts, chosen) {
    this.chosen = chosen;
    const focus = this.host.contains(document.activeElement) ? document.activeElement?.getAttribute("data-choice") : undefined;
    const fields = columns.flatMap((column) => this.field(column, counts.get(column.facet) ?? new Int32Array(0)) ?? []);
    const held = [...this.host.children];
    if (fields.length === held.length && fields.every((field, at) => field === held[at])) return;
    Dom.fill(this.host, fields);
    if (focus) /** @type {HTMLElement | null} */ (this.host.querySelector(`[data-choice="${CSS.escape(focus)}"]`))?.focus();
  }

  /** @param {FacetColumn} column @param {Int32Array} counts */
  field(column, counts) {
    const chosen = new Set(this.chosen[column.facet] ?? []);
    const fixed = Facets.ALWAYS.has(column.facet);
    /** @type {Set<number>} */
    const codes = new Set();
    if (chosen.size) column.names.forEach((name, at) => { if (chosen.has(name)) codes.add(at); });
    /** @type {number[]} */
    const known = [];
    for (let at = 0; at < column.names.length; at += 1) if (counts[at] || fixed || codes.has(at)) known.push(at); // thousands of functions
    if (known.length < 2 && !chosen.size) return null;
    const most = fixed || this.unfolded.has(column.facet) ? Facets.MOST : Facets.FEW;
    const shown = fixed ? known.slice(0, most) : Facets.first(known, counts, codes, most);
    const rest = known.length - shown.length;
    const shape = JSON.stringify([[...chosen], shown.length, shown.indexOf(column.rest ?? -1), rest > 0, most]);
    const drawn = this.drawn.get(column.facet);
    // The focus stays with a choice, not with its place.
    const same = drawn?.shape === shape && (!drawn.element.contains(document.activeElement) || shown.every((at, place) => at === drawn.shown[place]));
    const made = same ? drawn : this.fieldset(column, chosen, shown, shape, rest > 0);
    this.drawn.set(column.facet, made);
    made.choices.forEach((choice, place) => Facets.tell(choice, column, shown[place], counts[shown[place]], chosen));
    made.shown = shown;
    if (made.more) Dom.tell(made.more, this.unfolded.has(column.facet) ? `${Words.number(rest)} more: search for them` : `${Words.number(rest)} more`);
    return made.element;
  }

  /** @param {FacetColumn} column @param {Set<string>} chosen @param {number[]} shown @param {string} shape @param {boolean} hasMore @returns {DrawnFacet} */
  fieldset({ facet, title, rest }, chosen, shown, shape, hasMore) {
    const choices = shown.map(() => this.choice(facet));
    const more = hasMore && Dom.el("button", { type: "button", class: "more-choices", "data-choice": `more ${facet}`, disabled: this.unfolded.has(facet),
      onclick: () => { this.unfolded.add(facet); this.changed(this.chosen); } });
    const element = Dom.el("fieldset", {}, Dom.el("legend", {}, title,
      chosen.size > 0 && Dom.el("button", { type: "button", class: "clear", "aria-label": `Any: ${title}`, onclick: () => this.choose(facet, []) }, "any")),
    choices.flatMap(({ label }, place) => [shown[place] === rest && Dom.el("p", { class: "quiet" }, "only where chosen:"), label]), more);
    return { shape, shown: [], element, choices, more };
  }

  /** The first few of what is to be offered: what is chosen, then what has most entries, else in the order given.
   * Thousands are not put in order for six of them. @param {number[]} known @param {Int32Array} counts @param {Set<number>} chosen @param {number} most */
  static first(known, counts, chosen, most) {
    /** @param {number} one @param {number} other */
    const before = (one, other) => Number(chosen.has(other)) - Number(chosen.has(one)) || counts[other] - counts[one];
    /** @type {number[]} */
    const first = [];
    for (const at of known) {
      if (first.length === most && counts[at] <= counts[first[most - 1]] && !chosen.has(at)) continue;
      let place = first.length;
      while (place > 0 && before(at, first[place - 1]) < 0) place -= 1;
      first.splice(place, 0, at);
      if (first.length > most) first.pop();
    }
    return first;
  }

  /** A choice of a facet, of which nothing is told yet. @param {string} facet @returns {DrawnChoice} */
  choice(facet) {
    const box = Dom.el("input", { type: "checkbox", value: "", onchange: () => {
      const chosen = new Set(this.chosen[facet] ?? []);
      if (box.checked) chosen.add(box.value);
      else chosen.delete(box.value);
      this.choose(facet, [...chosen]);
    } });
    const name = Dom.el("span", { class: "name" });
    const number = Dom.count("");
    return { label: Dom.el("label", {}, box, name, number), box, name, number };
  }

  /** Say which choice it is and what it would show. @param {DrawnChoice} drawn @param {FacetColumn} column @param {number} at @param {number} count -1 where it is not known @param {Set<string>} chosen */
  static tell({ label, box, name, number }, { facet, names }, at, count, chosen) {
    const called = names[at];
    box.checked = chosen.has(called);
    if (box.value !== called || !name.firstChild) {
      box.value = called;
      box.dataset.choice = `${facet} ${called}`;
      name.title = Dom.visible(called);
      Dom.fill(name, Facets.short(facet, called), facet === "function" && Dom.el("span", { class: "quiet" }, ` ${called.slice(0, called.indexOf(":")).split("/").at(-1)}`));
    }
    Dom.tell(number, count < 0 ? "" : Words.number(count));
    label.classList.toggle("none", count === 0);
  }

  /** @param {string} facet @param {string} name */
  static short(facet, name) {
    if (facet === "file") return Words.shortPath(name);
    return facet === "function" ? name.slice(name.indexOf(":") + 1) : name;
  }

  /** @param {string} facet @param {string[]} names */
  choose(facet, names) { this.changed({ ...this.chosen, [facet]: names }); }
}
Facets.ALWAYS = new Set(["status", "decision"]);
Facets.FEW = 6;
Facets.MOST = 100;
