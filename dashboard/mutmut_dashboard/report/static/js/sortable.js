"use strict";
/** Tables made sortable by their heads; without scripts those of the page itself stay in the order they came in. */
const Sortable = (() => {
  /** A cell's value: a number where it has one, else its text. @param {Element | undefined} cell @returns {number | string} */
  const value = (cell) => {
    const given = cell?.getAttribute("data-value");
    const text = given ?? (cell?.textContent ?? "").replace(/[\u202f\u00a0\s]/g, "");
    if (given === "") return -Infinity;
    return text !== "" && Number.isFinite(Number(text)) ? Number(text) : cell?.textContent?.trim() ?? "";
  };

  /** Numbers before texts. @param {number | string} one @param {number | string} other */
  const order = (one, other) => {
    if (typeof one === "number" && typeof other === "number") return one - other;
    if (typeof one === "number") return -1;
    return typeof other === "number" ? 1 : one.localeCompare(other);
  };

  /** Which report the orders are remembered of; undefined without its data, and then none is. @type {string | undefined} */
  let report;

  /** The browser's memory of a table's order. @param {HTMLTableElement} table */
  const memory = (table) => `sort:${report}:${table.dataset.key}`;

  /** The rows of a table as they came. @type {WeakMap<HTMLTableElement, HTMLTableRowElement[]>} */
  const came = new WeakMap();

  /** A column's name in an address. @param {string | null} title */
  const slug = (title) => (title ?? "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");

  /** The column that an address names, and whether it goes down. Pure. @param {(string | null)[]} titles @param {string} said @returns {{ column: number, down: boolean }} column -1 for none */
  const wanted = (titles, said) => ({ column: said ? titles.map(slug).indexOf(said.replace(/^-/, "")) : -1, down: said.startsWith("-") });

  /** @param {HTMLTableElement} table @returns {HTMLElement[]} */
  const heads = (table) => [...table.tHead?.rows[0]?.cells ?? []];

  /** A table's order as an address says it; empty for the one it came in. @param {HTMLTableElement} table */
  const said = (table) => {
    const head = heads(table).find((one) => one.getAttribute("aria-sort") !== "none");
    return head ? `${head.getAttribute("aria-sort") === "descending" ? "-" : ""}${slug(head.textContent)}` : "";
  };

  /** Put a table into the order that an address says. @param {HTMLTableElement} table @param {string} words */
  const show = (table, words) => {
    const { column, down } = wanted(heads(table).map((head) => head.textContent), words);
    sort(table, column, down);
  };

  /** What the next press on a head asks for: first what is looked for most, then the other way round, then nothing. Pure.
   * @param {string | null} now how the table is sorted by it @param {boolean} numeric @returns {"ascending" | "descending" | "none"} */
  const next = (now, numeric) => {
    const [first, second] = numeric ? /** @type {const} */ (["descending", "ascending"]) : /** @type {const} */ (["ascending", "descending"]);
    return now === first ? second : now === second ? "none" : first;
  };

  /** Sort by a column as its head says next, and remember it. @param {HTMLTableElement} table @param {number} column @param {HTMLElement} head */
  const turn = (table, column, head) => {
    const wish = next(head.getAttribute("aria-sort"), head.classList.contains("right"));
    const order = { column: wish === "none" ? -1 : column, down: wish === "descending" };
    sort(table, order.column, order.down);
    if (report) Memory.setJson(memory(table), order);
    TableState.changed(table);
  };

  /** Take in rows that came later, in the table's order. @param {HTMLTableElement} table @param {HTMLTableRowElement[]} rows */
  const take = (table, rows) => {
    came.set(table, [...came.get(table) ?? [], ...rows]);
    show(table, said(table));
  };

  /** Equal rows stand as they came, so that the same address always shows the same. @param {HTMLTableElement} table @param {number} column -1, by which all are equal, for the order it came in @param {boolean} down */
  const sort = (table, column, down) => {
    heads(table).forEach((head, at) => head.setAttribute("aria-sort", at !== column ? "none" : down ? "descending" : "ascending"));
    if (column >= 0) RestRows.fetch(table, take); // an order of some rows would pass for that of all
    const rows = came.get(table) ?? [];
    const keys = new Map(rows.map((row) => [row, value(row.cells[column])]));
    const compare = (/** @type {HTMLTableRowElement} */ one, /** @type {HTMLTableRowElement} */ other) =>
      (down ? -1 : 1) * order(keys.get(one) ?? "", keys.get(other) ?? "");
    const tree = TreeTable.of(table);
    if (tree) tree.sort(compare);
    else table.tBodies[0].append(...[...rows].sort(compare));
  };

  /** @returns {NodeListOf<HTMLTableElement>} */
  const tables = () => document.querySelectorAll("table[data-sortable]");

  /** Put a table into the order that it had in this browser. @param {HTMLTableElement} table */
  const recall = (table) => {
    if (!report) return;
    const { column, down } = Memory.getJson(memory(table), { column: -1, down: false });
    if (heads(table)[column]) sort(table, column, down === true);
  };

  /** Make a table sortable. @param {HTMLTableElement} table */
  const adopt = (table) => {
    came.set(table, [...table.tBodies[0].rows]);
    TreeTable.of(table);
    RestRows.prepare(table, take);
    heads(table).forEach((head, column) => {
      const words = [...head.childNodes];
      const button = Dom.el("button", { type: "button", class: "sort", onclick: () => turn(table, column, head) });
      button.append(...words);
      head.append(button);
      head.setAttribute("aria-sort", "none");
    });
    recall(table);
  };

  /** Make the page's own tables sortable; those that views draw later are adopted there. */
  const prepare = () => {
    for (const table of tables()) adopt(table);
    Data.index().then((index) => { // before the first view is shown, which waits for the same
      report = index.report;
      for (const table of tables()) recall(table);
    }, () => {});
  };

  return { value, order, wanted, next, said, show, take, adopt, prepare };
})();
