// Runs first on the assistant's page. Gradio reads the language of its own labels from the
// browser: the page is in its own language for everyone.
const { lang } = document.documentElement;
for (const [name, value] of [["language", lang], ["languages", [lang]]]) {
  Object.defineProperty(navigator, name, { get: () => value, configurable: true });
}

// Gradio tells a refusal as a lost connection: how long it is to be waited for is kept for what is
// shown instead.
let wait = null;
const ask = window.fetch;
window.fetch = async (...request) => {
  const response = await ask(...request);
  if (response.status === 429) wait = response.headers.get("retry-after");
  return response;
};

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
  (target.querySelector("textarea:not(.ch-tools *)") ?? spot(target)).focus({ preventScroll: true });
  show(target, target.matches(".ch-card") ? "nearest" : "start");
});

// What gets the focus of a question and its answer: the question, which is read then.
function spot(target) {
  const asked = target.querySelector(".ch-question");
  if (asked) asked.tabIndex = -1;
  return asked ?? target;
}

function show(element, block) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block, behavior: calm ? "auto" : "smooth" });
}

// When an answer is complete it is told once to screen readers, and its question is scrolled to.
let told = null;
new MutationObserver(() => {
  const last = document.querySelector(".ch-turn:last-of-type:not(.ch-waiting)");
  if (last === null || last.id === told) {
    if (!document.querySelector(".ch-turn") && told !== null) {
      told = null;
      writing = null;
      reasons.clear();
      visit += 1;
    }
    return;
  }
  told = last.id;
  tell(paragraphs(last, ".ch-ref").join("\n").replace(/[^\S\n]+/g, " "));
  if (writing !== null) return; // who writes a reason stays there
  // The button that asked may be gone: reading goes on from the question.
  if (document.activeElement === document.body) spot(last).focus({ preventScroll: true });
  document.getElementById("ch-right").scrollTop = 0;
  show(last, "start");
}).observe(document.documentElement, { childList: true, subtree: true });

// Gradio tells in English of a lost connection, and of a queue that is full: say it in the page's
// language.
const worded = new WeakMap();
new MutationObserver(() => {
  for (const toast of document.querySelectorAll('[data-testid="toast-body"]')) {
    const text = toast.querySelector('[data-testid="toast-text"]');
    if (!text || worded.get(text) === text.textContent) continue;
    const { close, ...words } = said();
    const kind = trouble(text.textContent);
    text.textContent = words[kind].replace("{seconds}", wait);
    worded.set(text, text.textContent);
    const title = toast.querySelector(".toast-title-row span")?.firstChild;
    if (title) title.textContent = words[`${kind}Title`];
    wait = null;
    toast.querySelector('[data-testid="toast-close"]')?.setAttribute("aria-label", close);
    // The header holds that button: it cannot be one itself.
    for (const name of ["role", "tabindex"]) toast.firstElementChild.removeAttribute(name);
  }
}).observe(document.documentElement, { childList: true, subtree: true });

// What kind of trouble Gradio tells of.
function trouble(text) {
  if (wait !== null) return "refused";
  return text.includes("currently busy") ? "crowded" : "lost";
}

// A question that waits behind others for more than a moment is told to wait.
let queued = null;
new MutationObserver(() => {
  const waits = document.querySelector("#ch-talk .progress-text")?.textContent.startsWith("queue");
  if (waits && queued === null) queued = setTimeout(tellQueued, 1_000);
  if (waits || queued === null) return;
  clearTimeout(queued);
  queued = null;
  document.getElementById("ch-queued")?.remove();
}).observe(document.documentElement, { childList: true, subtree: true });

function tellQueued() {
  const text = said().queued;
  const shown = make("p", { id: "ch-queued", className: "ch-note", textContent: text });
  document.getElementById("ch-ask").before(shown);
  tell(text);
}

// What is said, in the page's language, and the live region that says it.
function said() {
  return document.getElementById("ch-told")?.dataset ?? {};
}

// What was told is taken away: it stands in the page, where it would be read a second time.
let silence = null;
function tell(text) {
  const region = document.getElementById("ch-told");
  region.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => region.replaceChildren(), 15_000);
}

// The paragraphs of an answer as plain text, without what a selector finds in them.
function paragraphs(turn, left) {
  return [...turn.querySelectorAll(".ch-answer p:not(.ch-invisible)")].map((part) => {
    const copy = part.cloneNode(true);
    copy.querySelectorAll(left).forEach((one) => one.remove());
    return copy.textContent.trim();
  });
}

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// Examples and suggestions are in French whatever the page's language, but for what is asked of the
// sources in English. A question that came in the address is asked once: it leaves the address as
// soon as it shows.
new MutationObserver(() => {
  for (const choice of document.querySelectorAll("#ch-choices button")) {
    const spoken = choice.textContent.startsWith("Search the sources") ? "en" : "fr";
    if (choice.lang !== spoken) choice.lang = spoken;
  }
  // Gradio opens every link in a new tab; the other language takes the place of this one.
  for (const link of document.querySelectorAll("a[hreflang][target]")) link.removeAttribute("target");
  const here = new URL(location.href);
  if (document.querySelector(".ch-turn") && here.searchParams.has("q")) {
    here.searchParams.delete("q");
    history.replaceState(null, "", here);
  }
  for (const turn of document.querySelectorAll(".ch-turn[class*='ch-is-']")) {
    if (!turn.querySelector(".ch-tools")) turn.append(tools(turn));
  }
}).observe(document.documentElement, { childList: true, subtree: true });

