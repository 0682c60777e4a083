"use strict";
/** The rows that tables leave out at first: of the overview's, read from their data file when they are wanted, of others, made by what drew them. */
const RestRows = (() => {
  /** @typedef {(table: HTMLTableElement, rows: HTMLTableRowElement[]) => void} Take what takes rows that have come */

  /** Tables that have all rows. @type {WeakSet<HTMLTableElement>} */
  const whole = new WeakSet();
  /** Tables whose rows are on their way. @type {WeakSet<HTMLTableElement>} */
  const coming = new WeakSet();

  /** Tables whose rows no data file holds -> what makes them. @type {WeakMap<HTMLTableElement, () => HTMLTableRowElement[]>} */
  const makers = new WeakMap();

  /** Say what makes the rows that a table leaves out. @param {HTMLTableElement} table @param {() => HTMLTableRowElement[]} make */
  const supply = (table, make) => { makers.set(table, make); };

  /** Where it is said that rows are left out; nothing where none are. @param {HTMLTableElement} table */
  const note = (table) => table.closest("details, section")?.querySelector("[data-rest]");

  /** Whether rows were added to a table. @param {HTMLTableElement} table */
  const isWhole = (table) => whole.has(table);

  /** The address of what a row is about. Pure.
   * @param {string} path @param {string[]} weak functions there with undetected mutants @param {number} line 0 where none is known */
  const address = (path, weak, line) =>
    weak.length ? Route.format("queue", [], { function: Route.join(weak.map((name) => `${path}:${name}`)) }) : Route.source(path, line);

  /** @param {Index} index @param {TablesChunk} chunk @param {RowsOfTable} rows @param {number} at @param {string[]} labels of the columns */
  const row = (index, chunk, rows, at, labels) => {
    const { path } = index.files[rows.file[at]];
    const weak = rows.weak[at].map((number) => index.functions.name[number]);
    const name = rows.name[at];
    return Dom.el("tr", {},
      Dom.el("th", { scope: "row" }, Dom.el("a", { href: address(path, weak, rows.line[at]) }, name === RestRows.OUTSIDE ? name : Dom.el("code", {}, name))),
      Dom.el("td", {}, Dom.el("code", {}, path)),
      rows.numbers[at].map((number, column) => {
        const [text, value, level] = chunk.cells[number];
        return Dom.el("td", { class: "right", "data-value": value, "data-label": labels[column] }, level && Dom.el("span", { class: `level ${level}` }, Dom.el("span", { class: "sr" }, level)), level && " ", text);
      }));
  };

  /** @param {HTMLTableElement} table @returns {Promise<HTMLTableRowElement[]>} */
  const read = async (table) => {
    const index = await Data.index();
    const chunk = await Data.tables(index);
    const rows = chunk[/** @type {"map" | "classes"} */ (table.dataset.key)];
    const labels = [...table.tHead?.rows[0]?.cells ?? []].slice(2).map((head) => head.textContent ?? "");
    return rows.name.map((_, at) => row(index, chunk, rows, at, labels));
  };

  /** Fetch what a table lacks, once, and hand it over; where the table is folded away, once it is opened.
   * @param {HTMLTableElement} table @param {Take} take */
  const fetch = async (table, take) => {
    if (!note(table) || whole.has(table) || coming.has(table)) return;
    coming.add(table);
    const details = table.closest("details");
    if (details && !details.open) await new Promise((resolve) => details.addEventListener("toggle", resolve, { once: true }));
    try {
      const rows = makers.get(table)?.() ?? await read(table);
      whole.add(table);
      note(table)?.remove();
      take(table, rows);
    } catch (error) {
      Announce.toast(error instanceof Error ? error.message : String(error));
    } finally { coming.delete(table); }
  };

  /** Let a press on a table's button show all of it. @param {HTMLTableElement} table @param {Take} take */
  const prepare = (table, take) => {
    note(table)?.querySelector("button")?.addEventListener("click", () => fetch(table, (_, rows) => {
      take(table, rows);
      rows[0]?.querySelector("a")?.focus(); // the button that had the focus is gone
      TableState.changed(table);
    }));
  };

  return { OUTSIDE: "outside of classes", address, supply, isWhole, fetch, prepare };
})();
