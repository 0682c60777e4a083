"use strict";
/** Recorded runs, and what differs between two of them. */
class RunsView {
  /** @param {Context} context @param {HTMLElement} root */
  constructor(context, root) {
    this.context = context;
    /** Places of the two runs that are compared. */
    this.before = 0;
    this.after = 0;
    this.host = Dom.el("div", { class: "runs-view" });
    this.result = Dom.el("section", { class: "comparison", "aria-labelledby": "compare-title" });
    this.steps = new LinkSteps(this.host, ".comparison li > a");
    root.append(this.host);
  }

  /** @param {{ query: Record<string, string> }} place */
  async open({ query }) {
    try {
      this.chunk = await Data.runs(this.context.index);
    } catch (error) {
      Dom.fill(this.host, Dom.el("p", { class: "empty", role: "alert" }, String(error instanceof Error ? error.message : error)));
      return;
    }
    const { runs } = this.chunk;
    const place = (/** @type {string | undefined} */ id, /** @type {number} */ otherwise) => {
      const found = runs.findIndex((run) => String(run.id) === id);
      return found >= 0 ? found : otherwise;
    };
    this.after = place(query.b, runs.length - 1);
    this.before = place(query.a, this.completeBefore(runs, this.after));
    this.draw(this.chunk);
  }

  /**
   * The newest whole run before another, for one that was limited or failed says little about mutants; else the one before.
   * @param {RunsChunk["runs"]} runs @param {number} after
   */
  completeBefore(runs, after) {
    const found = runs.slice(0, after).map(({ aside }) => aside).lastIndexOf("");
    return found >= 0 ? found : Math.max(0, after - 1);
  }

  /** @param {RunsChunk} chunk */
  draw(chunk) {
    const { runs } = chunk;
    if (runs.length < 2) {
      Dom.fill(this.host, this.table(chunk), Dom.el("p", { class: "empty" }, "One run is recorded. After the next, this compares the two."));
      return;
    }
    const options = (/** @type {number} */ chosen) => runs.map((run, at) => Dom.el("option", { value: at, selected: at === chosen },
      `${Words.moment(run.startedAt)}${run.commit ? ` · ${run.commit.slice(0, 10)}` : ""} · run ${run.id}${run.aside ? `, ${run.aside}` : ""}`)).reverse();
    const before = Dom.el("select", { id: "run-before", onchange: () => { this.before = Number(before.value); this.compare(chunk, true); } }, options(this.before));
    const after = Dom.el("select", { id: "run-after", onchange: () => { this.after = Number(after.value); this.compare(chunk, true); } }, options(this.after));
    Dom.fill(this.host, this.table(chunk), Dom.el("p", { class: "compare-tools" }, Dom.el("label", { for: "run-before" }, "From "), before,
      Dom.el("label", { for: "run-after" }, " to "), after), this.result);
    this.compare(chunk, false);
  }

  /** @param {RunsChunk} chunk */
  table({ runs }) {
    const names = [...new Set(runs.flatMap((run) => run.targets.map(({ name }) => name)))];
    const head = (/** @type {string} */ title, right = false) => Dom.el("th", { scope: "col", class: right ? "right" : "" }, title);
    return Dom.el("div", { class: "scroll", role: "region", "aria-label": "Table of runs", tabindex: 0 }, Dom.el("table", { class: "list runs" },
      Dom.el("caption", { class: "sr" }, "Recorded runs, the newest first"),
      Dom.el("thead", {}, Dom.el("tr", {}, head("Run"), head("Began"), head("Commit"),
        names.map((name) => head(names.length > 1 ? name : "Score", true)), head("Undetected", true), head("Took", true), head("State"), head("Command"))),
      Dom.el("tbody", {}, [...runs].reverse().map((run) => this.runRow(run, names)))));
  }

