"use strict";
/** The filters beside a list: per facet the choices that occur, each with how many entries it would show. */
class Facets {
  /** @param {HTMLElement} host @param {(chosen: Partial<Record<string, string[]>>) => void} changed */
  constructor(host, changed) {
    this.host = host;
    this.changed = changed;
    /** Facets whose every choice is shown. @type {Set<string>} */
    this.unfolded = new Set();
    /** @type {Partial<Record<string, string[]>>} */
    this.chosen = {};
    /** What is drawn of each facet; while it offers the same, only its counts change. @type {Map<string, { offered: string, element: HTMLElement }>} */
    this.drawn = new Map();
  }

  /** `rest` is the name from which on entries are shown only where that is chosen; a count of -1 is not known.
   * @param {{ facet: string, title: string, names: string[], rest?: number }[]} columns @param {Map<any, Int32Array>} counts
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

  /** @param {{ facet: string, title: string, names: string[], rest?: number }} column @param {Int32Array} counts */
  field(column, counts) {
    const chosen = new Set(this.chosen[column.facet] ?? []);
    const fixed = Facets.ALWAYS.has(column.facet);
    const codes = new Set(column.names.flatMap((name, at) => (chosen.has(name) ? [at] : [])));
    const known = [...column.names.keys()].filter((at) => counts[at] || codes.has(at) || fixed);
    if (known.length < 2 && !chosen.size) return null;
    const most = fixed || this.unfolded.has(column.facet) ? Facets.MOST : Facets.FEW;
    const shown = fixed ? known.slice(0, most) : Facets.first(known, counts, codes, most);
    const offered = JSON.stringify([shown, [...chosen], known.length, most]);
    const drawn = this.drawn.get(column.facet);
    if (drawn?.offered === offered) {
      Facets.recount(drawn.element, shown.map((at) => counts[at]));
      return drawn.element;
    }
    const element = this.fieldset(column, counts, chosen, shown, known.length - shown.length);
    this.drawn.set(column.facet, { offered, element });
    return element;
  }

  /** @param {{ facet: string, title: string, names: string[], rest?: number }} column @param {Int32Array} counts @param {Set<string>} chosen
   * @param {number[]} shown @param {number} rest how many more could be offered */
  fieldset(column, counts, chosen, shown, rest) {
    return Dom.el("fieldset", {}, Dom.el("legend", {}, column.title,
      chosen.size > 0 && Dom.el("button", { type: "button", class: "clear", "aria-label": `Any: ${column.title}`, onclick: () => this.choose(column.facet, []) }, "any")),
    shown.flatMap((at) => [at === column.rest && Dom.el("p", { class: "quiet" }, "only where chosen:"), this.choice(column.facet, column.names[at], counts[at], chosen)]),
    rest > 0 && Dom.el("button", { type: "button", class: "more-choices", "data-choice": `more ${column.facet}`, disabled: this.unfolded.has(column.facet),
      onclick: () => { this.unfolded.add(column.facet); this.changed(this.chosen); } },
    this.unfolded.has(column.facet) ? `${Words.number(rest)} more: search for them` : `${Words.number(rest)} more`));
  }

  /** The first few of what is to be offered: what is chosen, then what has most entries, else in the order given.
   * Thousands are not put in order for six of them. @param {number[]} known @param {Int32Array} counts @param {Set<number>} chosen @param {number} most */
  static first(known, counts, chosen, most) {
    /** @param {number} one @param {number} other */
    const before = (one, other) => Number(chosen.has(other)) - Number(chosen.has(one)) || counts[other] - counts[one];
    /** @type {number[]} */
    const first = [];
    for (const at of known) {
      if (first.length === most && before(at, first[most - 1]) >= 0) continue;
      let place = first.length;
      while (place > 0 && before(at, first[place - 1]) < 0) place -= 1;
      first.splice(place, 0, at);
      if (first.length > most) first.pop();
    }
    return first;
  }

  /** @param {string} facet @param {string} name @param {number} count @param {Set<string>} chosen */
  choice(facet, name, count, chosen) {
    const box = Dom.el("input", { type: "checkbox", checked: chosen.has(name), "data-choice": `${facet} ${name}` });
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(name);
      else chosen.delete(name);
      this.choose(facet, [...chosen]);
    });
    return Dom.el("label", { class: Facets.css(count) }, box, Dom.el("span", { class: "name", title: name }, Facets.short(facet, name),
      facet === "function" && Dom.el("span", { class: "quiet" }, ` ${name.slice(0, name.indexOf(":")).split("/").at(-1)}`)), Dom.count(Facets.words(count)));
  }

  /** @param {number} count */
  static css(count) { return count ? "" : "none"; }

  /** @param {number} count -1 where it is not known */
  static words(count) { return count < 0 ? "" : Words.number(count); }

  /** Write other counts to choices that are drawn. @param {HTMLElement} element @param {number[]} counts */
  static recount(element, counts) {
    for (const [at, label] of element.querySelectorAll("label").entries()) {
      const words = Facets.words(counts[at]);
      const number = /** @type {HTMLElement} */ (label.querySelector(".number"));
      if (number.textContent === words) continue;
      number.textContent = words;
      label.className = Facets.css(counts[at]);
    }
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
