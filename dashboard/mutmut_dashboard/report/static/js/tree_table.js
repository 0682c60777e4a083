"use strict";
/** A table whose rows stand in folders: folded and unfolded, sorted within each folder, or as one list without folders. */
class TreeTable {
  /** @param {HTMLTableElement} table */
  constructor(table) {
    this.body = table.tBodies[0];
    this.table = table;
    this.rows = [...this.body.rows];
    this.parents = TreeTable.parents(this.rows.map((row) => Number(row.dataset.depth)));
    this.folder = this.rows.map((row) => row.classList.contains("folder"));
    /** @type {Set<number>} */
    this.closed = new Set();
    this.flat = false;
    this.weak = false;
    /** Order in which rows of one folder stand. @type {((one: HTMLTableRowElement, other: HTMLTableRowElement) => number) | undefined} */
    this.compare = undefined;
    this.rows.forEach((row, at) => { if (this.folder[at]) this.makeButton(row, at); });
    if (this.rows.length > TreeTable.MOST_OPEN) this.rows.forEach((row, at) => { if (this.folder[at] && row.dataset.depth !== "0") this.closed.add(at); });
    /** Words that the name of every row shown has. @type {string[]} */
    this.words = [];
    this.said = table.closest("details")?.querySelector("[data-tree-said]");
    const find = table.closest("details")?.querySelector("input[data-tree=find]");
    if (find instanceof HTMLInputElement) {
      find.addEventListener("input", () => {
        this.words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
        this.arrange();
      });
    }
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (table.closest("details")?.querySelectorAll("input[type=checkbox][data-tree]") ?? [])) {
      box.addEventListener("change", () => {
        if (box.dataset.tree === "flat") this.flat = box.checked;
        else this.weak = box.checked;
        this.arrange();
      });
    }
    this.arrange();
  }

  /** Row -> the folder's row it stands in, -1 for none. @param {number[]} depths in the order of the tree @returns {number[]} */
  static parents(depths) {
    /** @type {number[]} */
    const above = [];
    return depths.map((depth, at) => {
      above[depth] = at;
      return depth ? above[depth - 1] : -1;
    });
  }

  /** The tree's order with each folder's rows sorted. Pure. @param {number[]} parents @param {(one: number, other: number) => number} compare @returns {number[]} */
  static sorted(parents, compare) {
    /** @type {Map<number, number[]>} */
    const inside = new Map();
    parents.forEach((parent, at) => {
      const known = inside.get(parent);
      if (known) known.push(at);
      else inside.set(parent, [at]);
    });
    /** @param {number} parent @returns {number[]} */
    const below = (parent) => (inside.get(parent) ?? []).sort(compare).flatMap((at) => [at, ...below(at)]);
    return below(-1);
  }

  /** @param {HTMLTableRowElement} row @param {number} at */
  makeButton(row, at) {
    const name = /** @type {HTMLElement} */ (row.querySelector(".twisty"));
    const button = Dom.el("button", { type: "button", class: "twisty", onclick: () => this.fold(at, !this.closed.has(at)) });
    button.append(...name.childNodes);
    button.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") { event.preventDefault(); this.fold(at, event.key === "ArrowLeft"); }
    });
    name.replaceWith(button);
  }

  /** @param {number} at @param {boolean} close */
  fold(at, close) {
    if (close) this.closed.add(at);
    else this.closed.delete(at);
    this.show();
  }

  /** @param {(one: HTMLTableRowElement, other: HTMLTableRowElement) => number} compare */
  sort(compare) {
    this.compare = compare;
    this.arrange();
  }

  arrange() {
    const { compare, rows } = this;
    const order = (/** @type {number} */ one, /** @type {number} */ other) => (compare ? compare(rows[one], rows[other]) : 0) || one - other;
    const places = this.listed ? rows.map((_, at) => at).sort(order) : TreeTable.sorted(this.parents, order);
    this.body.append(...places.map((at) => rows[at]));
    this.table.classList.toggle("flat", this.listed);
    this.show();
  }

  /** Whether files stand in one list, without folders; what is searched for does. */
  get listed() { return this.flat || this.words.length > 0; }

  /** Whether a row is left out by what is asked for. @param {HTMLTableRowElement} row */
  leftOut(row) {
    if (this.weak && row.cells[TreeTable.UNDETECTED].dataset.value === "0") return true;
    const name = (row.cells[0].textContent ?? "").toLowerCase();
    return !this.words.every((word) => name.includes(word));
  }

  /** Say how many files are found, with the sums of their mutants. */
  say() {
    if (!this.said) return;
    const files = this.rows.filter((_, at) => !this.folder[at]);
    const found = files.filter((row) => !row.hidden);
    const sum = (/** @type {number} */ column) => found.reduce((all, row) => all + (Number(row.cells[column].dataset.value) || 0), 0);
    this.said.textContent = this.words.length
      ? `${Words.number(found.length)} of ${Words.plural(files.length, "file")}: ${Words.plural(sum(TreeTable.MUTANTS), "mutant")}, ${Words.number(sum(TreeTable.UNDETECTED))} undetected` : "";
  }

  /** Whether a row's folders are all open. @param {number} at */
  open(at) {
    for (let above = this.parents[at]; above >= 0; above = this.parents[above]) if (this.closed.has(above)) return false;
    return true;
  }

  show() {
    this.rows.forEach((row, at) => {
      row.hidden = this.leftOut(row) || (this.listed ? this.folder[at] : !this.open(at));
      if (this.folder[at]) row.querySelector("button")?.setAttribute("aria-expanded", String(!this.closed.has(at)));
    });
    this.say();
  }

  /** The table's tree, where it has one. @param {HTMLTableElement} table @returns {TreeTable | undefined} */
  static of(table) {
    if (table.dataset.tree === undefined) return undefined;
    const known = TreeTable.made.get(table) ?? new TreeTable(table);
    TreeTable.made.set(table, known);
    return known;
  }
}
/** With more rows than these, only the outermost folders are open at first. */
TreeTable.MOST_OPEN = 60;
/** The column that counts mutants. */
TreeTable.MUTANTS = 1;
/** The column that counts what is undetected. */
TreeTable.UNDETECTED = 2;
/** @type {WeakMap<HTMLTableElement, TreeTable>} */
TreeTable.made = new WeakMap();
