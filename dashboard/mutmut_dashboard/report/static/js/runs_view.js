"use strict";
/** Recorded runs, and what differs between two of them. */
class RunsView {
  /** @param {Context} context @param {HTMLElement} root */
  constructor(context, root) {
    this.context = context;
    /** Places of the two runs that are compared. */
    this.before = 0;
    this.after = 0;
    /** Name of the branch whose runs are shown; empty for all. */
    this.branch = "";
    /** Whether the address names the two. */
    this.named = false;
    /** The table of runs, drawn once. @type {TableState[]} */
    this.tables = [];
    /** Its rows. @type {Map<RunsChunk["runs"][number], HTMLElement>} */
    this.rows = new Map();
    this.list = Dom.el("div", { class: "scroll", role: "region", "aria-label": "Table of runs", tabindex: 0 });
    this.host = Dom.el("div", { class: "runs-view" });
    this.body = Dom.el("div");
    this.result = Dom.el("section", { class: "comparison", "aria-labelledby": "compare-title" });
    this.steps = new LinkSteps(this.host, ".comparison li > a");
    root.append(this.host);
    root.addEventListener(TableState.CHANGED, () => this.remember());
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
    this.branch = runs.find(({ branch }) => branch && Route.whole(branch) === query.branch)?.branch ?? "";
    this.after = place(query.b, this.newest(runs));
    this.before = place(query.a, RunsView.comparable(runs, this.after));
    this.named = Boolean(query.a || query.b);
    Dom.fill(this.host, this.branchControl(this.chunk), this.body);
    this.draw(this.chunk);
    TableState.open(this.tables, query);
    this.remember();
  }

  /** Whether a run is of the branch that is shown. @param {{ branch: string }} run */
  isShown(run) { return !this.branch || run.branch === this.branch; }

  /** Place of the newest run that is shown. @param {RunsChunk["runs"]} runs */
  newest(runs) { return runs.map((run) => this.isShown(run)).lastIndexOf(true); }

  /**
   * The newest whole run before another, of its branch where there is one, for one that was limited or failed says little about
   * mutants; else the one before. Pure.
   * @param {RunsChunk["runs"]} runs @param {number} after
   */
  static comparable(runs, after) {
    const { branch } = runs[after];
    const whole = runs.slice(0, after).map(({ aside }) => !aside);
    const alike = whole.map((is, at) => is && branch !== "" && runs[at].branch === branch).lastIndexOf(true);
    const found = alike >= 0 ? alike : whole.lastIndexOf(true);
    return found >= 0 ? found : Math.max(0, after - 1);
  }

  /** As much of a branch's name as leaves room for the rest of a choice. @param {string} branch */
  static short(branch) { return branch.length > RunsView.LONGEST ? `${branch.slice(0, RunsView.LONGEST - 1)}…` : branch; }

  /** A choice among branches, where runs of several are recorded. @param {RunsChunk} chunk */
  branchControl(chunk) {
    const { runs } = chunk;
    const names = [...new Set(runs.map(({ branch }) => branch).filter(Boolean))].sort();
    if (names.length < 2) return false;
    const option = (/** @type {string} */ name, /** @type {number} */ value) => Dom.el("option", { value, selected: name === this.branch },
      `${name || "all"}, ${Words.plural(runs.filter(({ branch }) => !name || branch === name).length, "run")}`);
    const choice = Dom.el("select", { id: "run-branch", onchange: () => {
      this.branch = ["", ...names][Number(choice.value)];
      this.after = this.newest(runs);
      this.before = RunsView.comparable(runs, this.after);
      this.named = false;
      this.remember();
      this.draw(chunk);
    } }, ["", ...names].map(option));
    return Dom.el("p", { class: "compare-tools" }, Dom.el("label", { for: "run-branch" }, "Branch "), choice);
  }

  /** @param {RunsChunk} chunk */
  draw(chunk) {
    const { runs } = chunk;
    if (!this.tables.length) this.drawTable(chunk);
    for (const [run, row] of this.rows) row.hidden = !this.isShown(run);
    if (runs.length < 2) {
      Dom.fill(this.body, this.list, Dom.el("p", { class: "empty" }, "One run is recorded. After the next, this compares the two."));
      return;
    }
    const options = (/** @type {number} */ chosen) => runs.map((run, at) => (this.isShown(run) || at === chosen) && Dom.el("option", { value: at, selected: at === chosen },
      [Words.moment(run.startedAt), RunsView.short(run.branch), run.commit.slice(0, 10), `run ${run.id}${run.aside ? `, ${run.aside}` : ""}`].filter(Boolean).join(" · "))).reverse();
    const before = Dom.el("select", { id: "run-before", onchange: () => { this.before = Number(before.value); this.choose(chunk); } }, options(this.before));
    const after = Dom.el("select", { id: "run-after", onchange: () => { this.after = Number(after.value); this.choose(chunk); } }, options(this.after));
    Dom.fill(this.body, this.list, Dom.el("p", { class: "compare-tools" }, Dom.el("label", { for: "run-before" }, "From "), before,
      Dom.el("label", { for: "run-after" }, " to "), after), this.result);
    this.compare(chunk);
  }

