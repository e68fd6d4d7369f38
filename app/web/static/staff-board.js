// Runs first on the dashboard. Gradio reads the language of its own labels from the browser: the
// page is in its own language for everyone.
const { lang } = document.documentElement;
for (const [name, value] of [["language", lang], ["languages", [lang]]]) {
  Object.defineProperty(navigator, name, { get: () => value, configurable: true });
}

// Gradio draws its parts anew: what they are to those who hear them is said again each time.
new MutationObserver(() => {
  choices();
  tell();
  toasts();
}).observe(document.documentElement, {
  childList: true, subtree: true, attributes: true, attributeFilter: ["class"],
});

// A row of buttons is a group, of which one is chosen.
function choices() {
  for (const row of document.querySelectorAll(".ch-choice")) {
    const label = row.querySelector(".ch-label");
    if (!label) continue;
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", label.textContent);
    for (const button of row.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", button.classList.contains("primary"));
    }
  }
}

// What changed is told once by a live region that Gradio does not replace.
function tell() {
  const region = document.getElementById("ch-told");
  const text = document.getElementById("ch-board-told")?.textContent.trim();
  if (region && text && region.textContent !== text) region.textContent = text;
  if (text) document.getElementById("ch-loading")?.remove();
}

// Gradio tells of a lost connection in English.
function toasts() {
  const { lost, lostTitle, close } = document.getElementById("ch-told")?.dataset ?? {};
  for (const toast of document.querySelectorAll('[data-testid="toast-body"]')) {
    const title = toast.querySelector(".toast-title-row span")?.firstChild;
    const text = toast.querySelector('[data-testid="toast-text"]');
    if (title && title.textContent !== lostTitle) title.textContent = lostTitle;
    if (text && text.textContent !== lost) text.textContent = lost;
    toast.querySelector('[data-testid="toast-close"]')?.setAttribute("aria-label", close);
  }
}
