"use strict";
/** The overview, which stands in the page itself: what a reader made of its tables, and the way through its links. */
class OverviewView {
  /** @param {HTMLElement} root @param {Context | undefined} context nothing where the data could not be read */
  constructor(root, context) {
    this.late = Dom.el("p", { class: "late-decisions", role: "status", hidden: true });
    root.prepend(this.late);
    if (context) {
      context.decisions.listeners.push(() => this.count(context));
      this.count(context);
    }
    this.steps = new LinkSteps(root, ".worst li a, table[data-key] tbody a");
    this.opened = false;
    this.tables = [.../** @type {NodeListOf<HTMLTableElement>} */ (root.querySelectorAll("table[data-key]"))].map((table) => new TableState(table));
    root.addEventListener(TableState.CHANGED, () => this.remember());
    // Not every toggle: a plain fragment opens what it names, and that it goes on standing in the address.
    for (const { details } of this.tables) details?.querySelector("summary")?.addEventListener("click", () => details.addEventListener("toggle", () => this.remember(), { once: true }));
  }

  /** @param {{ query: Record<string, string> }} place */
  open({ query }) {
    TableState.open(this.tables, query);
    if (TableState.isIn(query) && !this.opened && !Visits.arrive()) this.lead(query);
    this.opened = true;
    this.remember(); // what was done to the tables stays so where the address says nothing, and it has to say it
  }

  /** Say how many decisions the numbers of this view do not count, since they were made after the page. @param {Context} context */
  count(context) {
    const count = context.decidedSince;
    this.late.hidden = !count;
    this.late.textContent = count ? `${Words.plural(count, "decision")} made since this page was: its scores, map and tables do not count ${count === 1 ? "it" : "them"} yet. What triage.toml holds is counted by mutmut-dashboard report.` : "";
  }

  remember() {
    const said = Route.format("overview", [], TableState.queries(this.tables));
    if (said !== "#/overview" || Route.parse(location.hash)) Route.replace(said);
  }

  /** Bring the first table into sight that an address says something of, after the page has gone to its top. @param {Record<string, string>} query */
  lead(query) {
    const named = this.tables.find((table) => table.isNamed(query));
    queueMicrotask(() => (named?.details ?? named?.table)?.scrollIntoView({ block: "start" }));
  }

  /** @param {1 | -1} by */
  step(by) { this.steps.go(by); }
}
