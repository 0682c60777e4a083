"use strict";
/** The filter by test: the tests that ran what is shown, each with how much of it. They are counted when all files are read. */
class TestFacet {
  /** @param {Context} context @param {HTMLElement} host @param {(test: string) => void} choose by `target/id`, empty for any */
  constructor(context, host, choose) {
    this.context = context;
    this.choose = choose;
    /** The mutants by place. */
    this.mutants = context.index.queue.mutant;
    /** Place -> the tests that ran its mutant; nothing before it was read. @type {(TestNumber[] | undefined)[] | undefined} */
    this.ran = undefined;
    /** @type {TestsChunk["tests"]} */
    this.tests = [];
    /** Places of what is shown but for this filter. @type {() => number[]} */
    this.wanted = () => [];
    this.chosen = "";
    this.reading = false;
    this.search = Dom.el("input", { type: "search", autocomplete: "off", spellcheck: "false", placeholder: "test", "aria-label": "Tests to filter by", oninput: () => this.draw() });
    this.read = Dom.el("button", { type: "button", class: "more-choices", onclick: () => this.load() }, TestFacet.ASK);
    this.rows = Dom.el("div", {});
    this.any = Dom.el("button", { type: "button", class: "clear", "aria-label": "Any: Test", onclick: () => this.choose("") }, "any");
    this.field = Dom.el("fieldset", {}, Dom.el("legend", {}, "Test", this.any), this.read, Dom.el("p", { class: "search-line" }, this.search), this.rows);
    host.append(this.field);
  }

  /** @param {() => number[]} places of what is shown but for this filter @param {string} chosen @param {MutantNumber[]} mutants by place: the queue, or
   *   it and all others behind it, whose tests are read when they are first listed */
  show(places, chosen, mutants) {
    this.chosen = chosen;
    this.wanted = places;
    this.mutants = mutants;
    if (this.lacks) this.ran = undefined;
    if (!this.ran && this.context.index.files.length <= TestFacet.AT_ONCE) this.load();
    this.draw();
  }

  /** Whether mutants are listed whose tests were not read. */
  get lacks() { return this.ran !== undefined && this.ran.length < this.mutants.length; }

  async load() {
    if (this.reading || this.ran) return;
    this.reading = true;
    try {
      this.tests = (await Data.tests(this.context.index)).tests;
      do this.ran = await Reach.all(this.context, this.mutants, (done, all) => { this.read.textContent = `${done} of ${all} files read`; }); while (this.lacks);
      this.read.textContent = TestFacet.ASK;
    } catch (error) {
      this.read.textContent = String(error instanceof Error ? error.message : error);
    }
    this.reading = false;
    this.draw();
  }

  /** How many of these places each test ran. @param {number[]} places @returns {Int32Array} */
  counts(places) {
    const counts = new Int32Array(this.tests.length);
    for (const place of places) for (const test of this.ran?.[place] ?? []) counts[test] += 1;
    return counts;
  }

  draw() {
    this.read.hidden = Boolean(this.ran);
    this.search.parentElement?.toggleAttribute("hidden", !this.ran);
    this.any.hidden = !this.chosen;
    this.field.hidden = Boolean(this.ran) && !this.tests.length;
    if (!this.ran) return;
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const counts = this.counts(this.wanted());
    const chosen = new Set(this.tests.flatMap((_, at) => (this.name(at) === this.chosen ? [at] : [])));
    const known = [...this.tests.keys()].filter((at) => chosen.has(at)
      || (words.length ? words.every((word) => this.tests[at].id.toLowerCase().includes(word)) : counts[at]));
    const focus = this.rows.contains(document.activeElement) ? document.activeElement?.getAttribute("data-choice") : null;
    Dom.fill(this.rows, Facets.first(known, counts, chosen, Facets.FEW).map((at) => this.choice(at, counts[at], chosen.has(at))),
      known.length > Facets.FEW && Dom.el("p", { class: "quiet" }, `${Words.number(known.length - Facets.FEW)} more: search for them`));
    if (focus) /** @type {HTMLElement | null} */ (this.rows.querySelector(`[data-choice="${CSS.escape(focus)}"]`))?.focus();
  }

  /** @param {TestNumber} test */
  name(test) { return `${this.context.index.targets[this.tests[test].target].name}/${this.tests[test].id}`; }

  /** @param {TestNumber} test @param {number} count @param {boolean} chosen */
  choice(test, count, chosen) {
    const { id } = this.tests[test];
    const name = this.name(test);
    const box = Dom.el("input", { type: "checkbox", checked: chosen, "data-choice": `test ${name}`, onchange: () => this.choose(chosen ? "" : name) });
    return Dom.el("label", { class: count ? "" : "none" }, box, Dom.el("span", { class: "name", title: id }, id.slice(id.indexOf("::") < 0 ? 0 : id.indexOf("::") + 2)), Dom.count(count));
  }
}
/** With no more files than these they are read without being asked for. */
TestFacet.AT_ONCE = 60;
TestFacet.ASK = "count by test";
