"use strict";
/** The list of the queue: rows of two lines, under heads where they are grouped. */
class QueueList {
  /** @param {Context} context @param {HTMLElement} host
   * @param {{ address: (mutant: MutantNumber) => string, fold: (row: QueueRow) => void, bulk: (places: number[]) => void, pick: (at: number) => void }} then */
  constructor(context, host, then) {
    this.context = context;
    this.then = then;
    /** @type {QueueRow[]} */
    this.rows = [];
    /** @type {MutantNumber} */
    this.selected = -1;
    /** Whether each entry says what judging it took. */
    this.costs = false;
    /** Mutants by place and places by mutant. @type {{ mutant: MutantNumber[], placeOf: Int32Array }} */
    this.table = { mutant: context.index.queue.mutant, placeOf: context.facts.placeOf };
    this.late = new LateDetails(context, {
      inSight: () => [...this.list.drawn.keys()].flatMap((at) => { const row = this.rows[at]; return row?.kind === "entry" && this.isOther(row.place) ? [this.mutant(row.place)] : []; }),
      read: (file) => this.list.refresh((at) => { const row = this.rows[at]; return row?.kind === "entry" && this.isOther(row.place) && context.facts.fileOf(this.mutant(row.place)) === file; }),
    });
    this.list = new VirtualList(host, { height: QueueList.ROW, draw: (at) => this.draw(at), role: "list" });
    context.again?.listeners.push(() => this.list.refresh());
    context.live?.listeners.push((turned) => this.list.refresh((at) => { const row = this.rows[at]; return row.kind === "entry" && turned.has(this.mutant(row.place)); }));
  }

  /** Take other rows, to be drawn by `show`. @param {QueueRow[]} rows @param {{ mutant: MutantNumber[], placeOf: Int32Array }} table */
  take(rows, table) {
    this.list.clear();
    this.rows = rows;
    this.table = table;
  }

  /** Draw the rows, with one of them in sight. @param {number} at a row, or -1 */
  show(at) { this.list.show(this.rows.length, at); }

  /** Draw anew and leave the focus on the row that has it, whatever its number is then. @param {() => void} draw */
  keepFocus(draw) {
    const held = [...this.list.drawn].find(([, element]) => element.contains(document.activeElement));
    const row = held && this.rows[held[0]];
    draw();
    const at = row ? this.rows.findIndex((other) => (other.kind === "head" ? row.kind === "head" && other.key === row.key : row.kind === "entry" && other.place === row.place)) : -1;
    if (at < 0) return;
    this.list.anchored = at;
    this.list.update();
    /** @type {HTMLElement | null | undefined} */ (this.list.row(at)?.querySelector("a, button"))?.focus({ preventScroll: true });
  }

  /** Chromium reads the whole page's text at its first layout after loading. Drawing a row out of sight again has that
   * happen now and not at the reader's first key. */
  settle() { this.list.refresh((at) => at === this.list.range[1]); }

  /** @param {MutantNumber} mutant */
  select(mutant) {
    if (mutant === this.selected) return;
    const changed = [this.selected, mutant];
    this.selected = mutant;
    this.list.refresh((at) => { const row = this.rows[at]; return row.kind === "entry" && changed.includes(this.mutant(row.place)); });
  }

  /** @param {number} place */
  mutant(place) { return this.table.mutant[place]; }

  /** Whether an entry is none of the undetected ones. @param {number} place */
  isOther(place) { return place >= this.context.index.queue.mutant.length; }

  /** Row of a mutant, or -1. @param {MutantNumber} mutant */
  find(mutant) {
    const place = this.table.placeOf[mutant] ?? -1;
    return place < 0 ? -1 : this.rows.findIndex((row) => row.kind === "entry" && row.place === place);
  }

  /** The next row with a mutant from a row on, or -1. @param {number} at @param {1 | -1} by */
  step(at, by) {
    for (let row = at + by; row >= 0 && row < this.rows.length; row += by) if (this.rows[row].kind === "entry") return row;
    return -1;
  }

  /** Whether a head stands between two rows. @param {number} from @param {number} to @param {string} key */
  headBetween(from, to, key) { return this.rows.slice(from, to).some((row) => row.kind === "head" && row.key === key); }

  /** @param {number} at */
  draw(at) {
    const row = this.rows[at];
    return row.kind === "head" ? this.head(row) : this.entry(row, at);
  }

  /** @param {Extract<QueueRow, { kind: "head" }>} row */
  head(row) {
    if (row.key === QueueOrder.DECIDED) return this.decidedHead(row);
    const undetected = row.places.filter((place) => !this.isOther(place));
    const decided = undetected.filter((place) => this.context.choice(this.mutant(place)) !== "open").length;
    const count = Words.plural(row.places.length, "mutant");
    return Dom.el("li", { class: "group-head" },
      Dom.el("button", { type: "button", class: "fold-group", "aria-expanded": String(row.open), onclick: () => this.then.fold(row) },
        Dom.el("code", { title: row.key }, row.key), Dom.el("span", { class: "quiet" }, decided ? `${count}, ${Words.number(decided)} decided` : count)),
      undetected.length > 0 && this.decideAll(row, undetected));
  }

