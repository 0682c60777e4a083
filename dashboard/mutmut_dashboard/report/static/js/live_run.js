"use strict";
/** A run that goes on while the page is open, as a button in the header: how far it is, then the way to its page. */
const LiveRun = (() => {
  const EVERY = 2000;

  /** What the button says; empty where there is nothing newer than what the page shows.
   * @param {RunProgress} progress @param {number} shown run that the page shows
   * @returns {{ label: string, words: string, ready: boolean }} */
  const told = ({ run, ended, judged, total, undetected, goes_on: goesOn }, shown) => {
    if (ended && run > shown) return { label: `show run ${run}`, words: `Run ${run} has ended. The button in the header shows it.`, ready: true };
    if (!goesOn || ended) return { label: "", words: "", ready: false };
    if (!judged) return { label: `run ${run} begins`, words: `Run ${run} is generating mutants or running the suites without any.`, ready: false };
    const count = `${judged.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    return { label: `run ${run}: ${count}`, words: `Run ${run} goes on: ${count} mutants judged, ${undetected} undetected so far.`, ready: false };
  };

  /** @param {Served} served @param {HTMLButtonElement} button */
  const open = async (served, button) => {
    button.disabled = true;
    const complaint = await served.render();
    button.disabled = false;
    if (complaint) Announce.toast(complaint);
    else location.reload();
  };

  /** Look now and then, as long as the page can be seen. @param {Served} served @param {number} shown */
  const watch = (served, shown) => {
    const button = document.getElementById("run-button");
    if (!(button instanceof HTMLButtonElement)) return;
    let now = told({ run: 0, ended: false, judged: 0, total: 0, undetected: 0, goes_on: false }, shown);
    button.addEventListener("click", () => { if (now.ready) open(served, button); else Announce.toast(now.words); });
    const look = async () => {
      const progress = document.hidden ? undefined : await served.progress();
      if (progress) {
        const next = told(progress, shown);
        if (next.ready && !now.ready) Announce.polite(next.words);
        now = next;
        if (button.textContent !== now.label) button.textContent = now.label;
        button.hidden = !now.label;
      }
      setTimeout(look, EVERY);
    };
    look();
  };

  return { told, watch };
})();
