"use strict";
/** How far down each place of the browser's history was looked at, so that going back leads there again. */
const Visits = (() => {
  const AFTER = 100;
  let timer = 0;

  const note = () => {
    try { history.replaceState({ down: scrollY }, ""); } catch { /* some viewers forbid it; then a place is shown from its top */ }
  };

  /** How far down a place was looked at that is gone to now; 0 for one that is new. */
  const arrive = () => {
    clearTimeout(timer);
    return Number(history.state?.down ?? 0);
  };

  const watch = () => addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(note, AFTER);
  }, { passive: true });

  return { arrive, watch };
})();
