"use strict";
/** Every test: what it ran, what it killed and how, what it costs; sorted, narrowed, and one of them in full. */
class TestsView {
  /** @typedef {TestsChunk["tests"][number]} Test */
  /** @typedef {{ name: string, title: string, hint: string, value: (test: Test) => number | string, words: (test: Test) => string, wide?: boolean }} TestColumn */

  /** @param {Context} context @param {HTMLElement} root */
  constructor(context, root) {
    this.context = context;
    this.root = root;
    /** @type {TestsChunk} */
    this.chunk = { tests: [] };
    /** @type {Test[]} */
    this.shown = [];
    this.sort = { name: "killed", down: false };
    /** @type {Test | undefined} */
    this.selected = undefined;
    this.columns = TestColumns.of(context.index.matrix);
    this.search = Dom.el("input", { id: "test-search", type: "search", autocomplete: "off", spellcheck: "false", placeholder: "test or file", "aria-label": "Search tests", oninput: () => this.ask() });
    this.remark = Dom.el("select", { id: "test-remark", onchange: () => this.ask() },
      ["all", "kills nothing", ...context.index.matrix ? ["redundant", TestCover.INSIDE, TestCover.OUTSIDE] : ["never the first to kill"], "did not pass", "properties only"].map((name) => Dom.el("option", { value: name }, name)));
    this.words = Dom.el("p", { class: "shown quiet", role: "status" });
    this.cover = Dom.el("div", { class: "shown cover" });
    this.heads = Dom.el("div", { class: "table-row heads", role: "row" });
    const body = Dom.el("div", { role: "rowgroup", class: "rows" });
    this.table = Dom.el("div", { class: `test-table${context.index.matrix ? " matrix" : ""}`, role: "table", "aria-label": "Tests" },
      Dom.el("div", { role: "rowgroup", class: "table-heads" }, this.heads), body);
    this.scroll = Dom.el("div", { class: "list-scroll" }, this.table);
    this.empty = Dom.el("p", { class: "empty", hidden: true }, "No test matches.");
    this.detail = Dom.el("article", { class: "pane test-detail", "aria-label": "Test", tabindex: -1 });
    root.append(Dom.el("div", { class: "panes tests-panes" },
      Dom.el("div", { class: "pane test-pane" }, Dom.el("div", { class: "tools" },
        Dom.el("p", { class: "search-line" }, this.search, Dom.el("label", { for: "test-remark", class: "sr" }, "Tests shown"), this.remark), this.words, this.cover,
        Dom.el("p", { class: "shown" }, Dom.el("a", { href: "#/matrix" }, "Kill matrix of a function"))), this.scroll, this.empty),
      this.detail));
    this.list = new VirtualList(body, { height: TestsView.ROW, draw: (at) => this.draw(at), role: "rowgroup" });
  }

  /** @param {{ rest: string[], query: Record<string, string> }} place */
  async open({ rest, query }) {
    try {
      const chunk = await Data.tests(this.context.index);
      if (chunk !== this.chunk) Dom.fill(this.cover, ...TestCover.draw(chunk));
      this.chunk = chunk;
    } catch (error) {
      this.words.textContent = String(error instanceof Error ? error.message : error);
      return;
    }
    this.search.value = query.q ?? "";
    this.remark.value = query.show ?? "all";
    if (this.remark.selectedIndex < 0) this.remark.value = "all";
    if (this.columns.some(({ name }) => name === query.sort)) this.sort = { name: query.sort, down: query.down === "1" };
    const [target, ...id] = rest;
    this.selected = rest.length ? this.tests.find((test) => test.id === id.join("/") && this.target(test) === target)
      ?? this.tests.find((test) => test.id === rest.join("/")) : undefined;
    this.root.classList.toggle("reading", Boolean(this.selected));
    this.apply();
    TestDetail.show(this.context, this.detail, this.tests, this.selected ? this.tests.indexOf(this.selected) : -1, () => this.close());
    if (rest.length && !this.selected) Dom.fill(this.detail, Dom.el("p", { role: "alert" }, `This run knows no test ${rest.join("/")}.`));
    const at = this.selected ? this.shown.indexOf(this.selected) : -1;
    if (at >= 0) this.list.reveal(at);
    if (this.selected) /** @type {HTMLElement | null} */ (this.detail.querySelector("h2"))?.focus({ preventScroll: true });
    if (!rest.length || this.selected) this.remember(); // the order stays as it was, and the address has to say it
  }

  get tests() { return this.chunk.tests; }

  /** @param {Test} test */
  target(test) { return this.context.index.targets[test.target].name; }

  /** @param {Test} test */
  address(test) { return Route.format("tests", [this.target(test), test.id], this.query()); }

  query() {
    return { q: this.search.value, show: this.remark.value === "all" ? "" : this.remark.value,
      sort: this.sort.name === "killed" && !this.sort.down ? "" : this.sort.name, down: this.sort.down ? "1" : "" };
  }

  ask() {
    this.apply();
    this.remember();
  }

  remember() {
    Route.replace(Route.format("tests", this.selected ? [this.target(this.selected), this.selected.id] : [], this.query()));
  }

