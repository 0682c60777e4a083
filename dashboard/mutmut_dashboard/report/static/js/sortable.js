"use strict";
/** Tables of the page itself made sortable by their heads; without scripts they stay in the order they came in. */
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

  /** The browser's memory of a table's order. @param {HTMLTableElement} table */
  const memory = (table) => `sort:${table.caption?.textContent ?? ""}`;

  /** Sort by a column, the other way round where it is sorted by that already, and remember it. @param {HTMLTableElement} table @param {number} column @param {HTMLElement} head */
  const turn = (table, column, head) => {
    const numeric = head.classList.contains("right");
    const down = head.getAttribute("aria-sort") === "none" ? numeric : head.getAttribute("aria-sort") === "ascending";
    sort(table, column, head, down);
    Memory.setJson(memory(table), { column, down });
  };

  /** @param {HTMLTableElement} table @param {number} column @param {HTMLElement} head @param {boolean} down */
  const sort = (table, column, head, down) => {
    for (const other of table.querySelectorAll("thead th")) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const keys = new Map([...body.rows].map((row) => [row, value(row.cells[column])]));
    const compare = (/** @type {HTMLTableRowElement} */ one, /** @type {HTMLTableRowElement} */ other) =>
      (down ? -1 : 1) * order(keys.get(one) ?? "", keys.get(other) ?? "");
    const tree = TreeTable.of(table);
    if (tree) tree.sort(compare);
    else body.append(...[...body.rows].sort(compare));
  };

  const prepare = () => {
    for (const table of /** @type {NodeListOf<HTMLTableElement>} */ (document.querySelectorAll("table[data-sortable]"))) {
      TreeTable.of(table);
      table.querySelectorAll("thead th").forEach((head, column) => {
        if (!(head instanceof HTMLElement)) return;
        const words = [...head.childNodes];
        const button = Dom.el("button", { type: "button", class: "sort", onclick: () => turn(table, column, head) });
        button.append(...words);
        head.append(button);
        head.setAttribute("aria-sort", "none");
      });
      const { column, down } = Memory.getJson(memory(table), { column: -1, down: false });
      const head = table.tHead?.rows[0]?.cells[column];
      if (head) sort(table, column, head, down === true);
    }
  };

  return { value, order, prepare };
})();
