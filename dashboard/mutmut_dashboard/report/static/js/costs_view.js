"use strict";
/** Where the time of the run went: the functions whose mutants took longest to judge, and the slowest mutants of any status. */
class CostsView {
  /** @param {Context} context @param {HTMLElement} root */
  constructor(context, root) {
    this.context = context;
    const { functions, slowest } = context.index;
    const all = functions.seconds.reduce((sum, seconds) => sum + seconds, 0);
    if (!all) {
      root.append(Dom.el("p", { class: "empty" }, "No mutant of this run was judged by running tests, so nothing was measured."));
      return;
    }
    const order = functions.seconds.map((_, at) => at).filter((at) => functions.seconds[at] > 0)
      .sort((one, other) => functions.seconds[other] - functions.seconds[one]);
    root.append(
      Dom.el("p", { class: "prose" }, `Judging the mutants took ${Words.duration(all)} together, added up over all workers; verdicts taken over from earlier runs count as they were measured then. `,
        Dom.el("a", { href: Route.format("tests", [], { sort: "seconds", down: "1" }) }, "What each test takes"), " · ", Dom.el("a", { href: "#/queue?group=cost" }, "The queue by cost")),
      CostsView.table("Functions", ["function", "mutants", "time", "share"], order.slice(0, CostsView.MOST).map((at) => this.functionRow(at, all)),
        order.length > CostsView.MOST ? `The ${CostsView.MOST} slowest of ${Words.number(order.length)}.` : ""),
      CostsView.table("Mutants", ["mutant", "status", "time", "share"], slowest.mutant.map((mutant, at) => this.mutantRow(mutant, slowest.seconds[at], all)), ""));
  }

  open() { /* the same for every address */ }

  /** @param {string} title @param {string[]} heads @param {HTMLElement[]} rows @param {string} note */
  static table(title, heads, rows, note) {
    return Dom.el("section", { class: "part" }, Dom.el("h2", {}, title), note && Dom.el("p", { class: "quiet" }, note),
      Dom.el("table", { class: "list costs", "aria-label": `${title} by the time they took` },
        Dom.el("thead", {}, Dom.el("tr", {}, heads.map((head, at) => Dom.el("th", { scope: "col", class: at ? "right" : "" }, head)))), Dom.el("tbody", {}, rows)));
  }

  /** @param {Node[]} name @param {Node | string} what @param {number} seconds @param {number} all */
  static row(name, what, seconds, all) {
    return Dom.el("tr", {}, Dom.el("td", {}, name), Dom.el("td", { class: "right" }, what),
      Dom.el("td", { class: "right" }, Words.duration(seconds)), Dom.el("td", { class: "right" }, `${((100 * seconds) / all).toFixed(1)} %`));
  }

  /** @param {FunctionNumber} at @param {number} all */
  functionRow(at, all) {
    const { files, functions, mutants } = this.context.index;
    const { path, first, count } = files[functions.file[at]];
    let own = 0;
    for (let mutant = first; mutant < first + count; mutant += 1) if (mutants.function[mutant] === at) own += 1;
    return CostsView.row([Dom.el("a", { href: Route.source(path, functions.line[at]) }, Dom.el("code", {}, functions.name[at])),
      Dom.el("span", { class: "quiet" }, ` ${path}`)], Words.number(own), functions.seconds[at], all);
  }

  /** @param {MutantNumber} mutant @param {number} seconds @param {number} all */
  mutantRow(mutant, seconds, all) {
    const { facts } = this.context;
    return CostsView.row([Dom.el("a", { href: facts.address(mutant) }, Dom.el("code", {}, facts.functionName(mutant))),
      Dom.el("span", { class: "quiet" }, ` ${facts.place(mutant)}, ${facts.operator(mutant)}`)], Dom.status(facts.status(mutant)), seconds, all);
  }
}
CostsView.MOST = 50;
