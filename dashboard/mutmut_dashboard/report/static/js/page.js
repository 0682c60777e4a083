"use strict";
/** The page: which view is shown, and what is the same in all of them. */
class Page {
  /** @param {Context | undefined} context nothing where the data could not be read */
  constructor(context) {
    this.context = context;
    /** @type {Record<string, any>} */
    this.views = {};
    this.name = "";
    this.base = document.title;
    this.started = false;
    /** Needs no data; made before an address opens what is folded. */
    this.views.overview = new OverviewView(Dom.byId("view-overview"), context);
    /** @type {Palette | undefined} */
    this.palette = undefined;
    addEventListener("hashchange", () => this.show());
    this.keys = new Keys({
      view: () => this.views[this.name],
      name: () => this.name,
      help: () => this.help(),
      goAnywhere: () => this.goAnywhere(),
      decide: (choice) => { const view = this.views[this.name]; if (view?.decide) view.decide(choice); else view?.mutant?.bar.press(choice); },
      undo: () => (this.views[this.name]?.mutant ?? this.view("queue")?.mutant)?.bar.undo(),
    });
    document.addEventListener("click", (event) => this.click(event));
    if (context) {
      this.drafts = new DraftsPanel(context, Dom.byId("drafts-button"));
      context.decisions.listeners.push(() => this.count());
      this.count();
    }
  }

  /** The view of a name, made when first needed. @param {string} name */
  view(name) {
    const makers = { queue: QueueView, mutant: SingleView, source: SourceView, tests: TestsView, runs: RunsView, costs: CostsView, matrix: MatrixView };
    const maker = makers[/** @type {keyof typeof makers} */ (name)];
    if (maker && this.context && !this.views[name]) this.views[name] = new maker(this.context, Dom.byId(`view-${name}`));
    return this.views[name];
  }

  /** Show what the address says. */
  show() {
    const place = Route.parse(location.hash || "#/overview");
    const element = place ? undefined : this.anchored();
    const name = place?.view ?? element?.closest("[data-view]")?.getAttribute("data-view") ?? "overview";
    const changed = name !== this.name;
    const down = Visits.arrive();
    this.name = name;
    for (const view of document.querySelectorAll("[data-view]")) view.toggleAttribute("data-active", view.getAttribute("data-view") === name);
    for (const link of document.querySelectorAll("[data-tab]")) {
      if (link.getAttribute("data-tab") === (Page.TAB[name] ?? name)) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.documentElement.dataset.showing = name;
    const view = this.view(name);
    if (changed && !element && this.started) Dom.byId("content").focus({ preventScroll: true });
    if (view && place) view.open(place);
    if (changed && !element) scrollTo(0, down);
    element?.scrollIntoView({ block: "start" });
    this.title(name);
    this.started = true;
  }

  /** The element that a plain fragment names, with what it is folded into opened. */
  anchored() {
    let name = "";
    try { name = decodeURIComponent(location.hash.slice(1)); } catch { return undefined; }
    const found = name && !name.startsWith("/") ? document.getElementById(name) : null;
    if (!found || !found.closest("[data-view]")) return undefined;
    for (let at = found.parentElement; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
    if (found instanceof HTMLDetailsElement) found.open = true;
    return found;
  }

  /** @param {string} name */
  title(name) {
    document.title = name === "overview" ? this.base : `${name[0].toUpperCase()}${name.slice(1)} · ${this.base}`;
  }

  count() {
    const { context } = this;
    const place = document.getElementById("queue-count");
    if (context && place) place.textContent = Words.number(context.index.queue.mutant.length - context.decided);
  }

  help() {
    const dialog = /** @type {HTMLDialogElement} */ (Dom.byId("help"));
    if (dialog.open) dialog.close();
    else dialog.showModal();
  }

  /** The box that leads anywhere by name, made when first asked for. */
  goAnywhere() {
    if (!this.context) return;
    this.palette ??= new Palette(this.context);
    this.palette.open();
  }

  /** @param {MouseEvent} event */
  click(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    if (button.dataset.action === "theme") Theme.next();
    else if (button.dataset.action === "help") this.help();
    else if (button.dataset.action === "go") this.goAnywhere();
    else if (button.dataset.action === "search") this.keys.search();
    else if (button.dataset.copy !== undefined) Copying.copy(button);
  }

  /** What a page needs before any data. On a further page of the survivors, links lead to the first one. */
  static prepare() {
    const front = document.querySelector("[data-front]")?.getAttribute("data-front") ?? "";
    for (const element of document.querySelectorAll("[data-needs-script]")) if (element instanceof HTMLElement) element.hidden = false;
    for (const link of document.querySelectorAll("[data-route]")) link.setAttribute("href", front + (link.getAttribute("data-route") ?? "#/overview"));
    Theme.show(Theme.chosen());
    if (front) return;
    Sortable.prepare();
    Visits.watch();
    const keys = Dom.byId("single-keys");
    if (keys instanceof HTMLInputElement) {
      keys.checked = Keys.on;
      keys.addEventListener("change", () => Memory.set("single-keys", keys.checked ? "on" : "off"));
    }
  }

  /** The index stands in a data file loaded with the page; if it was not by now, it is not there. */
  static async start() {
    Page.prepare();
    if (document.querySelector("[data-front]")) return;
    const index = await Promise.race([Data.index(), new Promise((resolve) => { setTimeout(() => resolve(undefined), 0); })]);
    const context = index ? new Context(index, Served.found()) : undefined;
    if (!context) {
      document.documentElement.classList.remove("js");
      Announce.toast("The data folder beside this page cannot be read, so only the plain page is shown. Keep the folder together, or run mutmut-dashboard report again.");
    }
    const page = new Page(context);
    page.show();
    if (context?.served) {
      LiveRun.watch(context);
      const complaint = await context.refresh();
      if (complaint) Announce.toast(complaint);
      await context.again?.resume();
    }
  }
}
/** View without a tab of its own -> the tab it belongs to. @type {Record<string, string>} */
Page.TAB = { mutant: "queue", costs: "source", matrix: "tests" };
document.addEventListener("DOMContentLoaded", () => { Page.start(); });
