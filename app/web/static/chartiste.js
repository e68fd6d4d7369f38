// Runs first on the assistant's page. Gradio reads the language of its own labels from the
// browser: the page is French for everyone.
for (const [name, value] of [["language", "fr"], ["languages", ["fr"]]]) {
  Object.defineProperty(navigator, name, { get: () => value, configurable: true });
}

// A link to an answer or to a source's card: unfold what hides it, show it, give it the focus.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  const target = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!target) return;
  event.preventDefault();
  for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) {
    box.open = true;
  }
  document.querySelectorAll(".ch-chosen").forEach((other) => other.classList.remove("ch-chosen"));
  target.classList.add("ch-chosen");
  const field = target.querySelector("textarea");
  (field ?? target).focus({ preventScroll: true });
  show(target, target.matches(".ch-card") ? "nearest" : "start");
});

function show(element, block) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
}

// When an answer is complete it is told once to screen readers, and its question is scrolled to.
let told = null;
new MutationObserver(() => {
  const last = document.querySelector(".ch-turn:last-of-type:not(.ch-waiting)");
  if (last === null || last.id === told) {
    if (!document.querySelector(".ch-turn")) told = null;
    return;
  }
  told = last.id;
  document.getElementById("ch-told").textContent = last.querySelector(".ch-answer").innerText;
  // The button that asked may be gone: reading goes on from the question.
  if (document.activeElement === document.body) last.focus({ preventScroll: true });
  document.getElementById("ch-right").scrollTop = 0;
  show(last, "start");
}).observe(document.documentElement, { childList: true, subtree: true });

// Gradio tells of a lost connection in English: say it in French.
new MutationObserver(() => {
  const { lost, lostTitle } = document.getElementById("ch-told")?.dataset ?? {};
  for (const toast of document.querySelectorAll('[data-testid="toast-body"]')) {
    const title = toast.querySelector(".toast-title-row span")?.firstChild;
    const text = toast.querySelector('[data-testid="toast-text"]');
    if (title && title.textContent !== lostTitle) title.textContent = lostTitle;
    if (text && text.textContent !== lost) text.textContent = lost;
    toast.querySelector('[data-testid="toast-close"]')?.setAttribute("aria-label", "Fermer");
  }
}).observe(document.documentElement, { childList: true, subtree: true });
