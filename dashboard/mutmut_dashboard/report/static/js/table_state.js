"use strict";
/** What a reader made of a table, as a part of its view's address: only what differs from how the page shows it by itself. */
class TableState {
  /** @param {HTMLTableElement} table as the page shows it by itself, but for its order */
  constructor(table) {
    this.table = table;
    this.key = table.dataset.key ?? "";
    this.details = table.closest("details");
    this.openAtFirst = this.details?.open;
    this.tree = TreeTable.of(table);
  }

  /** Whether an address says anything about tables. Pure. @param {Record<string, string>} query */
  static isIn(query) { return Object.keys(query).some((name) => TableState.KINDS.includes(name.split("-")[0]) && name.includes("-")); }

  /** Whether an address says anything about this table. @param {Record<string, string>} query */
  isNamed(query) { return TableState.KINDS.some((kind) => query[`${kind}-${this.key}`]); }

  /** @returns {Record<string, string>} */
  query() {
    const { key, details, tree } = this;
    return {
      [`sort-${key}`]: Sortable.said(this.table),
      [`flat-${key}`]: tree?.flat ? "1" : "",
      [`weak-${key}`]: tree?.weak ? "1" : "",
      [`find-${key}`]: tree?.find.trim() ?? "",
      [`fold-${key}`]: Route.join(tree?.folded ?? []),
      [`all-${key}`]: RestRows.isWhole(this.table) ? "1" : "",
      [`open-${key}`]: details?.open === this.openAtFirst ? "" : String(Number(details?.open)),
    };
  }

  /** What is not named is as the page shows it by itself. @param {Record<string, string>} query */
  show(query) {
    const { key, details, tree } = this;
    Sortable.show(this.table, query[`sort-${key}`] ?? "");
    tree?.restore({ flat: query[`flat-${key}`] === "1", weak: query[`weak-${key}`] === "1", find: query[`find-${key}`] ?? "", folded: Route.split(query[`fold-${key}`] ?? "") });
    const open = query[`open-${key}`];
    if (details) details.open = open ? open === "1" : this.openAtFirst === true;
    if (query[`all-${key}`] === "1") RestRows.fetch(this.table, Sortable.take);
  }

  /** What was made of several tables. @param {TableState[]} tables @returns {Record<string, string>} */
  static queries(tables) { return Object.assign({}, ...tables.map((table) => table.query())); }

  /** Show what an address says of a view's tables; where it says nothing, they stay as they are. @param {TableState[]} tables @param {Record<string, string>} query */
  static open(tables, query) { if (TableState.isIn(query)) for (const table of tables) table.show(query); }

  /** Say that a reader changed a table. @param {HTMLTableElement} table */
  static changed(table) { table.dispatchEvent(new Event(TableState.CHANGED, { bubbles: true })); }
}
/** What an address may say of a table. */
TableState.KINDS = ["sort", "flat", "weak", "find", "fold", "all", "open"];
TableState.CHANGED = "tablechange";
