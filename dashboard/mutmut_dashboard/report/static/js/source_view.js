"use strict";
/** A source file as it was judged, with its coverage and its mutants in place; beside it all files, and the line that is looked at. */
class SourceView {
  /** @param {Context} context @param {HTMLElement} root */
  constructor(context, root) {
    this.context = context;
    /** @type {FileNumber} */
    this.file = -1;
    /** @type {FileChunk | undefined} */
    this.chunk = undefined;
    this.line = 0;
    /** Letters of the statuses that are shown. */
    this.statuses = new Set("su");
    this.root = root;
    this.frame = SourceFrame.make({ status: (letters, on) => this.toggle(letters, on), jump: (line) => this.go(line) });
    /** Ticked where only mutants on changed lines are shown; not offered where the page tells none apart. */
    this.changedOnly = Dom.el("input", { type: "checkbox", onchange: () => this.toggle("", false) });
    if (context.index.since) this.frame.offer(Dom.el("label", {}, this.changedOnly, `only lines changed since ${context.index.since.ref}`));
    this.again = context.again && new AgainBand(context, context.again,
      [AgainBand.undetected(context, "m", "file", (mutant) => context.facts.fileOf(mutant) === this.file)], () => ({ mutant: -1, file: this.file }));
    if (this.again) this.frame.under(this.again.element);
    /** Whether what is drawn is older than what is known. */
    this.stale = false;
    context.again?.listeners.push(() => this.note(true));
    context.live?.listeners.push((turned) => this.note([...turned].some((mutant) => context.facts.fileOf(mutant) === this.file)));
    root.append(this.frame.element);
    this.files = new FilesPane(context, this.frame);
    this.rows = new VirtualList(this.frame.code, { height: SourceView.ROW, draw: (at) => this.draw(at + 1), role: "list" });
    this.frame.map.addEventListener("click", (event) => this.jumpOnMap(event));
    context.decisions.listeners.push(() => { this.files.refresh(); if (this.file < 0 && root.hasAttribute("data-active")) this.welcome(); });
  }

  /** @param {{ rest: string[], query: Record<string, string> }} place */
  async open({ rest, query }) {
    const again = rest.length || query.files ? "" : this.lastFile();
    if (again) {
      Route.replace(again);
      const place = Route.parse(again);
      if (place) await this.open(place);
      return;
    }
    const path = rest.join("/");
    const number = this.context.facts.fileByPath.get(path);
    this.root.classList.toggle("reading", number !== undefined);
    this.files.show(number ?? -1);
    if (query.show) this.statuses = new Set(query.show);
    this.frame.tick(this.statuses);
    const wanted = Boolean(this.context.index.since) && query.lines !== "any";
    if (wanted !== this.changedOnly.checked) { this.changedOnly.checked = wanted; this.toggle("", false); }
    if (number === undefined) {
      this.file = -1;
      this.chunk = undefined;
      this.welcome(path ? `This run knows no file ${path}.` : "");
      return;
    }
    Memory.set(this.memory, path);
    const fresh = number !== this.file;
    this.file = number;
    if (fresh) {
      this.frame.loading(path);
      try {
        const chunk = await Data.file(this.context.index, number);
        if (this.file !== number) return;
        this.chunk = chunk;
        this.showFile(chunk);
      } catch (error) {
        this.welcome(String(error instanceof Error ? error.message : error));
        return;
      }
    }
    this.refresh();
    const line = Number.parseInt(query.line ?? "", 10);
    this.look(Number.isInteger(line) ? line : 0, true);
    this.remember(); // what is ticked stays so from file to file, and the address has to say it
  }

  /** Mutants were judged since the page was made. @param {boolean} here whether marks of this file may be other ones now */
  note(here) {
    LinePanel.told(this.context, this.frame.panel);
    this.stale ||= here;
    if (this.root.hasAttribute("data-active")) this.refresh();
  }

  /** Draw anew what is in sight, if it has to be; what is not in sight has no size. */
  refresh() {
    if (this.stale && this.chunk && this.file >= 0) this.redraw();
  }

  /** What a mutant is: what it is found to be now, else what the page has. @param {MutantNumber} mutant */
  status(mutant) { return this.context.now(mutant) ?? this.context.facts.status(mutant); }

  /** Show where to begin, and what went wrong if anything did. @param {string} [words] */
  welcome(words = "") { this.frame.welcome(words, SourceStart.draw(this.context)); }

  /** Where the last file's name is kept. */
  get memory() { return `source:${this.context.index.report}`; }

  /** Address of the only file, or of the one that was opened last; empty where the reader has to choose. */
  lastFile() {
    const { index, facts } = this.context;
    const path = index.files.length === 1 ? index.files[0].path : Memory.get(this.memory);
    return path !== null && facts.fileByPath.has(path) ? Route.source(path) : "";
  }

