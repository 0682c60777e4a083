"use strict";
/** A run that goes on while the page is open, as a button in the header: how far it is, what it found otherwise, then the way to its page. */
class LiveRun {
  /** What the button says and what is behind it; no label where there is nothing newer than what the page shows.
   * @typedef {{ run: number, label: string, words: string, ready: boolean, changes: number, state: string }} LiveWords */

  /** @param {Context} context @param {Served} served @param {LiveVerdicts} live @param {HTMLButtonElement} button */
  constructor(context, served, live, button) {
    this.served = served;
    this.live = live;
    this.button = button;
    this.panel = new LivePanel(context, () => this.show());
    this.now = LiveRun.NOTHING;
    /** What was announced last, and when. */
    this.said = this.now;
    this.saidAt = -Infinity;
    this.timer = 0;
    this.looking = false;
    button.addEventListener("click", () => { if (this.now.ready) this.show(); else this.panel.open(this.now); });
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** Look now and then, as long as the page can be seen. @param {Context} context */
  static watch(context) {
    const button = document.getElementById("run-button");
    const { served, live } = context;
    if (served && live && button instanceof HTMLButtonElement) new LiveRun(context, served, live, button).look();
  }

  /** Render the page of the run that has ended, and go there. */
  async show() {
    this.button.disabled = true;
    const complaint = await this.served.render();
    this.button.disabled = false;
    if (complaint) Announce.toast(complaint);
    else location.reload();
  }

  async look() {
    clearTimeout(this.timer);
    if (this.looking || document.hidden) return; // who comes back to the page has it look at once
    this.looking = true;
    const before = this.live.cursor;
    const progress = await LiveRun.catchUp(this.served, this.live);
    this.looking = false;
    if (this.live.cursor !== before) this.live.tell();
    this.say(progress ? LiveRun.told(progress, this.live) : LiveRun.unanswered(this.now));
    this.timer = setTimeout(() => this.look(), LiveRun.EVERY);
  }

  /** @param {LiveWords} now */
  say(now) {
    this.now = now;
    Dom.tell(this.button, now.label);
    this.button.hidden = !now.label;
    this.panel.refresh(now);
    if (!LiveRun.isNews(this.said, now, performance.now() - this.saidAt)) return;
    this.said = now;
    this.saidAt = performance.now();
    Announce.polite(now.words);
  }

  /** Ask until all is told, since a run may have judged much while nobody looked; nothing where the server does not tell.
   * @param {{ progress: (shown: string, after: string) => Promise<RunProgress | undefined> }} served @param {LiveVerdicts} live
   * @returns {Promise<RunProgress | undefined>} */
  static async catchUp(served, live) {
    for (;;) {
      const progress = await served.progress(live.shown, live.cursor);
      if (progress) live.take(progress);
      if (!progress?.more) return progress;
    }
  }

  /** @param {RunProgress} progress @param {LiveVerdicts} live @returns {LiveWords} */
  static told(progress, live) {
    const { run, ended, judged, total, goes_on: goesOn } = progress;
    if (!run || live.shows(progress)) return LiveRun.NOTHING;
    const changes = live.changed.size;
    const far = `${judged.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    const label = `${far}${changes ? `, ${changes.toLocaleString("en")} changed` : ""}`;
    const found = [`${far} judged`, ...live.phrases].join(", ");
    const common = { run, changes, ready: false };
    if (ended) return { ...common, state: "ended", ready: true, label: `show run ${run}`, words: `Run ${run} has ended: ${found}. The button in the header shows it.` };
    if (goesOn && !judged) return { ...common, state: "begins", label: `run ${run} begins`, words: `Run ${run} is generating mutants or running the suites without any.` };
    if (goesOn) return { ...common, state: "goes on", label: `run ${run}: ${label}`, words: `Run ${run} goes on: ${found}.` };
    if (!judged || (!changes && run === live.page)) return LiveRun.NOTHING; // nothing that the page does not show
    return { ...common, state: "stopped", label: `run ${run} stopped: ${label}`, words: `Run ${run} has stopped: ${found}. The next run goes on from there, if nothing changes.` };
  }

  /** What stands when the server does not answer, or cannot read the store. @param {LiveWords} now @returns {LiveWords} */
  static unanswered(now) {
    if (!now.label || now.ready || now.state === "unanswered") return now;
    return { ...now, state: "unanswered", label: `${now.label}, no news`, words: `${now.words} That is what was told last: the server does not answer now, or cannot read the results.` };
  }

  /** Whether words are worth saying to who cannot see them: when a run turns from one state to the next, and what it found not
   * more often than now and then. @param {LiveWords} before said last @param {LiveWords} now @param {number} quiet milliseconds since then */
  static isNews(before, now, quiet) {
    if (!now.label) return false;
    const turned = before.run !== now.run || before.state !== now.state;
    return turned || (before.changes !== now.changes && quiet >= LiveRun.QUIET);
  }
}
/** Milliseconds between two looks. */
LiveRun.EVERY = 2000;
/** Milliseconds in which what is found is not said again: a run may find something every moment. */
LiveRun.QUIET = 30000;
/** @type {LiveWords} */
LiveRun.NOTHING = { run: 0, label: "", words: "", ready: false, changes: 0, state: "" };
