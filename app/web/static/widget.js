// The assistant's button, for any page: <script src="https://…/widget.js" defer></script>.
// This file shows the button; the dialog (widget/panel.js) is fetched at the first opening.
((settings) => {
  const script = document.currentScript;
  if (!script || customElements.get("chartiste-widget")) return;
  const base = new URL(".", script.src);
  const options = { ...script.dataset };
  const lang = options.lang === "en" ? "en" : "fr";
  const texts = settings.texts[lang];
  const framed = "frame" in options;

  // The server refuses other origins in any case: what cannot work is not shown.
  if (location.origin !== base.origin && !settings.origins.includes(location.origin)) {
    console.error(
      `Chartiste : le site ${location.origin} n'est pas autorisé à afficher l'assistant. ` +
        `Ajoutez-le à CHARTISTE_WIDGET_ORIGINS sur le serveur ${base.href}`,
    );
    return;
  }

  const STYLE = `
    :host, .root { all: initial; color-scheme: inherit; }
    .root { display: contents; font-family: var(--chartiste-font, system-ui, sans-serif); }
    .launcher {
      position: fixed; bottom: var(--chartiste-offset, 1em); ${side()}: var(--chartiste-offset, 1em);
      z-index: var(--chartiste-z, 2147483000); min-height: 3em; padding: .6em 1.2em; cursor: pointer;
      font: inherit; font-weight: 600; border: 2px solid transparent;
      border-radius: var(--chartiste-radius, 1.5em); box-shadow: 0 .15em .8em rgb(0 0 0 / .3);
      background: var(--chartiste-color, #1d5c47); color: var(--chartiste-on-color, #fff);
    }
    .launcher:focus-visible { outline: 3px solid currentColor; outline-offset: -7px; }
    .status {
      position: fixed; bottom: 5em; ${side()}: 1em; z-index: 2147483000; margin: 0; padding: .6em 1em;
      max-width: 18em; background: #fff; color: #1e2723; border: 1px solid; border-radius: .5em;
    }
    .status:empty { display: none; }
    @media print { :host { display: none; } }`;

  function side() {
    return options.position === "left" ? "left" : "right";
  }

  // Under a strict policy a style element is refused; a constructed sheet is not.
  function dress(root, css) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    } catch {
      const style = document.createElement("style");
      style.textContent = css;
      root.append(style);
    }
  }

  // Black or white, whichever is read best on the colour (WCAG: at least 4.58 to 1).
  function readableOn(color) {
    const [red, green, blue] = [1, 3, 5]
      .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
  }

  function fetchPanel() {
    return new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      tag.src = new URL(settings.panel, base).href;
      tag.nonce = script.nonce;
      tag.addEventListener("load", resolve);
      tag.addEventListener("error", reject);
      document.head.append(tag);
    });
  }

  class Widget extends HTMLElement {
    #root = document.createElement(framed ? "div" : "aside");
    #button = document.createElement("button");
    #status = document.createElement("p");
    #panel = null;
    #opening = false;

    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      dress(root, STYLE);
      this.#paint(options.color);
      this.#root.className = "root";
      root.append(this.#root);
      if (framed) this.open();
      else this.#addButton();
    }

    #addButton() {
      this.#root.lang = lang;
      this.#root.setAttribute("aria-label", options.title || texts.title);
      this.#button.type = "button";
      this.#button.textContent = options.label || texts.launcher;
      this.#button.className = "launcher";
      this.#button.setAttribute("part", "launcher");
      this.#button.setAttribute("aria-haspopup", "dialog");
      this.#button.addEventListener("click", () => this.open());
      this.#status.className = "status";
      this.#status.setAttribute("role", "status");
      this.#root.append(this.#button, this.#status);
    }

    // Opens the dialog: the page may call it from a link of its own.
    async open() {
      if (this.#opening) return;
      this.#opening = true;
      try {
        if (!customElements.get("chartiste-panel")) await fetchPanel();
        this.#panel ??= this.#addPanel();
        this.#status.textContent = "";
        this.#panel.show();
      } catch (error) {
        this.#status.textContent = texts.failed;
        console.error(
          `Chartiste : ${base.href}${settings.panel} n'a pas pu être chargé. Si ce site a une ` +
            `politique de sécurité, elle doit autoriser script-src ${base.origin}`,
          error,
        );
      } finally {
        this.#opening = false;
      }
    }

    #addPanel() {
      const panel = document.createElement("chartiste-panel");
      Object.assign(panel, { base, dress, framed, lang, options, side: side() });
      this.#root.append(panel);
      return panel;
    }

    #paint(color) {
      if (!color) return;
      if (/^#[0-9a-f]{6}$/i.test(color)) {
        this.style.setProperty("--chartiste-color", color);
        this.style.setProperty("--chartiste-on-color", readableOn(color));
      } else {
        console.warn(`Chartiste : data-color vaut « ${color} », il faut la forme #1d5c47.`);
      }
    }
  }

  customElements.define("chartiste-widget", Widget);
  const add = () => document.body.append(document.createElement("chartiste-widget"));
  if (document.body) add();
  else addEventListener("DOMContentLoaded", add, { once: true });
})(SETTINGS);
