"use strict";
/** The queue: every undetected mutant in the order of priority, narrowed by filters, read and decided one after the other. */
class QueueView {
  /** @param {Context} context @param {HTMLElement} root */
  constructor(context, root) {
    this.context = context;
    this.root = root;
    this.table = Filter.table(context.facts, (mutant) => context.choice(mutant));
    /** @type {QueueQuery} */
    this.query = { words: "", chosen: {} };
    /** @type {QueueResult} */
    this.result = { shown: [], counts: new Map() };
    this.grouping = "none";
    /** The test whose mutants are shown, as `target/id`; empty for all. */
    this.test = "";
    /** Lines whose mutants are all shown. @type {Set<number>} */
    this.unfolded = new Set();
    /** @type {Set<string>} */
    this.closed = new Set();
    /** Row of the mutant that is shown beside the list. */
    this.at = -1;
    this.frame = QueueFrame.make({
      search: (words) => this.ask({ ...this.query, words }),
      group: (by) => { this.grouping = by; this.closed.clear(); this.apply(); this.remember(); },
      decide: () => this.bulk.ask(this.result.shown.map((place) => this.table.mutant[place])),
      drawer: (open) => this.drawer(open),
    });
    root.append(this.frame.element);
    this.facets = new Facets(this.frame.facets, (chosen) => this.ask({ ...this.query, chosen }));
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
    context.decisions.listeners.push((keys) => this.noteDecisions(keys));
    /** On paper nothing can be unfolded, so nothing is folded. */
    this.flat = false;
    Printing.watch((on) => {
      if (this.flat === on) return;
      this.flat = on;
      this.apply();
    });
  }

  /** Whether there is room for one pane only. */
  get narrow() { return matchMedia("(max-width: 759px)").matches; }

  /** Show what an address says. @param {{ query: Record<string, string> }} place */
  async open({ query }) {
    this.grouping = QueueFrame.GROUPINGS.includes(query.group) ? query.group : "none";
    this.frame.group.value = this.grouping;
    this.query = Filter.read(query);
    this.frame.search.value = this.query.words;
    this.test = query.test ?? "";
    this.root.classList.toggle("reading", Boolean(query.m));
    if (this.test) await this.onlyRanBy(this.test);
    this.frame.chip.hidden = !this.test;
    this.apply(query.m ? this.context.facts.find(query.m) : -1, true);
    if (!query.m) this.frame.scroll.scrollTo(0, 0);
  }

  /** The address of what is shown now, with a mutant. @param {MutantNumber} [mutant] */
  address(mutant) {
    return Route.format("queue", [], {
      ...Filter.write(this.query), test: this.test, group: this.grouping === "none" ? "" : this.grouping,
      m: mutant !== undefined && mutant >= 0 ? this.context.facts.key(mutant) : "",
    });
  }

  remember() { Route.replace(this.address(this.root.classList.contains("reading") || !this.narrow ? this.mutant.mutant : undefined)); }

  /** @param {QueueQuery} query */
  ask(query) {
    this.query = { ...query, among: this.query.among };
    this.apply();
    this.remember();
    Announce.polite(this.frame.shown.textContent ?? "");
  }

  /** Filter, group and draw anew. The wanted mutant is shown if the list has it, else the first; with `insist` it is shown anyway.
   * @param {MutantNumber} [wanted] @param {boolean} [insist] */
  apply(wanted = this.mutant.mutant, insist = false) {
    const { facts, index } = this.context;
    this.result = Filter.run(this.table, this.query);
    const mutant = (/** @type {number} */ place) => this.table.mutant[place];
    const line = (/** @type {number} */ place) => facts.lineKey(mutant(place));
    /** @type {Record<string, (place: number) => string>} */
    const keys = {
      function: (place) => `${facts.functionName(mutant(place))} · ${facts.file(mutant(place)).path}`,
      line: (place) => facts.place(mutant(place)),
      operator: (place) => facts.operator(mutant(place)),
    };
    if (wanted >= 0 && facts.placeOf[wanted] >= 0) this.unfoldFor(wanted, line);
    const unfolded = this.flat || this.grouping === "line" ? new Set(this.result.shown.map(line)) : this.unfolded;
    const rows = Groups.rows(this.result.shown, { group: keys[this.grouping], line, unfolded, closed: this.closed });
    this.facets.show(this.table.columns, this.result.counts, this.query.chosen);
    this.list.show(rows, wanted);
    this.say(index.queue.mutant.length, rows.length);
    this.at = this.list.find(wanted);
    const alone = this.at < 0 && insist && wanted >= 0;
    if (this.at < 0 && !alone) this.at = this.list.step(-1, 1);
    this.present(alone ? wanted : this.mutantAt(this.at));
    if (this.at >= 0) this.list.list.reveal(this.at);
  }

  /** A mutant that is asked for is not left folded under another. @param {MutantNumber} mutant @param {(place: number) => number} line */
  unfoldFor(mutant, line) {
    const place = this.context.facts.placeOf[mutant];
    const key = line(place);
    const first = this.result.shown.find((other) => line(other) === key);
    if (first !== undefined && first !== place && this.result.shown.includes(place)) this.unfolded.add(key);
  }

