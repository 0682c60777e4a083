"use strict";
/** Where the time of the run went: the functions by what judging their mutants took, and the slowest mutants of any status. */
class CostsView {
  /** @param {Context} context @param {HTMLElement} root */
  constructor(context, root) {
    this.context = context;
    /** @type {TableState[]} */
    this.tables = [];
    this.steps = new LinkSteps(root, "tbody a");
    const { functions, slowest } = context.index;
    this.all = functions.seconds.reduce((sum, seconds) => sum + seconds, 0);
    if (!this.all) {
      root.append(Dom.el("p", { class: "empty" }, "No mutant of this run was judged by running tests, so nothing was measured."));
      return;
    }
    const order = functions.seconds.map((_, at) => at).filter((at) => functions.seconds[at] > 0)
      .sort((one, other) => functions.seconds[other] - functions.seconds[one]);
    root.append(
      Dom.el("p", { class: "prose" }, `Judging the mutants took ${Words.duration(this.all)} together, added up over all workers; verdicts taken over from earlier runs count as they were measured then. `,
        Dom.el("a", { href: Route.format("tests", [], { sort: "seconds", down: "1" }) }, "What each test takes"), " · ", Dom.el("a", { href: "#/queue?group=cost" }, "The queue by cost")),
      this.functionTable(order),
      this.table("Mutants", ["mutant", "status", "time", "share"], slowest.mutant.map((mutant, at) => this.mutantRow(mutant, slowest.seconds[at])),
        slowest.mutant.length < context.facts.count && Dom.el("p", { class: "quiet" }, `The ${Words.number(slowest.mutant.length)} slowest.`)));
    for (const { table } of this.tables) Sortable.adopt(table);
    root.addEventListener(TableState.CHANGED, () => this.remember());
  }

  /** @param {{ query: Record<string, string> }} place */
  open({ query }) {
    TableState.open(this.tables, query);
    this.remember();
  }

  remember() { Route.replace(Route.format("costs", [], TableState.queries(this.tables))); }

  /** @param {1 | -1} by */
  step(by) { this.steps.go(by); }

  /** The slowest functions; the others are drawn when they are asked for. @param {FunctionNumber[]} order */
  functionTable(order) {
    const counts = this.mutantCounts();
    const rows = (/** @type {FunctionNumber[]} */ some) => some.map((at) => this.functionRow(at, counts[at]));
    const rest = order.slice(CostsView.MOST);
    const note = rest.length > 0 && Dom.el("p", { class: "quiet", "data-rest": true }, `The ${CostsView.MOST} slowest of ${Words.plural(order.length, "function")}. `,
      Dom.el("button", { type: "button" }, `Show all ${Words.number(order.length)}`));
    const part = this.table("Functions", ["function", "mutants", "time", "share"], rows(order.slice(0, CostsView.MOST)), note);
    RestRows.supply(this.tables[0].table, () => rows(rest));
    return part;
  }

  /** @param {string} title @param {string[]} heads @param {HTMLElement[]} rows @param {HTMLElement | false} note */
  table(title, heads, rows, note) {
    const table = Dom.el("table", { class: "list costs", "data-sortable": true, "data-key": title.toLowerCase(), "aria-label": `${title} by the time they took` },
      Dom.el("thead", {}, Dom.el("tr", {}, heads.map((head) => Dom.el("th", { scope: "col", class: CostsView.css(head) }, head)))), Dom.el("tbody", {}, rows));
    this.tables.push(new TableState(table));
    return Dom.el("section", { class: "part" }, Dom.el("h2", {}, title), note, table);
  }

  /** Numbers stand at the right. @param {string} head */
  static css(head) { return ["mutants", "time", "share"].includes(head) ? "right" : ""; }

  /** @param {Node[]} name @param {HTMLElement} what @param {number} seconds */
  row(name, what, seconds) {
    return Dom.el("tr", {}, Dom.el("td", {}, name), what, CostsView.number("time", seconds, Words.duration(seconds)), CostsView.number("share", seconds, Words.share(seconds / this.all)));
  }

  /** @param {string} label @param {number} value to sort by @param {string} words */
  static number(label, value, words) { return Dom.el("td", { class: "right", "data-label": label, "data-value": value }, words); }

  /** How many mutants each function has. */
  mutantCounts() {
    const counts = new Int32Array(this.context.index.functions.name.length);
    for (const at of this.context.index.mutants.function) counts[at] += 1;
    return counts;
  }

  /** @param {FunctionNumber} at @param {number} own mutants */
  functionRow(at, own) {
    const { files, functions } = this.context.index;
    const { path } = files[functions.file[at]];
    return this.row([Dom.el("a", { href: Route.source(path, functions.line[at]) }, Dom.el("code", {}, functions.name[at])),
      Dom.el("span", { class: "quiet" }, ` ${path}`)], CostsView.number("mutants", own, Words.number(own)), functions.seconds[at]);
  }

  /** @param {MutantNumber} mutant @param {number} seconds */
  mutantRow(mutant, seconds) {
    const { facts } = this.context;
    return this.row([Dom.el("a", { href: facts.address(mutant) }, Dom.el("code", {}, facts.functionName(mutant))),
      Dom.el("span", { class: "quiet" }, ` ${facts.place(mutant)}, ${facts.operator(mutant)}`)],
    Dom.el("td", { "data-value": Words.STATUS[facts.status(mutant)].word }, Dom.status(facts.status(mutant))), seconds);
  }
}
CostsView.MOST = 50;
