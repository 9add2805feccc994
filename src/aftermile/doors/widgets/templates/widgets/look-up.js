/* Where is my order? An element for a shop's own site: <aftermile-look-up>. It loads nothing, stores nothing and sends
   nothing until its form is sent, which opens the order's page in a new tab. */
(() => {
  const told = "{settings}";
  const script = document.currentScript;
  const origin = script ? new URL(script.src).origin : location.origin;

  // One sheet for all elements. A constructed one is no inline style: the strictest page may have it.
  const sheet = () => {
    const made = new CSSStyleSheet();
    made.replaceSync(told.sheet);
    return made;
  };

  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  const wordsFor = (language) => {
    const code = (language || "").toLowerCase().split("-")[0];
    const found = told.words[code] ? code : Object.keys(told.words)[0];
    return [found, told.words[found]];
  };

  // The page decides, not the device: a shop in light colors stays so at night.
  const schemeOf = (element) => {
    const scheme = element.getAttribute("scheme") || getComputedStyle(element).colorScheme || "";
    const isBoth = scheme.includes("light") && scheme.includes("dark");
    return isBoth || scheme === "auto" ? "" : scheme.includes("dark") ? "dark" : "light";
  };

  class LookUp extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const near = this.closest("[lang]");
      const [language, say] = wordsFor(near ? near.lang : document.documentElement.lang);
      const input = (name, label, autocomplete) =>
        make("label", {}, label, make("input", { name, autocomplete, required: true, spellcheck: false, autocapitalize: "none" }));
      const number = input("number", say.number, "off");
      const title = make("p", { id: "title" }, say.title);
      const form = make(
        "form",
        { method: "post", action: `${origin}${told.path}?lang=${language}`, target: "_blank", rel: "noopener" },
        number,
        input("contact", say.contact, "email"),
        make("button", {}, say.show),
      );
      form.setAttribute("aria-labelledby", "title");
      const box = make("div", { className: "look-up", lang: language, dir: say.dir }, title, form);
      const scheme = schemeOf(this);
      if (scheme) box.dataset.scheme = scheme;
      const root = this.attachShadow({ mode: "open" });
      try {
        root.adoptedStyleSheets = [sheet()];
      } catch {
        root.append(make("style", {}, told.sheet));
      }
      root.append(box);
    }
  }

  if (!customElements.get("aftermile-look-up")) customElements.define("aftermile-look-up", LookUp);
})();
