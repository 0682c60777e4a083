"use strict";
/** The overview, which stands in the page itself: what a reader made of its tables, and the way through its links. */
class OverviewView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.tables = [.../** @type {NodeListOf<HTMLTableElement>} */ (root.querySelectorAll("table[data-key]"))].map((table) => new TableState(table));
    root.addEventListener(TableState.CHANGED, () => this.remember());
    // Not every toggle: a plain fragment opens what it names, and that it goes on standing in the address.
    for (const { details } of this.tables) details?.querySelector("summary")?.addEventListener("click", () => details.addEventListener("toggle", () => this.remember(), { once: true }));
  }

  /** @param {{ query: Record<string, string> }} place */
  open({ query }) {
    if (TableState.isIn(query)) for (const table of this.tables) table.show(query);
    this.remember(); // what was done to the tables stays so where the address says nothing, and it has to say it
  }

  remember() {
    const said = Route.format("overview", [], Object.assign({}, ...this.tables.map((table) => table.query())));
    if (said !== "#/overview" || Route.parse(location.hash)) Route.replace(said);
  }

  /** @param {1 | -1} by */
  step(by) { LinkSteps.go(this.root, ".worst li a, table[data-key] tbody a", by); }
}