  /** @param {RunsChunk["runs"][number]} run @param {string[]} names */
  runRow(run, names) {
    const undetected = run.targets.reduce((sum, { counts }) => sum + (counts.survived ?? 0) + (counts.uncovered ?? 0), 0);
    return Dom.el("tr", { class: run.aside ? "aside" : "" }, Dom.el("td", { class: "number", "data-label": "run" }, run.id), Dom.el("td", { class: "number" }, Words.moment(run.startedAt)),
      Dom.el("td", {}, run.commit && Dom.el("code", {}, run.commit.slice(0, 10)), run.dirty && " dirty"),
      names.map((name) => {
        const found = run.targets.find((target) => target.name === name);
        const judged = Object.entries(found?.counts ?? {}).reduce((sum, [status, count]) => sum + ("killed timeout survived uncovered".includes(status) ? count : 0), 0);
        return Dom.el("td", { class: "right", "data-label": names.length > 1 ? name : "score" }, found ? found.score : "–",
          found && run.aside && Dom.el("span", { class: "quiet second-line" }, `of ${Words.plural(judged, "mutant")} judged`));
      }),
      Dom.el("td", { class: "right", "data-label": "undetected" }, Words.number(undetected)),
      Dom.el("td", { class: "right", "data-label": run.seconds ? "took" : null }, run.seconds ? Words.duration(run.seconds) : ""),
      Dom.el("td", { class: "state" }, run.aside && run.aside !== run.state ? `${run.state}, ${run.aside}` : run.state, run.detail && Dom.el("span", { class: "quiet", title: run.detail }, ` ${run.detail}`)),
      Dom.el("td", { class: "command" }, Dom.el("code", {}, run.command)));
  }

  /** @param {1 | -1} by */
  step(by) { this.steps.go(by); }

  /** @param {RunsChunk} chunk @param {boolean} remember */
  compare(chunk, remember) {
    const { runs, mutants } = chunk;
    const [before, after] = [this.before, this.after];
    if (remember) Route.replace(Route.format("runs", [], { a: runs[before].id, b: runs[after].id }));
    const changes = Compare.runs(mutants.history, before, after);
    const unknown = Compare.unknown(chunk, before, after);
    const words = changes.filter(({ rows }) => rows.length).map(Compare.counted);
    Dom.fill(this.result, Dom.el("h2", { id: "compare-title" }, "What changed"),
      [before, after].filter((at) => runs[at].aside).map((at) => Dom.el("p", { class: "quiet" }, `Run ${runs[at].id}: ${runs[at].aside}. Only what it judged can be compared.`)),
      Dom.el("p", { role: "status" }, words.length ? `${words.join(", ")}.` : "Every mutant that both judged fared the same.",
        unknown > 0 && ` ${Words.plural(unknown, "mutant")} cannot be compared.`),
      changes.filter(({ rows }) => rows.length).map((change) => this.group(chunk, change)));
  }

  /** @param {RunsChunk} chunk @param {{ name: string, words: string, rows: number[] }} change */
  group({ mutants }, change) {
    const list = Dom.el("ul", { class: "line-list" });
    const draw = (/** @type {number[]} */ rows) => list.append(...rows.map((row) => this.mutantRow(mutants, row)));
    const more = change.rows.length > RunsView.MOST && Dom.el("button", { type: "button", onclick: () => {
      draw(change.rows.slice(RunsView.MOST));
      if (more) more.remove();
    } }, `Show all ${Words.number(change.rows.length)}`);
    draw(change.rows.slice(0, RunsView.MOST));
    const open = ["new survivors", "newly killed", "new mutants that live"].includes(change.name);
    return Dom.el("details", { open }, Dom.el("summary", {}, Dom.count(change.rows.length), ` ${Compare.noun(change)} `, Dom.el("span", { class: "quiet" }, change.words)), list, more);
  }

  /** @param {RunsChunk["mutants"]} mutants @param {number} row */
  mutantRow(mutants, row) {
    const { facts } = this.context;
    const letters = mutants.history[row];
    const known = facts.find(`${mutants.target[row]}/${mutants.id[row]}`);
    const text = Dom.el("code", {}, mutants.change[row]);
    return Dom.el("li", {}, Dom.status(letters[this.before] ?? ".", false), Dom.el("span", { class: "arrow" }, " → "),
      Dom.status(letters[this.after] ?? ".", false), " ", known === undefined ? text : Dom.el("a", { href: facts.address(known) }, text),
      Dom.el("span", { class: "quiet" }, ` ${mutants.function[row]} · ${mutants.file[row]}:${mutants.line[row]} `),
      this.after === letters.length - 1 && mutants.killer[row] && Dom.el("span", { class: "second-line" }, Dom.el("span", { class: "quiet" }, "by "),
        Dom.el("a", { href: Route.format("tests", [mutants.target[row], mutants.killer[row]]) }, Dom.el("code", {}, mutants.killer[row]))));
  }
}
RunsView.MOST = 100;