  apply() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const remark = this.remark.value;
    const among = TestCover.among(remark, this.chunk);
    this.shown = this.tests.filter((test) => words.every((word) => test.id.toLowerCase().includes(word))
      && (remark === "all" || among?.has(test) || (remark === "properties only" ? test.property : test.remark.startsWith(remark))));
    const column = this.columns.find(({ name }) => name === this.sort.name) ?? this.columns[0];
    const order = this.sort.down ? -1 : 1;
    this.shown.sort((one, other) => {
      const [a, b] = [column.value(one), column.value(other)];
      return order * (typeof a === "string" ? a.localeCompare(String(b)) : a - Number(b)) || other.seconds - one.seconds;
    });
    this.words.textContent = this.summary();
    this.drawHeads();
    this.table.setAttribute("aria-rowcount", String(this.shown.length + 1));
    this.list.show(this.shown.length);
    this.empty.hidden = this.shown.length > 0;
    this.table.hidden = !this.shown.length;
  }

  summary() {
    const all = this.tests.length;
    if (this.shown.length !== all) return `${Words.number(this.shown.length)} of ${Words.number(all)} shown`;
    const idle = this.tests.filter((test) => test.remark.startsWith("kills nothing")).length;
    const redundant = this.tests.filter((test) => test.remark.startsWith("redundant")).length;
    const late = this.tests.filter((test) => test.remark.startsWith("never")).length;
    const how = this.context.index.matrix ? "" : " Only the first test to fail on a mutant is recorded as its killer.";
    const remarked = [idle && `${Words.number(idle)} kill nothing`, late && `${Words.number(late)} never the first to kill`, redundant && `${Words.number(redundant)} redundant`].filter(Boolean).join(", ");
    return `${Words.plural(all, "test")}, ${TestColumns.time(this.tests)}${remarked && ` ${remarked}.`}${how}`;
  }

  drawHeads() {
    Dom.fill(this.heads, this.columns.map(({ name, title, hint, wide }) => {
      const now = this.sort.name === name;
      return Dom.el("div", { role: "columnheader", class: `${wide ? "wide" : "right"} col-${name}`, "aria-sort": now ? (this.sort.down ? "descending" : "ascending") : "none" },
        Dom.el("button", { type: "button", title: hint, "data-sort": name, onclick: () => this.sortBy(name) }, title, Dom.el("span", { class: "sort-sign", "aria-hidden": "true" }, now ? (this.sort.down ? " ↓" : " ↑") : " ↕")));
    }));
    this.heads.setAttribute("aria-rowindex", "1");
  }

  /** @param {string} name */
  sortBy(name) {
    this.sort = { name, down: this.sort.name === name ? !this.sort.down : TestColumns.DOWN.has(name) };
    this.ask();
    /** @type {HTMLElement | null} */ (this.heads.querySelector(`[data-sort="${name}"]`))?.focus();
  }

  /** @param {number} at */
  draw(at) {
    const test = this.shown[at];
    const selected = test === this.selected;
    const split = test.id.indexOf("::");
    const name = split < 0 ? test.id : test.id.slice(split + 2);
    return Dom.el("div", { class: `table-row${selected ? " selected" : ""}`, role: "row" }, this.columns.map((column) => (column.wide
      ? Dom.el("div", { role: "cell", class: "wide col-test" },
        Dom.el("a", { href: this.address(test), "aria-current": selected ? "true" : null, title: test.id }, Dom.el("code", {}, name)),
        Dom.el("span", { class: "second-line" }, test.remark && [Dom.el("span", { class: "remark" }, test.remark), " · "], split < 0 ? "" : test.id.slice(0, split)))
      : Dom.el("div", { role: "cell", class: `right col-${column.name}${column.name === this.sort.name ? " sorted" : ""}`, "data-label": column.title }, column.words(test)))));
  }

  /** @param {1 | -1} by */
  step(by) {
    if (!this.shown.length) return;
    const focused = document.activeElement?.closest("[aria-rowindex]")?.getAttribute("aria-rowindex");
    const from = this.table.contains(document.activeElement) && focused ? Number(focused) - 2 : this.selected ? this.shown.indexOf(this.selected) : -1;
    const to = Math.min(Math.max(from + by, 0), this.shown.length - 1);
    this.list.reveal(to);
    /** @type {HTMLElement | null | undefined} */ (this.list.row(to)?.querySelector("a"))?.focus({ preventScroll: true });
  }

  enter() { /** @type {HTMLElement | null} */ (document.activeElement)?.click(); }

  close() {
    if (!this.selected) return;
    const at = this.shown.indexOf(this.selected);
    this.selected = undefined;
    this.root.classList.remove("reading");
    Route.replace(Route.format("tests", [], this.query()));
    TestDetail.show(this.context, this.detail, this.tests, -1, () => {});
    this.list.refresh();
    if (at >= 0) { this.list.reveal(at); /** @type {HTMLElement | null | undefined} */ (this.list.row(at)?.querySelector("a"))?.focus(); }
  }

  find() { this.search.focus(); }
}
TestsView.ROW = 48;
