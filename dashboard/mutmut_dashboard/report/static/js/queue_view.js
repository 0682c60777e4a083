"use strict";
/** The queue: every undetected mutant in the order of priority, and others where a filter asks for them, read and decided one after the other. */
class QueueView {
  /** @param {Context} context @param {HTMLElement} root */
  constructor(context, root) {
    this.context = context;
    this.root = root;
    this.tables = new QueueTables(context);
    this.table = this.tables.queue;
    this.table.texts.prepare(() => this.list?.settle());
    /** @type {QueueQuery} */
    this.query = { words: "", chosen: {} };
    /** @type {QueueResult} */
    this.result = { shown: [], counts: new Map() };
    /** Order or grouping, one of `QueueOrder.CHOICES`; empty is by priority. */
    this.by = "";
    /** The test whose mutants are shown, as `target/id`; empty for all. */
    this.test = "";
    /** Lines whose mutants are all shown. @type {Set<number>} */
    this.unfolded = new Set();
    /** Heads whose entries are folded away. */
    this.closed = new Set([QueueOrder.DECIDED]);
    /** Row of the mutant that is shown beside the list. */
    this.at = -1;
    /** The mutant that was shown when a search began. @type {MutantNumber} */
    this.sought = -1;
    this.frame = QueueFrame.make({
      search: (words) => this.ask({ ...this.query, words }, Route.replaceLater),
      group: (by) => this.order(by),
      decide: () => this.bulk.ask(this.apart ? this.openMutants : this.undetectedMutants),
      take: () => this.exports.ask(this.shownMutants, this.address()),
      drawer: (open) => this.drawer(open),
    });
    root.append(this.frame.element);
    this.chip = new TestChip(context, this.frame.chip, () => this.clear());
    this.facets = new Facets(this.frame.facets, (chosen) => this.ask({ ...this.query, chosen }));
    this.tests = new TestFacet(context, this.frame.tests, (test) => { this.test = test; Route.go(this.address(this.mutant.mutant)); });
    this.list = new QueueList(context, this.frame.rows, {
      address: (mutant) => this.address(mutant),
      fold: (row) => this.fold(row),
      bulk: (places) => this.bulk.ask(places.map((place) => this.table.mutant[place])),
      pick: (at) => this.pick(at),
    });
    this.mutant = new MutantView(context, this.frame.pane, {
      decided: (mutant, choice) => this.decided(mutant, choice),
      undone: (keys) => this.undone(keys),
      back: () => this.close(),
    });
    this.bulk = new Bulk(context, () => this.apply());
    this.exports = new ExportPanel(context);
    context.decisions.listeners.push((keys) => this.noteDecisions(keys));
    /** On paper nothing can be unfolded, so nothing is folded. */
    this.flat = false;
    Printing.watch((on) => {
      if (this.flat === on) return;
      this.flat = on;
      this.frame.filtered.textContent = Paper.filters(this.table.columns, this.query, this.by);
      this.list.keepFocus(() => this.apply());
    });
  }

  /** Whether there is room for one pane only. */
  get narrow() { return matchMedia("(max-width: 759px)").matches; }

  /** Whether a mutant is read instead of the list. */
  get reading() { return this.narrow && this.root.classList.contains("reading"); }

  /** Show what an address says. @param {{ query: Record<string, string> }} place */
  async open({ query }) {
    this.by = QueueOrder.CHOICES.includes(query.group) ? query.group : "";
    this.frame.group.value = this.by;
    this.query = Filter.read(query, this.context.index.since);
    this.frame.search.value = this.query.words;
    this.test = query.test ?? "";
    this.root.classList.toggle("reading", Boolean(query.m));
    this.query.among = await this.chip.among(this.test, this.tables.of(this.query).mutant);
    this.apply(query.m ? this.context.facts.find(query.m) : -1, true);
    if (!query.m) this.frame.scroll.scrollTo(0, 0);
    else if (document.activeElement?.id === "content") { if (this.reading) this.mutant.focus(); else this.focusRow(); }
  }

  /** The address of what is shown now, with a mutant. @param {MutantNumber} [mutant] */
  address(mutant) {
    return Route.format("queue", [], {
      ...Filter.write(this.query, this.context.index.since), test: this.test, group: this.by,
      m: mutant !== undefined && mutant >= 0 ? this.context.facts.key(mutant) : "",
    });
  }

  /** @param {(address: string) => void} [replace] */
  remember(replace = Route.replace) { replace(this.address(this.reading || !this.narrow ? this.mutant.mutant : undefined)); }

  /** @param {QueueQuery} query @param {(address: string) => void} [replace] the address, at once or later */
  ask(query, replace) {
    const unread = this.test && Filter.isWide(query) !== Filter.isWide(this.query); // which mutants of other statuses the test ran
    this.query = { ...query, among: this.query.among };
    if (unread) { Route.go(this.address()); return; }
    this.apply(undefined, false, Dom.paused);
    this.remember(replace);
    Announce.polite(this.frame.shown.textContent ?? "");
  }