  /** @param {FileChunk} chunk */
  showFile(chunk) {
    const { index } = this.context;
    const file = index.files[this.file];
    const own = this.mutantsBy((letter) => "su".includes(letter)).length;
    const excluded = [...chunk.coverage].filter((letter) => letter === "x").length;
    this.frame.title(file, `${Words.plural(own, "undetected mutant")} of ${Words.number(file.count)}${excluded ? ` · ${Words.plural(excluded, "line")} ${Words.COVERAGE.x.words}` : ""}`,
      Copies.editor(index.editor, index.root, file.path, 1));
    this.again?.refresh("");
    this.frame.functions(this.functions());
    this.frame.code.style.minWidth = `calc(${Math.min(SourceView.WIDEST, Math.max(0, ...Code.lines(chunk).map((line) => line.length)))}ch + 128px)`;
    this.byLine = this.group();
    this.rows.anchored = -1;
    this.rows.show(Code.lines(chunk).length);
    this.drawMap();
  }

  /** Functions of the file and where they begin. @returns {{ name: string, line: number }[]} */
  functions() {
    const { functions } = this.context.index;
    const found = [];
    for (let at = 0; at < functions.name.length; at += 1) {
      if (functions.file[at] === this.file) found.push({ name: functions.name[at], line: functions.line[at] });
    }
    return found.sort((one, other) => one.line - other.line);
  }

  /** @param {(letter: string, mutant: MutantNumber) => boolean} which @returns {MutantNumber[]} */
  mutantsBy(which) {
    const { first, count } = this.context.index.files[this.file];
    const found = [];
    for (let mutant = first; mutant < first + count; mutant += 1) if (which(this.context.facts.status(mutant), mutant)) found.push(mutant);
    return found;
  }

  /** Line -> the mutants on it that are shown. @returns {Map<number, MutantNumber[]>} */
  group() {
    /** @type {Map<number, MutantNumber[]>} */
    const found = new Map();
    const { changed } = this.context.facts;
    for (const mutant of this.mutantsBy((letter, one) => this.statuses.has(letter) || this.statuses.has(this.status(one)))) {
      if (this.changedOnly.checked && !changed.has(mutant)) continue;
      const line = this.context.facts.line(mutant);
      const group = found.get(line);
      if (group) group.push(mutant);
      else found.set(line, [mutant]);
    }
    return found;
  }

  /** @param {string} letters @param {boolean} on */
  toggle(letters, on) {
    for (const letter of letters) if (on) this.statuses.add(letter); else this.statuses.delete(letter);
    if (!this.chunk || this.file < 0) return;
    this.redraw();
    this.remember();
  }

  redraw() {
    this.stale = false;
    this.byLine = this.group();
    this.rows.refresh();
    this.drawMap();
  }

  remember() {
    const shown = [...this.statuses].sort().join("");
    const path = this.context.index.files[this.file]?.path;
    if (!path) return;
    const pairs = [shown === "su" ? "" : `show=${encodeURIComponent(shown)}`, this.context.index.since && !this.changedOnly.checked ? "lines=any" : ""].filter(Boolean);
    Route.replace(Route.source(path, this.line) + (pairs.length ? `${this.line ? "&" : "?"}${pairs.join("&")}` : ""));
  }

  /** @param {number} line @returns {HTMLElement} */
  draw(line) {
    const chunk = /** @type {FileChunk} */ (this.chunk);
    const mutants = this.byLine?.get(line) ?? [];
    const path = this.context.index.files[this.file].path;
    const states = mutants.map((mutant) => this.status(mutant));
    const changed = mutants.filter((mutant) => this.context.now(mutant)).length;
    const words = mutants.length ? `Line ${line}: ${Words.plural(mutants.length, "mutant")}, ${states.filter((letter) => "su".includes(letter)).length} undetected${changed ? `, ${changed} judged otherwise since` : ""}` : "";
    return Dom.el("li", { class: `code-line${line === this.line ? " selected" : ""}` },
      Dom.el("span", { class: Code.coverageClass(chunk, line), title: Code.coverageWords(chunk, line) }),
      Dom.el("a", { class: "no", href: Route.source(path, line), tabindex: -1, "aria-label": `Line ${line}`,
        onclick: (/** @type {Event} */ event) => { event.preventDefault(); this.go(line); } }, line),
      mutants.length
        ? Dom.el("button", { type: "button", class: `line-mutants${changed ? " news" : ""}`, title: words, "aria-label": words, "aria-current": line === this.line ? "true" : null, onclick: () => this.go(line, true) }, Dots.draw(states))
        : Dom.el("span", { class: "line-mutants" }),
      Dom.el("code", { class: "src" }, Marks.line(chunk, line, this.detailsOf(mutants), states.includes("s") ? "survived" : "uncovered")));
  }