  remember() {
    const { runs } = /** @type {RunsChunk} */ (this.chunk);
    const two = this.named ? { a: runs[this.before].id, b: runs[this.after].id } : {};
    Route.replace(Route.format("runs", [], { branch: this.branch, ...two, ...TableState.queries(this.tables) }));
  }

  /** Other runs were chosen. @param {RunsChunk} chunk */
  choose(chunk) {
    this.named = true;
    this.remember();
    this.compare(chunk);
  }

  /** @param {RunsChunk} chunk */
  drawTable({ runs }) {
    const branches = runs.some(({ branch }) => branch);
    const names = [...new Set(runs.flatMap((run) => run.targets.map(({ name }) => name)))];
    const head = (/** @type {string} */ title, right = false) => Dom.el("th", { scope: "col", class: right ? "right" : "" }, title);
    const table = Dom.el("table", { class: "list runs", "data-sortable": true, "data-key": "runs" },
      Dom.el("caption", { class: "sr" }, "Recorded runs, the newest first"),
      Dom.el("thead", {}, Dom.el("tr", {}, head("Run"), head("Began"), head("Commit"), branches && head("Branch"),
        names.map((name) => head(names.length > 1 ? name : "Score", true)), head("Undetected", true), head("Took", true), head("State"), head("Command"))),
      Dom.el("tbody", {}, [...runs].reverse().map((run) => this.runRow(run, names, branches))));
    this.list.append(table);
    this.tables = [new TableState(table)];
    Sortable.adopt(table);
  }

  /** @param {RunsChunk["runs"][number]} run @param {string[]} names @param {boolean} branches whether they have a column */
  runRow(run, names, branches) {
    const undetected = run.targets.reduce((sum, { counts }) => sum + (counts.survived ?? 0) + (counts.uncovered ?? 0), 0);
    const row = Dom.el("tr", { class: run.aside ? "aside" : "" }, Dom.el("td", { class: "number", "data-label": "run" }, run.id), Dom.el("td", { class: "number" }, Words.moment(run.startedAt)),
      Dom.el("td", {}, run.commit && Dom.el("code", {}, run.commit.slice(0, 10)), run.dirty && " dirty"),
      branches && Dom.el("td", { class: "branch", "data-label": run.branch && "branch" }, run.branch && Dom.el("code", {}, run.branch)),
      names.map((name) => {
        const found = run.targets.find((target) => target.name === name);
        const judged = Object.entries(found?.counts ?? {}).reduce((sum, [status, count]) => sum + ("killed timeout survived uncovered".includes(status) ? count : 0), 0);
        return Dom.el("td", { class: "right", "data-label": names.length > 1 ? name : "score", "data-value": RunsView.number(found?.score) }, found ? found.score : "–",
          found && run.aside && Dom.el("span", { class: "quiet second-line" }, `of ${Words.plural(judged, "mutant")} judged`));
      }),
      Dom.el("td", { class: "right", "data-label": "undetected", "data-value": undetected }, Words.number(undetected)),
      Dom.el("td", { class: "right", "data-label": run.seconds ? "took" : null, "data-value": run.seconds || "" }, run.seconds ? Words.duration(run.seconds) : ""),
      Dom.el("td", { class: "state" }, run.aside && run.aside !== run.state ? `${run.state}, ${run.aside}` : run.state, run.detail && Dom.el("span", { class: "quiet", title: run.detail }, ` ${run.detail}`)),
      Dom.el("td", { class: "command" }, Dom.el("code", {}, run.command)));
    this.rows.set(run, row);
    return row;
  }

  /** What a score is sorted by: an interval by its lower end, and what is no number as nothing. @param {string | undefined} score */
  static number(score) {
    const found = parseFloat(score ?? "");
    return Number.isFinite(found) ? found : "";
  }

  /** @param {1 | -1} by */
  step(by) { this.steps.go(by); }

  /** @param {RunsChunk} chunk */
  compare(chunk) {
    const { runs, mutants } = chunk;
    const [before, after] = [this.before, this.after];
    const changes = Compare.runs(mutants.history, before, after);
    const unknown = Compare.unknown(chunk, before, after);
    const words = changes.filter(({ rows }) => rows.length).map(Compare.counted);
    const named = (/** @type {number} */ at) => [`run ${runs[at].id}`, runs[at].branch && " on ", runs[at].branch && Dom.el("code", {}, runs[at].branch)];
    Dom.fill(this.result, Dom.el("h2", { id: "compare-title" }, "What changed"),
      [before, after].some((at) => runs[at].branch) && Dom.el("p", { class: "quiet between" }, "From ", named(before), " to ", named(after), "."),
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
RunsView.LONGEST = 28;