  /** @param {number} all @param {number} rows */
  say(all, rows) {
    const { shown } = this.result;
    const { decided } = this.context;
    this.frame.shown.textContent = shown.length === all ? Words.plural(all, "mutant") : `${Words.number(shown.length)} of ${Words.number(all)} shown`;
    this.frame.progress.textContent = `${Words.number(decided)} of ${Words.number(all)} decided`;
    this.frame.bar.max = Math.max(1, all);
    this.frame.bar.value = decided;
    this.frame.empty.hidden = rows > 0;
    Dom.fill(this.frame.empty, all
      ? [Dom.el("p", {}, "Nothing in the queue matches. "), Dom.el("button", { type: "button", onclick: () => this.clear() }, "Show everything")]
      : [Dom.el("p", { class: "good" }, "No survivors."), Dom.el("p", {}, Dom.el("a", { href: "#/tests" }, "Tests"), " shows which properties kill nothing.")]);
    this.root.classList.toggle("no-queue", !all);
  }

  /** `/`: what is shown stays until something is typed. */
  find() {
    if (this.narrow && this.root.classList.contains("reading")) this.close();
    this.frame.search.focus();
    this.frame.search.select();
  }

  clear() {
    this.test = "";
    this.frame.chip.hidden = true;
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

  /** @param {MutantNumber} mutant */
  present(mutant) {
    this.list.select(mutant);
    this.mutant.show(mutant);
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

  focusRow() { /** @type {HTMLElement | null | undefined} */ (this.list.list.row(this.at)?.querySelector("a"))?.focus({ preventScroll: true }); }

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
    if (this.narrow && !this.root.classList.contains("reading")) {
      this.at = to;
      this.list.list.reveal(to);
      this.focusRow();
      return;
    }
    this.go(to, !this.narrow && !inPane);
    if (this.narrow || inPane) this.mutant.focus();
  }

  /** Enter: read the mutant. */
  enter() {
    if (this.narrow && !this.root.classList.contains("reading") && this.at >= 0) this.pick(this.at);
    else this.mutant.focus();
  }

  /** Escape: back to the list; true if there was something to leave. */
  close() {
    if (this.root.classList.contains("filtering")) { this.drawer(false); return true; }
    if (document.activeElement === this.frame.search && this.frame.search.value) {
      this.frame.search.value = "";
      this.ask({ ...this.query, words: "" });
      return true;
    }
    if (this.narrow && this.root.classList.contains("reading")) {
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
    if (row.kind === "head") QueueView.toggle(this.closed, row.key);
    else QueueView.toggle(this.unfolded, facts.lineKey(this.table.mutant[row.place]));
    const at = this.list.rows.indexOf(row);
    this.apply();
    /** @type {HTMLElement | null | undefined} */ (this.list.list.row(at)?.querySelector("[aria-expanded]"))?.focus({ preventScroll: true });
  }

  /** Put a value into a set, or take it out. @template T @param {Set<T>} set @param {T} value */
  static toggle(set, value) { if (!set.delete(value)) set.add(value); }

  /** Fold or unfold the line of the mutant that is shown. */
  toggleFold() {
    const row = this.list.rows[this.at];
    if (row?.kind === "entry" && (row.folded.length || row.under)) this.fold(row);
  }

  /** A decision was made: go on to the next. @param {MutantNumber} mutant @param {Choice} choice */
  decided(mutant, choice) {
    const at = this.list.find(mutant);
    const below = at < 0 ? -1 : this.mutantAt(this.list.step(at, 1));
    const next = below >= 0 ? below : this.firstOpen(mutant);
    Announce.toast(`${choice}. ${Words.number(this.context.decided)} of ${Words.number(this.table.size)} decided.`);
    const goOn = choice !== "open" && next >= 0;
    this.apply(goOn ? next : mutant);
    this.remember();
    if (this.narrow) this.mutant.focus();
    else this.focusRow();
  }

  /** At the end of the list: what is left further up or folded under another. @param {MutantNumber} but @returns {MutantNumber} */
  firstOpen(but) {
    const mutants = this.result.shown.map((place) => this.table.mutant[place]);
    return mutants.find((mutant) => mutant !== but && this.context.choice(mutant) === "open") ?? -1;
  }

  /** @param {string[]} keys */
  undone(keys) {
    Announce.toast(`Taken back: ${Words.plural(keys.length, "decision")}.`);
    this.apply(keys.length === 1 ? this.context.facts.find(keys[0]) : undefined);
    this.remember();
    if (!this.narrow) this.focusRow();
  }

  /** @param {string[]} keys */
  noteDecisions(keys) {
    for (const key of keys) {
      const mutant = this.context.facts.find(key);
      const place = mutant === undefined ? -1 : this.context.facts.placeOf[mutant];
      if (place >= 0) Filter.decided(this.table, place, this.context.decisions.choice(key));
    }
    this.list.list.refresh();
    this.say(this.table.size, this.list.rows.length);
  }

  /** Read which mutants a test ran, file by file. @param {string} test as `target/id` */
  async onlyRanBy(test) {
    const words = (/** @type {string} */ how) => Dom.fill(this.frame.chip, `Run by ${test.slice(test.indexOf("/") + 1)}${how} `,
      Dom.el("button", { type: "button", onclick: () => this.clear() }, "any test"));
    this.frame.chip.hidden = false;
    words(", reading…");
    try {
      this.query.among = await Reach.of(this.context, test, (done, all) => words(`, ${done} of ${all} files read`));
      words("");
    } catch (error) {
      this.query.among = undefined;
      words(`: ${error instanceof Error ? error.message : error}`);
    }
  }
}