  /** @param {MutantNumber[]} mutants */
  detailsOf(mutants) {
    const chunk = /** @type {FileChunk} */ (this.chunk);
    return mutants.filter((mutant) => "su".includes(this.status(mutant))).map((mutant) => this.context.detail(chunk, mutant));
  }

  /** Look at a line and remember it. @param {number} line @param {boolean} [focus] whether the panel takes the focus */
  go(line, focus = false) {
    this.look(line, false);
    this.remember();
    if (focus) this.frame.panel.focus();
  }

  /** @param {number} line @param {boolean} centre */
  look(line, centre) {
    const chunk = /** @type {FileChunk} */ (this.chunk);
    this.line = line >= 1 && line <= Code.lines(chunk).length ? line : 0;
    if (this.line) this.rows.reveal(this.line - 1, centre);
    else if (centre) this.frame.scroll.scrollTo(0, 0);
    this.rows.refresh();
    LinePanel.show(this.context, this.frame.panel, { file: this.file, line: this.line, chunk });
  }

  /** The next line with mutants that are shown. @param {1 | -1} by */
  step(by) {
    if (!this.chunk || this.files.focused >= 0) { this.files.step(by); return; }
    const lines = [...new Set([...this.byLine?.keys() ?? [], ...this.notRun])].sort((one, other) => by * (one - other));
    const next = lines.find((line) => (by > 0 ? line > this.line : line < (this.line || Infinity)));
    if (next === undefined) { Announce.polite(by > 0 ? "That was the last such line." : "That was the first such line."); return; }
    this.go(next);
    /** @type {HTMLElement | null | undefined} */ (this.rows.row(next - 1)?.querySelector("button, a:not(:has(~ button))"))?.focus({ preventScroll: true });
  }

  /** Lines that no test runs, and those whose branches not all are taken, where they are asked for. @returns {number[]} */
  get notRun() {
    if (!this.chunk || !this.statuses.has("~")) return [];
    return [...this.chunk.coverage].flatMap((letter, at) => ("mp".includes(letter) ? [at + 1] : []));
  }

  /** Go on to another file, in their order. @param {1 | -1} by */
  otherFile(by) {
    const next = this.context.index.files[this.file + by];
    if (next) Route.go(Route.source(next.path));
    else Announce.toast(by > 0 ? "That was the last file." : "That was the first file.");
  }

  enter() {
    if (this.files.focused >= 0) /** @type {HTMLElement | null} */ (document.activeElement)?.click();
    else if (this.line) this.frame.panel.focus();
  }

  close() {
    if (this.frame.panel.contains(document.activeElement)) /** @type {HTMLElement | null | undefined} */ (this.rows.row(this.line - 1)?.querySelector("button, a"))?.focus();
    else if (this.file >= 0 && matchMedia("(max-width: 759px)").matches) Route.go(SourceFrame.FILES);
  }

  find() { this.files.search.focus(); }

  drawMap() {
    const { map } = this.frame;
    const all = this.linesOfMap;
    const height = all * Math.min(1, SourceView.MARK / (map.clientHeight || 1));
    map.setAttribute("viewBox", `0 0 10 ${all}`);
    const marked = new Map([...this.notRun.map((line) => /** @type {[number, MutantNumber[]]} */ ([line, []])), ...this.byLine ?? []]);
    map.replaceChildren(...[...marked].map(([line, mutants]) => {
      const letters = mutants.map((mutant) => this.status(mutant));
      const status = letters.includes("s") ? "survived" : letters.includes("u") ? "uncovered" : Words.STATUS[letters[0]]?.word ?? "not-run";
      return Dom.svg("rect", { class: `fill ${status}`, "data-line": line, x: 1, width: 8, y: line - 0.5 - height / 2, height });
    }));
  }

  /** How many lines the map is high: a short file's marks stand beside their lines. */
  get linesOfMap() { return Math.max(this.rows.count, this.frame.map.clientHeight / SourceView.ROW, 1); }

  /** @param {MouseEvent} event */
  jumpOnMap(event) {
    const box = this.frame.map.getBoundingClientRect();
    const wanted = ((event.clientY - box.top) / box.height) * this.linesOfMap;
    const lines = [...this.byLine?.keys() ?? []];
    if (lines.length) this.go(lines.reduce((best, line) => (Math.abs(line - wanted) < Math.abs(best - wanted) ? line : best)));
  }
}
SourceView.ROW = 24;
SourceView.WIDEST = 400;
/** Height of a mark on the map, in pixels. */
SourceView.MARK = 5;
