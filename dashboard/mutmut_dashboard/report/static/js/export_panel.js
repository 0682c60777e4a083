"use strict";
/** Asks in which format the list that is shown is taken along, and hands it over as a file or to the clipboard. */
class ExportPanel {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    /** @type {MutantNumber[]} */
    this.mutants = [];
    this.address = "";
    this.title = Dom.el("h2", { id: "export-title" });
    this.words = Dom.el("p", { class: "quiet" }, "As the filters show them and in this order, with those folded away. Changes stand on one line each.");
    this.formats = ExportPanel.FORMATS.map(({ name, words }, at) => Dom.el("label", {},
      Dom.el("input", { type: "radio", name: "export-format", value: name, checked: at === 0 }), ` ${name} `, Dom.el("span", { class: "quiet" }, words)));
    this.narrowed = Dom.el("p", { class: "quiet" }, "This is not the whole list. As SARIF it says so, as the category ", Dom.el("code", {}, ListSarif.FILTERED),
      ": code scanning keeps it apart, and takes nothing that is left out for mended.");
    this.alerts = Dom.el("p", { class: "quiet" });
    this.said = Dom.el("p", { class: "quiet", role: "status" });
    this.dialog = Dom.el("dialog", { class: "bulk", "aria-labelledby": "export-title" }, this.title, this.words,
      Dom.el("form", { method: "dialog", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.download(); } },
        Dom.el("fieldset", { class: "bulk-choices" }, Dom.el("legend", { class: "sr" }, "Format"), this.formats), this.alerts, this.narrowed, this.said,
        Dom.el("p", { class: "actions" }, Dom.el("button", { type: "submit", class: "main" }, "Download"),
          Dom.el("button", { type: "button", onclick: (/** @type {Event} */ event) => this.copy(/** @type {HTMLElement} */ (event.currentTarget)) }, "Copy"),
          Dom.el("button", { type: "button", onclick: () => this.dialog.close() }, "Close"))));
    document.body.append(this.dialog);
  }

  /** @param {MutantNumber[]} mutants in the order of the list @param {string} address */
  ask(mutants, address) {
    this.mutants = mutants;
    this.address = address;
    this.title.textContent = `Export ${Words.plural(mutants.length, "mutant")}`;
    const alerts = this.undetected.length;
    this.narrowed.hidden = !alerts || alerts === this.context.index.queue.mutant.length;
    this.sayAlerts(alerts);
    this.said.textContent = "";
    this.dialog.showModal();
  }

  /** The undetected ones of the list: there are alerts of no others. */
  get undetected() { return this.mutants.filter((mutant) => this.context.facts.placeOf[mutant] >= 0); }

  /** Whether others are listed, too. */
  get mixed() { return this.undetected.length < this.mutants.length; }

  /** Offer SARIF for what it has alerts of. @param {number} alerts */
  sayAlerts(alerts) {
    this.alerts.hidden = !this.mixed;
    this.alerts.textContent = alerts ? `SARIF holds the undetected ones only: ${Words.number(alerts)} of ${Words.number(this.mutants.length)}.`
      : "None of these is undetected, so there is nothing for SARIF.";
    for (const radio of this.dialog.querySelectorAll("input")) {
      if (radio.value === "SARIF") radio.disabled = this.mixed && !alerts;
      if (radio.disabled && radio.checked) /** @type {HTMLInputElement} */ (this.dialog.querySelector("input[name=export-format]")).checked = true;
    }
  }

  get format() {
    const found = this.dialog.querySelector("input[name=export-format]:checked");
    return ExportPanel.FORMATS.find(({ name }) => found instanceof HTMLInputElement && name === found.value) ?? ExportPanel.FORMATS[0];
  }

  /** What the queue shows shortened is read in full from the data of its file. @param {number} place @returns {Promise<{ original: string, replacement: string }>} */
  async change(place) {
    const { queue } = this.context.index;
    const [original, replacement] = [queue.original[place], queue.replacement[place]];
    if (!original.endsWith("…") && !replacement.endsWith("…")) return { original, replacement };
    const detail = this.context.detail(await this.context.chunk(queue.mutant[place]), queue.mutant[place]);
    return { original: Words.oneLine(detail.original), replacement: Words.oneLine(detail.replacement) };
  }

  /** What the queue says of an undetected mutant. @param {MutantNumber} mutant @param {number} place */
  async ranked(mutant, place) {
    const { facts, index: { queue, reasons }, decisions } = this.context;
    const key = facts.key(mutant);
    const choice = decisions.choice(key);
    const made = choice === "open" ? undefined : decisions.draft(key) ?? decisions.given(key);
    return { ...await this.change(place), decision: choice, decision_reason: made?.reason ?? "", new: queue.fresh[place] < 0 ? null : queue.fresh[place] === 1,
      tests: queue.tests[place], seconds: queue.seconds[place], reason: reasons[queue.reason[place]] };
  }

  /** What its file's data says of another mutant. @param {MutantNumber} mutant */
  async read(mutant) {
    const chunk = await this.context.chunk(mutant);
    const { original, replacement, tests, cost, skipReason, ended } = this.context.detail(chunk, mutant);
    return { original: Words.oneLine(original), replacement: Words.oneLine(replacement), decision: "", decision_reason: "", new: null,
      tests: tests === undefined ? 0 : chunk.testSets[tests].length, seconds: cost?.[0] ?? 0, reason: skipReason ?? ended ?? "" };
  }

  /** @param {MutantNumber[]} mutants @returns {Promise<ListRow[]>} */
  async rows(mutants) {
    const { facts, index } = this.context;
    const page = Route.page(location.href);
    const rows = [];
    for (const mutant of mutants) {
      const place = facts.placeOf[mutant];
      rows.push({ id: index.mutants.id[mutant], target: facts.target(mutant), file: facts.file(mutant).path, function: facts.functionName(mutant),
        line: facts.line(mutant), operator: facts.operator(mutant), status: Words.STATUS[facts.status(mutant)].word,
        ...await (place < 0 ? this.read(mutant) : this.ranked(mutant, place)), address: page + facts.address(mutant) });
    }
    return rows;
  }

  /** Mutants whose id an earlier target has, too: it is that one's in a list of alerts. */
  get again() {
    const { index, facts } = this.context;
    /** @type {Map<string, TargetNumber>} */
    const first = new Map();
    index.mutants.id.forEach((id, mutant) => {
      const { target } = facts.file(mutant);
      first.set(id, Math.min(target, first.get(id) ?? target));
    });
    return new Set(this.mutants.filter((mutant) => facts.file(mutant).target !== first.get(index.mutants.id[mutant])).map((mutant) => facts.key(mutant)));
  }

  /** Decisions that are recorded and apply, by `target/id`. */
  get recorded() { return new Map([...this.context.decisions.base].filter(([, { standing }]) => standing === "applies")); }

  /** The list in the chosen format, or nothing where its data cannot be read. @returns {Promise<string | undefined>} */
  async text() {
    const { index } = this.context;
    this.said.textContent = "Reading…";
    try {
      const { project, version, run, queue, mutants } = index;
      const { write, alerts } = this.format;
      const all = this.mixed && !alerts ? mutants.id.length : queue.mutant.length;
      const made = write({ project, version, run, address: Route.page(location.href) + this.address, all, again: this.again, recorded: this.recorded }, await this.rows(alerts ? this.undetected : this.mutants));
      this.said.textContent = "";
      return made;
    } catch (error) {
      this.said.textContent = String(error instanceof Error ? error.message : error);
      return undefined;
    }
  }

  async download() {
    const { name, extension, type, alerts } = this.format;
    const file = `${this.mixed && !alerts ? "mutants" : "survivors"}.${extension}`;
    const text = await this.text();
    if (text === undefined) return;
    Export.download(file, text, type);
    this.said.textContent = `Downloaded as ${file} (${name}).`;
  }

  /** @param {HTMLElement} button */
  async copy(button) {
    const text = await this.text();
    if (text !== undefined) this.said.textContent = await Copying.text(text, button) ? "Copied." : "The browser does not let this page copy; download it instead.";
  }
}
/** `alerts` where a format holds undetected mutants only.
 * @type {{ name: string, words: string, extension: string, type: string, alerts?: boolean, write: (head: ListHead, rows: ListRow[]) => string }[]} */
ExportPanel.FORMATS = [
  { name: "CSV", words: "for a spreadsheet, with the address of each mutant; what it would compute has an apostrophe in front", extension: "csv", type: "text/csv", write: (_, rows) => ListExport.csv(rows) },
  { name: "Markdown", words: "a table for an issue or a review, each mutant a link to this page", extension: "md", type: "text/markdown", write: (head, rows) => ListExport.markdown(head, rows) },
  { name: "JSON", words: "for programs, with the run, the filters and the address of each mutant", extension: "json", type: "application/json", write: (head, rows) => ListExport.json(head, rows) },
  { name: "SARIF", words: "for code scanning, the same alerts as by mutmut-dashboard export sarif", extension: "sarif", type: "application/sarif+json", alerts: true, write: (head, rows) => ListSarif.write(head, rows) },
];