  /** @param {Extract<QueueRow, { kind: "head" }>} row @param {number[]} undetected */
  decideAll({ key, places }, undetected) {
    const all = undetected.length === places.length;
    const label = `${all ? "Decide all" : "Decide undetected:"} ${Words.plural(undetected.length, "mutant")} of ${key}`;
    return Dom.el("button", { type: "button", class: "bulk-button", "aria-label": label, onclick: () => this.then.bulk(undetected) }, all ? "decide all" : "decide undetected");
  }

  /** The head over what is decided. @param {Extract<QueueRow, { kind: "head" }>} row */
  decidedHead(row) {
    return Dom.el("li", { class: "group-head decided-head" },
      Dom.el("button", { type: "button", class: "fold-group", "aria-expanded": String(row.open), onclick: () => this.then.fold(row) },
        Dom.el("b", {}, `Decided (${Words.number(row.places.length)})`),
        Dom.el("span", { class: "quiet" }, row.open ? "fold away" : "show them")));
  }

  /** @param {Extract<QueueRow, { kind: "entry" }>} row @param {number} at */
  entry(row, at) {
    const { index, facts } = this.context;
    const mutant = this.mutant(row.place);
    const selected = mutant === this.selected;
    const dot = () => Dom.el("span", { class: "dot", "aria-hidden": "true" }, " · ");
    return Dom.el("li", { class: `entry${selected ? " selected" : ""}${row.under ? " under" : ""}` },
      Dom.el("a", { href: this.then.address(mutant), "aria-current": selected ? "true" : null,
        onclick: (/** @type {MouseEvent} */ event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          this.then.pick(at);
        } },
      Dom.el("span", { class: "first-line" }, Dom.status(facts.status(mutant), false), " ",
        this.isOther(row.place) ? this.lateChange(mutant) : [Dom.change(index.queue.original[row.place], index.queue.replacement[row.place]),
          Dom.el("span", { class: "reason-words", title: index.reasons[index.queue.reason[row.place]] }, index.reasons[index.queue.reason[row.place]])]),
      Dom.el("span", { class: "second-line" }, this.badges(row.place, mutant),
        Dom.el("code", {}, facts.functionName(mutant)), dot(),
        Dom.el("span", { title: facts.place(mutant) }, Words.shortPath(facts.place(mutant))), dot(), facts.operator(mutant),
        this.costs && !this.isOther(row.place) && [dot(), Dom.count(Words.duration(index.queue.seconds[row.place]))])),
      row.folded.length > 0 && Dom.el("button", { type: "button", class: "fold", "aria-expanded": String(row.open),
        "aria-label": `${Words.plural(row.folded.length, "more mutant")} on line ${facts.line(mutant)}`, onclick: () => this.then.fold(row) },
      row.open ? "−" : `+${row.folded.length}`),
      this.list.whole && Paper.details(this.context, mutant));
  }

  /** What a mutant changes that the index does not tell of, once its file's data was read. @param {MutantNumber} mutant */
  lateChange(mutant) {
    const detail = this.late.of(mutant);
    if (!detail) return [Dom.el("span", { class: "quiet" }, "…")];
    const short = (/** @type {string} */ text) => Words.oneLine(text, QueueList.LONGEST);
    return [Dom.change(short(detail.original), short(detail.replacement)), Dom.el("span", { class: "reason-words" }, detail.skipReason ?? detail.ended ?? "")];
  }

  /** @param {number} place @param {MutantNumber} mutant */
  badges(place, mutant) {
    const { decisions, facts, index } = this.context;
    const key = facts.key(mutant);
    const choice = decisions.choice(key);
    const given = decisions.given(key);
    const words = [
      choice !== "open" ? choice : "",
      decisions.draft(key) ? "draft" : "",
      choice === "open" && given && given.standing !== "applies" ? given.standing : "",
      index.queue.fresh[place] === 1 ? "new" : "",
      facts.status(mutant) === "s" ? "" : Words.STATUS[facts.status(mutant)].word,
      facts.shadowOf.has(place) ? "shadowed" : "",
      facts.varied.has(mutant) ? "varied" : "",
    ].filter(Boolean);
    const now = Words.STATUS[this.context.now(mutant) ?? ""]?.word;
    return [...words.map((word) => Dom.el("span", { class: `badge ${word}` }, word, " ")),
      now && Dom.el("span", { class: `badge ${now}` }, `${now} now `)];
  }
}
/** Height of a row in pixels; dashboard.css has it too. */
QueueList.ROW = 48;
/** Characters of a fragment, as in the index. */
QueueList.LONGEST = 120;
