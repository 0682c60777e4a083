"use strict";
/** Tests by mutants of one function, where a run recorded the kill matrix: what notices what, what is redundant, what hangs on one test. */
class MatrixView {
  /** @param {Context} context @param {HTMLElement} root */
  constructor(context, root) {
    this.context = context;
    this.choice = Dom.el("select", { id: "matrix-function", onchange: () => Route.go(MatrixView.address(context, Number(this.choice.value))) });
    this.host = Dom.el("div", { class: "matrix-grid" });
    this.steps = new LinkSteps(this.host, ".grid a");
    if (!context.index.matrix) {
      root.append(Dom.el("p", { class: "empty" }, "This run stopped at the first test that noticed a mutant. Run ", Dom.el("code", {}, "mutmut-dashboard run --matrix"), " to record every test that does."));
      return;
    }
    root.append(Dom.el("p", { class: "compare-tools" }, Dom.el("label", { for: "matrix-function" }, "Function "), this.choice), this.host);
  }

  /** Where a function's matrix stands. @param {Context} context @param {FunctionNumber} number */
  static address({ index }, number) {
    return Route.format("matrix", [], { file: index.files[index.functions.file[number]].path, function: index.functions.name[number] });
  }

  /** @param {{ query: Record<string, string> }} place */
  async open({ query }) {
    const { index } = this.context;
    if (!index.matrix) return;
    const { name, file } = index.functions;
    if (!this.choice.length) this.offer();
    const wanted = name.findIndex((own, at) => own === query.function && index.files[file[at]].path === query.file);
    const number = wanted >= 0 || query.function ? wanted : Number(this.choice.options[0]?.value ?? -1);
    this.choice.value = String(number);
    if (number < 0) {
      Dom.fill(this.host, Dom.el("p", { class: "empty", role: "alert" }, query.function ? `This run knows no function ${query.function} in ${query.file ?? "any file"}.` : "This run has no mutants."));
      return;
    }
    try {
      const [chunk, { tests }] = await Promise.all([Data.file(index, file[number]), Data.tests(index)]);
      if (this.choice.value === String(number)) this.draw(Matrix.columns(this.context.facts, chunk, number), tests, name[number]);
    } catch (error) {
      Dom.fill(this.host, Dom.el("p", { class: "empty", role: "alert" }, String(error instanceof Error ? error.message : error)));
    }
  }

  /** @param {1 | -1} by */
  step(by) { this.steps.go(by); }

  /** The functions by file, each with its mutants. */
  offer() {
    const { name, file } = this.context.index.functions;
    let group = Dom.el("optgroup");
    name.forEach((own, at) => {
      if (!at || file[at] !== file[at - 1]) this.choice.append(group = Dom.el("optgroup", { label: this.context.index.files[file[at]].path }));
      group.append(Dom.el("option", { value: at }, own));
    });
  }

  /** @param {MatrixColumn[]} every @param {TestsChunk["tests"]} tests @param {string} name */
  draw(every, tests, name) {
    const rows = Matrix.rows(every);
    if (!rows.length) { Dom.fill(this.host, Dom.el("p", { class: "empty" }, "No test ran any of its mutants.")); return; }
    const columns = every.slice(0, MatrixView.MOST_MUTANTS);
    const shown = rows.slice(0, MatrixView.MOST_TESTS);
    const idle = rows.filter(({ notices }) => !notices).length;
    const redundant = rows.filter(({ notices, alone }) => notices && !alone).length;
    const single = every.filter(({ noticed }) => noticed.size === 1).length;
    const survivors = every.filter(({ noticed }) => !noticed.size).length;
    Dom.fill(this.host,
      Dom.el("p", { class: "prose", role: "status" }, `${Words.plural(rows.length, "test")} ran ${Words.plural(every.length, "mutant")}: ${Words.number(single)} noticed by one test alone, ${Words.number(survivors)} by none. `,
        [redundant && `${Words.plural(redundant, "test is", "tests are")} redundant here: others notice all ${redundant === 1 ? "it does" : "they do"}.`,
          idle && `${Words.plural(idle, "test notices", "tests notice")} nothing here.`].filter(Boolean).join(" ")),
      (columns.length < every.length || shown.length < rows.length) && Dom.el("p", { class: "quiet" },
        `Drawn: ${Words.plural(shown.length, "test")}, those that notice most first, and the first ${Words.plural(columns.length, "mutant")}. Counts are of all.`),
      Dom.el("div", { class: "scroll", role: "region", "aria-label": `Kill matrix of ${name}`, tabindex: 0 }, Dom.el("table", { class: "grid" },
        Dom.el("caption", { class: "sr" }, `Which tests notice which mutants of ${name}`),
        this.head(columns), Dom.el("tbody", {}, shown.map((row) => this.row(row, columns, tests))), this.foot(columns))),
      Dom.el("p", { class: "quiet" }, "✓ notices it · ran it and passed; empty: does not run it. Mutants stand under their lines."));
  }

  /** @param {MatrixColumn[]} columns */
  head(columns) {
    const { facts } = this.context;
    return Dom.el("thead", {}, Dom.el("tr", {}, Dom.el("th", { scope: "col" }, "Test"), Dom.el("th", { scope: "col", class: "right" }, "notices"), Dom.el("th", { scope: "col", class: "right" }, "alone"),
      columns.map(({ mutant }) => {
        const words = `line ${facts.line(mutant)}, ${facts.operator(mutant)}, ${Words.STATUS[facts.status(mutant)].word}`;
        return Dom.el("th", { scope: "col", class: "cell" }, Dom.el("a", { href: facts.address(mutant), title: words, "aria-label": words },
          Dom.el("span", { class: "number" }, facts.line(mutant)), Dom.status(facts.status(mutant), false)));
      })));
  }

  /** @param {MatrixRow} row @param {MatrixColumn[]} columns @param {TestsChunk["tests"]} tests */
  row(row, columns, tests) {
    const test = tests[row.test];
    const remark = Matrix.remark(row);
    return Dom.el("tr", {}, Dom.el("th", { scope: "row" }, Dom.el("a", { href: Route.format("tests", [this.context.index.targets[test.target].name, test.id]), title: test.id },
      Dom.el("code", {}, test.id.slice(test.id.indexOf("::") < 0 ? 0 : test.id.indexOf("::") + 2))), remark && [" ", Dom.el("span", { class: "remark" }, remark)]),
    Dom.el("td", { class: "right" }, Words.number(row.notices)), Dom.el("td", { class: "right" }, Words.number(row.alone)),
    columns.map(({ ran, noticed }) => {
      if (noticed.has(row.test)) return Dom.el("td", { class: `cell notices${noticed.size === 1 ? " alone" : ""}`, title: noticed.get(row.test) }, "✓", Dom.el("span", { class: "sr" }, noticed.size === 1 ? "notices it, alone" : "notices it"));
      return ran.has(row.test) ? Dom.el("td", { class: "cell" }, "·", Dom.el("span", { class: "sr" }, "passes")) : Dom.el("td", { class: "cell" });
    }));
  }

  /** @param {MatrixColumn[]} columns */
  foot(columns) {
    return Dom.el("tfoot", {}, Dom.el("tr", {}, Dom.el("th", { scope: "row" }, "tests that notice it"), Dom.el("td"), Dom.el("td"),
      columns.map(({ noticed }) => Dom.el("td", { class: `cell${noticed.size === 1 ? " alone" : noticed.size ? "" : " none"}` }, Words.number(noticed.size)))));
  }
}
MatrixView.MOST_TESTS = 60;
MatrixView.MOST_MUTANTS = 60;