  /** Filter, group and draw anew. The wanted mutant is shown if the list has it, else the first; with `insist` it is shown anyway.
   * @param {MutantNumber} [wanted] @param {boolean} [insist] @param {() => Promise<void>} [wait] before the mutant's body is drawn */
  apply(wanted = this.mutant.mutant, insist = false, wait = Dom.painted) {
    const { facts } = this.context;
    this.table = this.tables.of(this.query);
    this.result = Filter.run(this.table, this.query);
    if (wanted >= 0 && this.table.placeOf[wanted] >= 0) this.unfoldFor(wanted, insist);
    const rows = QueueOrder.rows(facts, { places: this.result.shown, by: this.by, isDecided: this.isDecided, apart: this.apart,
      unfolded: this.unfolded, closed: this.closed, flat: this.flat, mutants: this.table.mutant });
    this.list.costs = this.by === "cost";
    this.frame.rule.textContent = `${QueueOrder.rule(this.by, this.context.index.rule)}${this.table.size > this.table.listed ? ` ${QueueOrder.OTHERS}` : ""}`;
    ChangedChip.show(this.context.index, this.frame.base, this.query.chosen.changed, () => this.ask({ ...this.query, chosen: { ...this.query.chosen, changed: [] } }));
    const facets = (/** @type {QueueResult["counts"]} */ counts) => this.facets.show(this.table.columns, counts, this.query.chosen);
    facets(this.tables.counts(this.query, this.result, facets));
    this.tests.show(() => (this.query.among ? Filter.run(this.table, { ...this.query, among: undefined }).shown : this.result.shown), this.test, this.table.mutant);
    this.list.take(rows, this.table);
    this.say();
    this.at = this.list.find(wanted);
    const alone = this.at < 0 && insist && wanted >= 0;
    if (this.at < 0 && !alone) this.at = this.list.step(-1, 1);
    this.present(alone ? wanted : this.mutantAt(this.at), wait);
    this.list.show(this.at); // last, since to know what is in sight all before it is laid out
  }

  /** Whether an entry is decided. @param {number} place */
  isDecided = (place) => Filter.isDecided(this.table, place);

  /** Whether what is decided stands apart, at the end: not where decisions are filtered for. */
  get apart() { return !this.query.chosen.decision?.length; }

  /** The entries that are shown in their order, those undecided first where the list has them first. @returns {MutantNumber[]} */
  get shownMutants() {
    const { open, done } = QueueOrder.parts(QueueOrder.sorted(this.context.facts, this.by, this.result.shown), this.isDecided, this.apart);
    return [...open, ...done].map((place) => this.table.mutant[place]);
  }

  /** Those of them that can be decided about. @returns {MutantNumber[]} */
  get undetectedMutants() { return this.shownMutants.filter((mutant) => this.context.facts.placeOf[mutant] >= 0); }

  /** Those of these that are undecided. @returns {MutantNumber[]} */
  get openMutants() { return this.undetectedMutants.filter((mutant) => this.context.choice(mutant) === "open"); }

  /** Order or group anew. @param {string} by */
  order(by) {
    this.by = by;
    this.closed = new Set(this.closed.has(QueueOrder.DECIDED) ? [QueueOrder.DECIDED] : []);
    this.apply();
    this.remember();
  }

  /** A mutant that is asked for is not left folded under another; only one asked for by its address opens what is decided.
   * @param {MutantNumber} mutant @param {boolean} insist */
  unfoldFor(mutant, insist) {
    const place = this.table.placeOf[mutant];
    const { by, apart, isDecided, result: { shown } } = this;
    if (!shown.includes(place)) return;
    if (apart && isDecided(place) && insist) this.closed.delete(QueueOrder.DECIDED);
    const key = QueueOrder.foldOver(this.context.facts, { places: shown, by, isDecided, apart }, place);
    if (key !== undefined) this.unfolded.add(key);
  }

  say() {
    const [shown, all] = [this.result.shown.length, this.table.size];
    this.frame.count(this.table, this.result.shown, this.context.decided);
    this.frame.empty.hidden = this.list.rows.some((row) => row.kind === "entry" || row.key !== QueueOrder.DECIDED);
    this.frame.nothing(all, shown, () => this.clear(), this.query.words);
    this.root.classList.toggle("no-queue", !all);
    this.root.classList.toggle("no-mutants", !this.context.facts.count);
  }

  /** `/`: what is shown stays until something is typed. */
  find() {
    if (this.reading) this.close();
    this.sought = this.mutant.mutant;
    this.frame.search.focus();
    this.frame.search.select();
  }

  clear() {
    this.test = "";
    this.chip.say("", "");
    this.query = { words: "", chosen: {} };
    this.frame.search.value = "";
    this.apply();
    this.remember();
    this.frame.search.focus();
  }

  /** @param {number} at @returns {MutantNumber} */
  mutantAt(at) {
    const row = this.list.rows[at];
    return row?.kind === "entry" ? this.table.mutant[row.place] : -1;
  }

