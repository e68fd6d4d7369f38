// The assistant's dialog, fetched by widget.js at the first opening.
// Whatever comes from the server or the visitor becomes text nodes, never markup.
((settings) => {
  if (customElements.get("chartiste-panel")) return;
  const STORED = "chartiste"; // the only name ever stored, and only with data-keep="session"
  const REMEMBERED = 20; // answers
  const PATIENCE = 60_000; // ms without a word from the server
  const SILENCE = 15_000; // ms before what was told to screen readers is taken away

  const STYLE = `
    chartiste-panel {
      --paper: #fff; --ink: #1e2723; --soft: #52605a; --line: #75827c; --tint: #eef3f0; --error: #8f2d1d;
      --accent: var(--chartiste-color, #1d5c47); --on-accent: var(--chartiste-on-color, #fff);
      color: var(--ink); line-height: 1.5; text-wrap: pretty;
    }
    @supports (color: light-dark(#000, #fff)) {
      chartiste-panel {
        --paper: light-dark(#fff, #1c2421); --ink: light-dark(#1e2723, #e7ece8);
        --soft: light-dark(#52605a, #a8b5ae); --line: light-dark(#75827c, #8b9891);
        --tint: light-dark(#eef3f0, #28352f); --error: light-dark(#8f2d1d, #f0a090);
      }
    }
    .dialog {
      box-sizing: border-box; flex-direction: column; margin: 0; padding: 0; overflow: hidden;
      background: var(--paper); color: var(--ink); font-size: 1em; border: 1px solid var(--line);
    }
    dialog.dialog {
      position: fixed; inset: auto; bottom: 1em; width: 26em; height: min(44em, 100dvh - 2em);
      max-width: none; max-height: none; border-radius: min(1em, var(--chartiste-radius, 1em));
    }
    dialog.right { right: 1em; }
    dialog.left { left: 1em; }
    .dialog[open], main.dialog { display: flex; }
    main.dialog { position: fixed; inset: 0; border: 0; }
    dialog::backdrop { background: rgb(0 0 0 / .35); }
    .head { display: flex; align-items: center; gap: .5em; padding: .5em .5em .5em 1em; background: var(--accent); color: var(--on-accent); }
    .head h1, .head h2 { flex: 1; margin: 0; font-size: 1.1em; line-height: 1.3; overflow-wrap: anywhere; }
    .log { position: relative; flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 1em; overflow-wrap: anywhere; }
    :where(.dialog) p { margin: 0 0 .7em; }
    :where(.dialog) ul { margin: 0 0 .7em; padding: 0; list-style: none; }
    :where(.dialog) li { margin: 0 0 .5em; }
    .answer .list { padding-inline-start: 1.4em; list-style: revert; }
    :where(.dialog) a { color: inherit; text-underline-offset: .2em; }
    .reference { display: inline-block; min-width: 1.5em; text-align: center; }
    :where(.dialog) :is(button, textarea) { font: inherit; border-radius: .5em; }
    :where(.dialog) button { min-width: 2.75em; min-height: 2.75em; padding: .3em .8em; cursor: pointer; border: 1px solid var(--line); background: var(--paper); color: var(--ink); }
    :where(.dialog) button[aria-disabled="true"] { opacity: .6; cursor: progress; }
    .head button { border-color: currentColor; background: transparent; color: inherit; font-size: .9em; }
    .send { background: var(--accent); color: var(--on-accent); border-color: transparent; font-weight: 600; }
    .choices button { width: 100%; text-align: start; }
    .turn { scroll-margin-top: .7em; }
    .thumbs { display: flex; flex-wrap: wrap; align-items: center; gap: .5em; margin-bottom: 1em; }
    .dialog .why { width: 100%; padding: 0; border: 0; }
    .why label { display: grid; gap: .5em; }
    .why textarea { width: 100%; }
    .question { margin: 1.5em 0 .7em auto; width: fit-content; max-width: 90%; padding: .5em .9em; border-radius: .8em; background: var(--tint); border: 1px solid transparent; }
    .answer .said { white-space: pre-line; }
    :where(.dialog) blockquote { margin: 0 0 .7em; padding: .2em 0 .2em .9em; border-inline-start: 3px solid var(--accent); }
    .entry { font-weight: 600; }
    .note, .notice, .sources { color: var(--soft); font-size: .9em; }
    .error { color: var(--error); }
    :where(.dialog) form { display: flex; flex-wrap: wrap; gap: .4em .5em; padding: .7em 1em; border-top: 1px solid var(--line); }
    :where(.dialog) label { flex: 1 0 100%; font-size: .9em; font-weight: 600; }
    :where(.dialog) textarea { flex: 1; min-width: 0; box-sizing: border-box; height: 4.2em; padding: .5em .7em; resize: none; border: 1px solid var(--line); background: var(--paper); color: var(--ink); }
    .foot { display: flex; flex-wrap: wrap; gap: .3em 1em; align-items: center; justify-content: space-between; padding: 0 1em .7em; font-size: .85em; color: var(--soft); }
    .hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .dialog :focus-visible { outline: 3px solid currentColor; outline-offset: 1px; }
    .dialog .log:focus-visible { outline-offset: -3px; }
    .dialog .send:focus-visible { outline-offset: -6px; }
    @media (max-width: 40em), (max-height: 28em) {
      dialog.dialog { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; }
    }
    @media (max-height: 28em) {
      .dialog[open], main.dialog { display: block; overflow-y: auto; }
      .log { overflow: visible; }
    }
    @media (prefers-reduced-motion: no-preference) {
      dialog[open] { animation: chartiste-in .15s ease-out; }
      .log { scroll-behavior: smooth; }
    }
    @keyframes chartiste-in { from { opacity: 0; transform: translateY(.5em); } }
    @media (forced-colors: active) {
      .send, .head { border: 1px solid; }
      .question { border-color: CanvasText; }
    }`;

  // An element with attributes (null and false are left out) and children; strings become text.
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null));
    return element;
  }

  const hidden = (text) => make("span", { class: "hidden" }, text);

  class Refused extends Error {} // its message is for the visitor

  // The server's events, as [name, data].
  async function* events(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const [name, data] = block.split("\n");
        yield [name.slice("event: ".length), JSON.parse(data.slice("data: ".length))];
      }
    }
  }

  class Panel extends HTMLElement {
    // Set by widget.js before the element is connected: base, dress, framed, lang, options, side.
    #replies = []; // whole answers of the server, in memory only unless data-keep says otherwise
    #asking = null; // an AbortController while an answer is awaited
    #silence = 0; // a timer
    #dialog; #log; #turns; #choices; #box; #send; #restart; #told; // parts of the dialog

    connectedCallback() {
      if (this.#dialog) return;
      this.texts = settings.texts[this.lang];
      this.dress(this.getRootNode(), STYLE);
      this.append(this.#build());
      this.#restore();
      this.#offer();
    }

    show() {
      if (this.framed) return; // the focus belongs to the page around
      if (!this.#dialog.open) this.#dialog.showModal();
      this.#box.focus();
    }

    #build() {
      const { framed, lang, options, side, texts } = this;
      this.#dialog = make(framed ? "main" : "dialog", {
        class: `dialog ${side}`, part: "dialog", lang, "aria-labelledby": "title",
        "aria-describedby": framed ? null : "notice",
      });
      this.#turns = make("div");
      this.#choices = make("div", { class: "choices", part: "choices" });
      this.#log = make(
        "div",
        { class: "log", part: "log", role: "group", "aria-label": texts.conversation, tabindex: 0 },
        make("p", { dir: "auto" }, options.greeting || texts.greeting),
        make("p", { class: "notice", id: "notice" }, texts.notice),
        this.#turns,
        this.#choices,
      );
      this.#told = make("p", { class: "hidden", role: "status", "aria-live": "polite" });
      this.#dialog.append(this.#head(), this.#log, this.#form(), this.#foot(), this.#told);
      this.#dialog.addEventListener("keydown", (event) => this.#typed(event));
      return this.#dialog;
    }

    #head() {
      const { framed, options, texts } = this;
      const close = this.#button(texts.close, "close", () => this.#dialog.close());
      return make(
        "div",
        { class: "head", part: "header" },
        make(framed ? "h1" : "h2", { id: "title", dir: "auto" }, options.title || texts.title),
        framed ? null : close,
      );
    }

    #form() {
      const { texts } = this;
      this.#box = make("textarea", {
        id: "question", part: "question", maxlength: settings.limit, rows: 2, dir: "auto",
        autocomplete: "off", enterkeyhint: "send",
      });
      this.#send = make("button", { class: "send", part: "button send" }, texts.send);
      const label = make("label", { for: "question" }, texts.question);
      const form = make("form", { part: "form" }, label, this.#box, this.#send);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#submit();
      });
      return form;
    }

    #foot() {
      const { texts } = this;
      this.#restart = this.#button(texts.restart, "restart", () => this.#forget());
      this.#restart.hidden = true;
      return make("div", { class: "foot", part: "footer" }, this.#link("", texts.whole), this.#restart);
    }

    #typed(event) {
      event.stopPropagation(); // the page's own shortcuts are not for what is typed here
      if (event.key === "Enter" && event.target === this.#box && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      }
      if (event.key === "Tab" && !this.framed) this.#keepFocus(event);
    }

    // From the last stop back to the first, and the other way round.
    #keepFocus(event) {
      const all = this.#dialog.querySelectorAll("a[href], button, textarea, [tabindex='0']");
      const stops = [...all].filter((stop) => stop.getClientRects().length > 0);
      const [edge, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
      if (this.getRootNode().activeElement !== edge) return;
      event.preventDefault();
      other.focus();
    }

    #submit() {
      const question = this.#box.value.trim();
      if (!question || this.#asking) return;
      this.#box.value = "";
      this.#ask(question);
    }

    async #ask(question) {
      const asking = new AbortController();
      this.#asking = asking;
      this.#busy(true);
      this.#tell("");
      this.#choices.replaceChildren();
      const answer = this.#turn(question);
      answer.append(make("p", { class: "note" }, this.texts.searching));
      answer.parentElement.scrollIntoView();
      try {
        const reply = await this.#answer(question, asking, answer);
        if (this.#asking !== asking) return; // forgotten meanwhile
        this.#remember(reply, answer);
        this.#keep();
        this.#tell(spoken(reply));
      } catch (error) {
        if (this.#asking === asking) this.#fail(answer, error);
      } finally {
        if (this.#asking === asking) {
          this.#asking = null;
          this.#busy(false);
          this.#offer();
          answer.parentElement.scrollIntoView();
        }
      }
    }

    // The whole reply; what is written before it is shown in `answer` as it comes.
    async #answer(question, asking, answer) {
      let timer = setTimeout(() => asking.abort(), PATIENCE);
      try {
        const said = make("p", { dir: "auto" });
        const citations = [];
        for await (const [name, data] of events(await this.#request(question, asking))) {
          clearTimeout(timer);
          timer = setTimeout(() => asking.abort(), PATIENCE);
          if (name === "done") return data;
          if (name === "error") throw new Refused(this.#problem(data));
          if (name === "citation") citations.push(data);
          if (name === "statement") {
            said.append(...this.#statement(data, citations), " ");
            answer.replaceChildren(said, make("p", { class: "note" }, this.texts.writing));
          }
        }
        throw new Refused(this.texts.lost);
      } finally {
        clearTimeout(timer);
      }
    }

    async #request(question, asking) {
      const previous = this.#replies.findLast((reply) => reply.asked)?.asked ?? null;
      const response = await this.#post("api/v1/ask/stream", { question, previous }, asking.signal);
      if (response.ok) return response;
      const problem = await response.json().catch(() => ({}));
      throw new Refused(this.#problem(problem));
    }

    #post(path, body, signal) {
      return fetch(new URL(path, this.base), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        cache: "no-store",
        signal,
      });
    }

    // What the server says is in French.
    #problem({ detail }) {
      return (this.lang === "fr" && detail) || this.texts.unavailable;
    }

    #fail(answer, error) {
      const told = error instanceof Refused ? error.message : this.texts.lost;
      answer.replaceChildren(make("p", { class: "error", part: "error" }, told));
      this.#tell(told);
      if (error instanceof TypeError && this.base.origin !== location.origin) {
        console.error(
          `Chartiste : le serveur ${this.base.href} n'a pas répondu à ${location.origin}. S'il est en ` +
            `service, CHARTISTE_WIDGET_ORIGINS doit y nommer ce site, et la politique de sécurité ` +
            `de ce site, s'il en a une, autoriser connect-src ${this.base.origin}`,
        );
      }
    }

    // What was told is taken away: it stands in the conversation, and would be read twice.
    #tell(text) {
      this.#told.textContent = text;
      clearTimeout(this.#silence);
      if (text) this.#silence = setTimeout(() => this.#tell(""), SILENCE);
    }

    #busy(busy) {
      this.#send.setAttribute("aria-disabled", busy);
      this.#turns.setAttribute("aria-busy", busy);
      this.#restart.hidden = this.#turns.childElementCount === 0;
    }

    // The answer's place, after its question.
    #turn(question) {
      const { texts } = this;
      const answer = make("div", { class: "answer", part: "answer" });
      const asked = make("p", { class: "question", part: "asked", dir: "auto" }, hidden(`${texts.you} `), question);
      this.#turns.append(make("div", { class: "turn", part: "turn" }, asked, answer));
      this.#restart.hidden = false;
      return answer;
    }

    #remember(reply, answer) {
      this.#replies = [...this.#replies, reply].slice(-REMEMBERED);
      answer.replaceChildren(hidden(`${this.texts.answer} `), ...this.#shown(reply), ...this.#thumbs(reply));
    }

    #shown(reply) {
      switch (reply.outcome) {
        case "answered":
          return this.#answered(reply);
        case "not_found":
          return [this.#said(reply.text), this.#near(reply)];
        default:
          return [this.#said(reply.text)];
      }
    }

    #answered(reply) {
      if (reply.validated) return this.#entry(reply);
      const { texts } = this;
      const quoted = reply.mode === "quoted";
      const told = quoted ? texts.quoted : reply.mode === "generated" ? texts.generated : null;
      const notes = [reply.note, told].filter(Boolean);
      return [
        this.#said(reply.text.split("\n")[0]),
        ...(quoted ? this.#quotes(reply.citations) : [this.#written(reply)]),
        ...notes.map((note) => make("p", { class: "note" }, note)),
        this.#sources(reply.citations),
      ];
    }

    // An entry of the FAQ: paragraphs and lists, numbers and addresses being links.
    #entry({ text, citations, validated: { question, date, by } }) {
      const parts = [];
      for (const line of text.split("\n")) {
        const [, mark, said] = /^(-|\d+\.) (.+)/.exec(line) ?? [];
        if (!mark) {
          parts.push(make("p", { dir: "auto" }, ...this.#linked(line, citations)));
          continue;
        }
        const name = mark === "-" ? "ul" : "ol";
        if (parts.at(-1)?.localName !== name) parts.push(make(name, { class: "list", dir: "auto" }));
        parts.at(-1).append(make("li", {}, ...this.#linked(said, citations)));
      }
      const told = { question, date: this.#date(date), by };
      const note = this.texts.validated.replace(/\{(\w+)\}/g, (_, name) => told[name]);
      return [make("p", { class: "entry" }, note), ...parts, this.#sources(citations)];
    }

    #linked(text, citations) {
      return text.split(/(\[\d{1,3}\]|https?:\/\/[^\s()]+)/).map((part) => {
        const cited = citations.find((one) => part === `[${one.number}]`);
        if (cited) return this.#reference(cited);
        return /^https?:/.test(part) ? this.#link(part, part) : part;
      });
    }

    #said(text) {
      return make("p", { class: "said", dir: "auto" }, text);
    }

    // Words that several sources hold are quoted once.
    #quotes(citations) {
      const quotes = new Map();
      for (const one of citations) quotes.set(one.quote, [...(quotes.get(one.quote) ?? []), one]);
      return [...quotes.values()].map((same) => this.#quote(same));
    }

    #quote(same) {
      const { language } = same[0].source;
      const text = make("span", { lang: language === this.lang ? null : language }, same[0].quote);
      const references = same.flatMap((one) => ["\u00a0", this.#reference(one)]);
      return make("blockquote", { part: "quote", dir: "auto" }, text, ...references);
    }

    #written(reply) {
      const said = reply.statements.flatMap((one) => [...this.#statement(one, reply.citations), " "]);
      return make("p", { dir: "auto" }, ...said);
    }

    #statement(statement, citations) {
      if (!statement.supported) {
        const reason = make("span", { class: "note" }, ` ${statement.reason ?? ""}`);
        return [hidden(`${this.texts.unconfirmed} `), make("s", {}, statement.text), reason];
      }
      const cited = citations.filter((one) => statement.citations.includes(one.number));
      return [statement.text, ...cited.flatMap((one) => ["\u00a0", this.#reference(one)])];
    }

    #near(reply) {
      const passages = reply.citations.map((one) =>
        make("li", {}, make("p", { class: "note" }, one.source.title), this.#quote([one])),
      );
      return make("ul", {}, ...passages);
    }

    #sources(citations) {
      const entries = citations.map((one) => {
        const { title, publisher, date } = one.source;
        const details = [publisher, this.#date(date)].filter(Boolean).map((detail) => ` · ${detail}`);
        const link = this.#link(address(one), title, `${this.texts.read} `);
        return make("li", {}, `[${one.number}] `, link, ...details);
      });
      const heading = make("p", {}, this.texts.sources);
      return make("div", { class: "sources", part: "sources" }, heading, make("ul", {}, ...entries));
    }

    #reference(citation) {
      const link = this.#link(address(citation), `[${citation.number}]`, `${this.texts.source} `);
      link.className = "reference";
      link.setAttribute("part", "reference");
      return link;
    }

    // A link to a page of ours; `before` completes its label for those who hear it.
    #link(path, label, before = "") {
      const href = new URL(path, this.base).href;
      const after = hidden(` ${this.texts.newTab}`);
      return make("a", { href, target: "_blank", rel: "noopener" }, hidden(before), label, after);
    }

    // « décembre 2019 » for 2019-12; as it is when it is no date.
    #date(date) {
      const [year, month, day] = (date ?? "").split("-").map(Number);
      if (!year) return date;
      const shown = { year: "numeric", month: month && "long", day: day && "numeric", timeZone: "UTC" };
      return new Date(Date.UTC(year, (month || 1) - 1, day || 1)).toLocaleDateString(this.lang, shown);
    }

    #offer() {
      const last = this.#replies.at(-1);
      const texts = last ? last.suggestions : this.#turns.childElementCount ? [] : settings.examples;
      if (this.lang !== "fr" && !last) return; // the examples are French
      this.#choices.replaceChildren(
        ...texts.map((text) => {
          const choice = this.#button(text, "choice", () => {
            if (this.#asking) return;
            this.#box.focus();
            this.#ask(text);
          });
          const spoken = text.startsWith("Search the sources") ? "en" : "fr";
          return make("p", { lang: spoken }, choice);
        }),
      );
    }

    #thumbs(reply) {
      if (!settings.feedback || reply.outcome === "declined") return [];
      const { texts } = this;
      const row = make("div", { class: "thumbs", part: "thumbs", role: "group", "aria-label": texts.rate });
      row.append(
        make("span", {}, texts.rate),
        this.#button(texts.useful, "thumb", () => this.#judge(row, reply, "up")),
        this.#button(texts.useless, "thumb", () => this.#askWhy(row, reply)),
      );
      return [row];
    }

    #button(label, part, onclick) {
      const button = make("button", { type: "button", part: `button ${part}`, dir: "auto" }, label);
      button.addEventListener("click", onclick);
      return button;
    }

    #askWhy(row, reply) {
      const { texts } = this;
      const field = make("textarea", { part: "reason", maxlength: settings.reason, rows: 2, dir: "auto", autocomplete: "off" });
      const form = make(
        "form",
        { class: "why" },
        make("label", {}, texts.reason, field),
        make("p", { class: "note" }, texts.promise),
        make("button", { part: "button thumb" }, texts.sendOpinion),
      );
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#judge(row, reply, "down", field.value.trim());
      });
      row.replaceChildren(form);
      field.focus();
    }

    // What is thought of an answer is sent without its question.
    async #judge(row, { outcome, release, journal }, thumb, reason = "") {
      const opinion = { thumb, outcome, release, ...(journal && { journal }), ...(reason && { reason }) };
      const sent = await this.#post("api/v1/feedback", opinion).catch(() => null);
      if (sent?.status === 404) return row.remove();
      const told = make("p", { class: "note", tabindex: -1 }, sent?.ok ? this.texts.thanks : this.texts.notSent);
      this.#tell(told.textContent);
      row.querySelector("p[tabindex]")?.remove();
      if (!sent?.ok) return row.append(told);
      row.replaceChildren(told);
      told.focus();
    }

    #forget() {
      this.#asking?.abort();
      this.#asking = null;
      this.#replies = [];
      this.#turns.replaceChildren();
      this.#tell("");
      this.#busy(false);
      this.#offer();
      this.#keep();
      this.#box.focus();
    }

    #keep() {
      if (this.options.keep !== "session") return;
      try {
        if (this.#replies.length) sessionStorage.setItem(STORED, JSON.stringify(this.#replies));
        else sessionStorage.removeItem(STORED);
      } catch {
        // storage is full or refused: the conversation stays in memory
      }
    }

    #restore() {
      if (this.options.keep !== "session") return;
      try {
        const replies = JSON.parse(sessionStorage.getItem(STORED)) ?? [];
        for (const reply of replies) this.#remember(reply, this.#turn(reply.question));
      } catch {
        this.#forget(); // not what this file has stored
      }
    }
  }

  // The page of a citation's source, with the passage marked.
  function address({ source, passage, start, end }) {
    return `sources/${encodeURIComponent(source.id)}?${new URLSearchParams({ passage, start, end })}#passage`;
  }

  // The text of an answer as it is told to screen readers.
  function spoken({ text, note }) {
    return [text.replace(/\s?\[\d+\]/g, ""), note].filter(Boolean).join(" ");
  }

  customElements.define("chartiste-panel", Panel);
})(SETTINGS);
