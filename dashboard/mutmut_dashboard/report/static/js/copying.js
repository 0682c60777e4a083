"use strict";
/** Copying, also where the browser's clipboard is out of reach, as on file:// in some. */
const Copying = (() => {
  /** @param {string} text @param {HTMLElement} beside */
  const selected = (text, beside) => {
    const area = Dom.el("textarea", { class: "sr", "aria-hidden": "true", tabindex: -1 });
    area.value = text;
    beside.after(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    beside.focus();
    return done;
  };

  /** Whether a text was copied; `beside` is the button that asked for it. @param {string} content @param {HTMLElement} beside */
  const text = async (content, beside) => {
    try { await navigator.clipboard.writeText(content); return true; } catch { return selected(content, beside); }
  };

  /** @param {HTMLElement} button */
  const copy = async (button) => {
    const done = await text(button.dataset.copy ?? "", button);
    const label = button.dataset.label ?? button.textContent ?? "copy";
    button.dataset.label = label;
    button.textContent = done ? "copied" : "could not copy";
    Announce.polite(button.textContent);
    setTimeout(() => { button.textContent = label; }, 1500);
  };

  return { copy, text };
})();