  /** @param {MutantNumber} mutant @param {() => Promise<void>} [wait] */
  present(mutant, wait) {
    this.list.select(mutant);
    this.mutant.show(mutant, wait);
  }

  /** Show a row's mutant and remember it in the address. @param {number} at @param {boolean} [focus] */
  go(at, focus = true) {
    if (at < 0) return;
    this.at = at;
    this.list.list.reveal(at);
    this.present(this.mutantAt(at));
    this.remember();
    if (focus) this.focusRow();
  }

  /** Without a row what stands in its place gets the focus, so that the keys go on working from there. */
  focusRow() { (/** @type {HTMLElement | null | undefined} */ (this.list.list.row(this.at)?.querySelector("a")) ?? this.frame.empty).focus({ preventScroll: true }); }

  /** A row was clicked. @param {number} at */
  pick(at) {
    if (!this.narrow) { this.go(at); return; }
    this.at = at;
    Route.go(this.address(this.mutantAt(at)));
  }

  /** Next or previous. @param {1 | -1} by */
  step(by) {
    const from = this.at < 0 && by < 0 ? this.list.rows.length : this.at;
    const to = this.list.step(from, by);
    if (to < 0) { Announce.polite(by > 0 ? "That was the last." : "That was the first."); return; }
    const inPane = this.mutant.host.contains(document.activeElement);
    this.go(to, !this.reading && !inPane);
    if (this.reading || inPane) this.mutant.focus();
  }

  /** Decide about the mutant that is looked at; a reason is asked for where there is room for it. @param {Choice} choice */
  decide(choice) {
    if (this.narrow && !this.reading && this.mutant.bar.offered && this.mutant.bar.asks(choice)) { this.root.classList.add("reading"); this.remember(); }
    this.mutant.bar.press(choice);
  }

  /** Enter: read the mutant. */
  enter() {
    if (this.narrow && !this.reading && this.at >= 0) this.pick(this.at);
    else this.mutant.focus();
  }

  /** Escape: back to the list; true if there was something to leave. */
  close() {
    if (this.root.classList.contains("filtering")) { this.drawer(false); return true; }
    if (document.activeElement === this.frame.search && this.frame.search.value) {
      this.frame.search.value = "";
      this.query = { ...this.query, words: "" };
      this.apply(this.sought);
      this.remember();
      this.focusRow();
      return true;
    }
    if (this.reading) {
      this.root.classList.remove("reading");
      Route.replace(this.address());
      this.list.list.update();
      if (this.at >= 0) this.list.list.reveal(this.at, true);
    }
    this.focusRow();
    return true;
  }

  /** @param {boolean} open */
  drawer(open) {
    this.root.classList.toggle("filtering", open);
    this.frame.filterButton.setAttribute("aria-expanded", String(open));
    if (open) this.frame.side.focus();
    else this.frame.filterButton.focus();
  }

  /** @param {QueueRow} row */
  fold(row) {
    const { facts } = this.context;
    if (row.kind === "head") QueueOrder.toggle(this.closed, row.key);
    else QueueOrder.toggle(this.unfolded, facts.foldKey(this.table.mutant[row.place]));
    const at = this.list.rows.indexOf(row);
    this.apply();
    /** @type {HTMLElement | null | undefined} */ (this.list.list.row(at)?.querySelector("[aria-expanded]"))?.focus({ preventScroll: true });
  }

  /** Fold or unfold the line of the mutant that is shown. */
  toggleFold() {
    const row = this.list.rows[this.at];
    if (row?.kind === "entry" && (row.folded.length || row.under)) this.fold(row);
  }

  /** A decision was made: go on to the next. @param {MutantNumber} mutant @param {Choice} choice */
  decided(mutant, choice) {
    const at = this.list.find(mutant);
    // At the end of the list: what is left further up or folded under another.
    const below = at < 0 ? -1 : this.list.step(at, 1);
    const next = below >= 0 && this.context.facts.placeOf[this.mutantAt(below)] >= 0 && !this.list.headBetween(at, below, QueueOrder.DECIDED) ? this.mutantAt(below) : this.openMutants.find((one) => one !== mutant) ?? -1;
    Announce.toast(`${choice}. ${Words.number(this.context.decided)} of ${Words.number(this.table.listed)} decided.`);
    const goOn = choice !== "open" && next >= 0;
    this.apply(goOn ? next : mutant);
    this.remember();
    if (this.at < 0) this.close();
    else if (this.reading) this.mutant.focus();
    else this.focusRow();
  }

  /** @param {string[]} keys */
  undone(keys) {
    Announce.toast(`Taken back: ${Words.plural(keys.length, "decision")}.`);
    if (Route.parse(location.hash)?.view !== "queue") return; // the reader is elsewhere or on the way; opening this view draws it anew
    this.apply(keys.length === 1 ? this.context.facts.find(keys[0]) : undefined);
    this.remember();
    if (!this.reading) this.focusRow();
  }

  /** @param {string[]} keys */
  noteDecisions(keys) {
    this.tables.decided(keys);
    this.list.list.refresh();
    this.say();
  }
}
