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
    this.paths = TreeTable.paths(this.parents, this.rows.map((row) => row.querySelector(".twisty code")?.textContent ?? ""));
    /** @type {Set<number>} */
    this.closed = new Set();
    /** Order in which rows of one folder stand. @type {((one: HTMLTableRowElement, other: HTMLTableRowElement) => number) | undefined} */
    this.compare = undefined;
    this.rows.forEach((row, at) => { if (this.folder[at]) this.makeButton(row, at); });
    if (this.rows.length > TreeTable.MOST_OPEN) this.rows.forEach((row, at) => { if (this.folder[at] && row.dataset.depth !== "0") this.closed.add(at); });
    this.closedAtFirst = new Set(this.closed);
    /** Words that the name of every row shown has. @type {string[]} */
    this.words = [];
    this.said = table.closest("details")?.querySelector("[data-tree-said]");
    this.findBox = this.control("find");
    this.flatBox = this.control("flat");
    this.weakBox = this.control("weak");
    this.arrange();
  }

  /** What a reader narrows the table by, where the page has it. @param {string} name @returns {HTMLInputElement | null | undefined} */
  control(name) {
    const input = /** @type {HTMLInputElement | null | undefined} */ (this.table.closest("details")?.querySelector(`input[data-tree=${name}]`));
    input?.addEventListener("input", () => {
      this.arrange();
      TableState.changed(this.table);
    });
    return input;
  }

  /** Whether files stand in one list. */
  get flat() { return this.flatBox?.checked ?? false; }

  /** Whether only rows with undetected mutants are shown. */
  get weak() { return this.weakBox?.checked ?? false; }

  /** What is searched for. */
  get find() { return this.findBox?.value ?? ""; }

  /** Paths of the folders that the page would open and that are closed, or the other way round. */
  get folded() { return this.paths.filter((_, at) => this.folder[at] && this.closed.has(at) !== this.closedAtFirst.has(at)); }

  /** Show the table as another reader had it. @param {{ flat: boolean, weak: boolean, find: string, folded: string[] }} state */
  restore({ flat, weak, find, folded }) {
    if (this.flatBox) this.flatBox.checked = flat;
    if (this.weakBox) this.weakBox.checked = weak;
    if (this.findBox) this.findBox.value = find;
    const turned = new Set(folded);
    this.closed = new Set(this.paths.flatMap((path, at) => (this.folder[at] && this.closedAtFirst.has(at) !== turned.has(path) ? [at] : [])));
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

  /** Row -> its path, where each row's name begins in the folder it stands in. @param {number[]} parents @param {string[]} names @returns {string[]} */
  static paths(parents, names) {
    /** @type {string[]} */
    const found = [];
    names.forEach((name, at) => found.push((found[parents[at]] ?? "") + name));
    return found;
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
    TableState.changed(this.table);
  }

  /** @param {(one: HTMLTableRowElement, other: HTMLTableRowElement) => number} compare */
  sort(compare) {
    this.compare = compare;
    this.arrange();
  }

  arrange() {
    const { compare, rows } = this;
    this.words = this.find.toLowerCase().split(/\s+/).filter(Boolean);
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