// Under each answer: copy it, copy a link to its question, say whether it helps.
function tools(turn) {
  const { copy, copied, share, shared } = said();
  const buttons = make(
    "p",
    { className: "ch-buttons" },
    button(copy, () => copyText(box, answerOf(turn), copied)),
    button(share, () => copyText(box, linkTo(turn), shared)),
  );
  const box = make("div", { className: "ch-tools" }, buttons);
  box.append(opinion(turn));
  return box;
}

function button(label, onclick) {
  return make("button", { type: "button", className: "ch-tool", textContent: label, onclick });
}

function questionOf(turn) {
  return turn.querySelector(".ch-asked").textContent;
}

function linkTo(turn) {
  const address = new URL(location.pathname, location.origin);
  if (lang !== "fr") address.searchParams.set("lang", lang);
  address.searchParams.set("q", questionOf(turn));
  return address.href;
}

// The question, the answer, and the sources with their addresses, as plain text.
function answerOf(turn) {
  const lines = [questionOf(turn)];
  for (const text of paragraphs(turn, ".ch-invisible")) lines.push("", text);
  lines.push("");
  for (const card of document.querySelectorAll(`.ch-card[id^="s${turn.id.slice(1)}-"]`)) {
    const [number, title] = card.querySelectorAll("h3 > span");
    const address = (card.querySelector(".ch-original") ?? card.querySelector(".ch-read")).href;
    const about = card.querySelector(".ch-meta").textContent;
    lines.push(`[${number.textContent}] ${title.textContent} (${about}) ${address}`);
  }
  return lines.join("\n").trim() + "\n";
}

// Where the clipboard is closed, the text is shown, selected, to be copied by hand.
async function copyText(box, text, done) {
  box.querySelector(".ch-by-hand")?.remove();
  try {
    await navigator.clipboard.writeText(text);
    note(box, done);
  } catch {
    const field = make("textarea", { value: text, readOnly: true, rows: 3 });
    box.append(make("label", { className: "ch-by-hand", textContent: said().byHand }, field));
    field.select();
  }
}

function note(box, text) {
  const shown = box.querySelector(".ch-said") ?? make("p", { className: "ch-said ch-note" });
  shown.textContent = text;
  box.append(shown);
  tell(text);
}

// Gradio draws the conversation anew with each answer: what was said of it is remembered here,
// and the reasons that are not sent yet, with the one that is being written.
const judged = new Set();
const reasons = new Map();
let writing = null;
let visit = 0;
for (const event of ["focusin", "pointerdown"]) {
  document.addEventListener(event, ({ target }) => {
    writing = target.closest?.(".ch-why")?.dataset.key ?? null;
  });
}

function opinion(turn) {
  const { helpful, yes, no, thanks } = said();
  const key = `${visit} ${turn.id}`;
  if (judged.has(key)) return make("p", { className: "ch-note", textContent: thanks });
  const up = button(yes, () => send(box, turn, "up", "", key));
  const down = button(no, () => askWhy(box, turn, key));
  const label = make("span", { textContent: helpful });
  const box = make("div", { className: "ch-opinion", role: "group" }, label, up, down);
  box.setAttribute("aria-label", helpful);
  if (reasons.has(key)) askWhy(box, turn, key);
  return box;
}

function askWhy(box, turn, key) {
  const { reason, send: label, opinion: promise } = said();
  const { text, at } = reasons.get(key) ?? { text: "", at: 0 };
  const field = make("textarea", { maxLength: 300, rows: 2, autocomplete: "off", value: text });
  const form = make(
    "form",
    { className: "ch-why" },
    make("label", { textContent: reason }, field),
    make("p", { className: "ch-note", textContent: promise }),
    make("button", { type: "submit", className: "ch-tool", textContent: label }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(box, turn, "down", field.value.trim(), key);
  });
  const keep = () => reasons.set(key, { text: field.value, at: field.selectionStart });
  for (const event of ["input", "keyup", "click"]) field.addEventListener(event, keep);
  form.dataset.key = key;
  box.replaceChildren(form);
  if (!reasons.has(key)) keep();
  else if (writing !== key) return; // drawn anew, while the focus is elsewhere
  queueMicrotask(() => {
    field.focus({ preventScroll: true });
    field.setSelectionRange(at, at);
  });
}

async function send(box, turn, thumb, reason, key) {
  const [outcome, release, journal] = ["ch-is-", "ch-of-", "ch-in-"].map((start) =>
    [...turn.classList].find((name) => name.startsWith(start))?.slice(start.length));
  const body = JSON.stringify({ thumb, outcome, release, journal, ...(reason && { reason }) });
  const headers = { "content-type": "application/json" };
  const sent = await fetch("api/v1/feedback", { method: "POST", headers, body })
    .then((response) => response.ok, () => false);
  if (!sent) return note(box, said().notSent);
  judged.add(key);
  reasons.delete(key);
  const thanked = make("p", { className: "ch-note", textContent: said().thanks, tabIndex: -1 });
  box.replaceWith(thanked);
  thanked.focus();
  tell(said().thanks);
}
