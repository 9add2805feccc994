/* When it arrives, on a shop's own site: <aftermile-promise shape="product|cart|checkout" items="SKU:2,SKU2">. It asks for
   the dates of these articles and nothing else; it stores nothing and sends no cookie. Until it knows, and where it cannot
   tell, what stands inside the element is shown. */
(() => {
  const told = "{settings}";
  const script = document.currentScript;
  const origin = script ? new URL(script.src).origin : location.origin;
  const ATTRIBUTES = ["items", "weight-grams", "value", "country", "postal-code"];
  const RENEWED_EVERY = 20000;

  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children.filter(Boolean));
    return element;
  };
  const line = (className, text) => text && make("p", { className }, text);

  // The page decides, not the device: a shop in light colors stays so at night.
  const schemeOf = (element) => {
    const scheme = element.getAttribute("scheme") || getComputedStyle(element).colorScheme || "";
    const isBoth = scheme.includes("light") && scheme.includes("dark");
    return isBoth || scheme === "auto" ? "" : scheme.includes("dark") ? "dark" : "light";
  };

  const unit = (language, name, count) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" }).format(count);
  const span = (language, seconds) => {
    const minutes = Math.max(1, Math.floor(seconds / 60));
    const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
    if (days) return [unit(language, "day", days), hours && unit(language, "hour", hours)].filter(Boolean).join(" ");
    return [hours && unit(language, "hour", hours), (rest || !hours) && unit(language, "minute", rest)].filter(Boolean).join(" ");
  };

  class Promised extends HTMLElement {
    static observedAttributes = ATTRIBUTES;

    connectedCallback() {
      if (!this.shadowRoot) {
        const root = this.attachShadow({ mode: "open" });
        try {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(told.sheet);
          root.adoptedStyleSheets = [sheet];
        } catch {
          root.append(make("style", {}, told.sheet));
        }
        this.box = make("div", { className: "promise" }, make("slot"));
        root.append(this.box);
      }
      this.ask();
    }

    disconnectedCallback() {
      clearInterval(this.clock);
    }

    attributeChangedCallback(name, before, now) {
      if (this.shadowRoot && before !== now) this.ask();
    }

    /* Several attributes changed at once are one question. */
    ask() {
      if (this.isAsked) return;
      this.isAsked = true;
      queueMicrotask(() => {
        this.isAsked = false;
        if (this.isConnected) this.load();
      });
    }

    async load() {
      const near = this.closest("[lang]");
      const wanted = ((near ? near.lang : document.documentElement.lang) || "").toLowerCase().split("-")[0];
      const language = told.words[wanted] ? wanted : Object.keys(told.words)[0];
      const query = new URLSearchParams({ lang: language });
      for (const name of ATTRIBUTES) {
        const value = this.getAttribute(name) || (name === "country" ? told.country : "");
        if (value) query.set(name.replace("-", "_"), value);
      }
      const asked = (this.asked = {});
      try {
        const answer = await fetch(`${origin}${told.path}?${query}`, { credentials: "omit", referrerPolicy: "no-referrer" });
        const found = await answer.json();
        if (asked !== this.asked) return;
        if (answer.ok) this.show(found, performance.now());
        else if (this.quote && found.problem) this.refuse(found.problem);
      } catch {
        // What stood there stays.
      }
    }

    show(quote, at) {
      clearInterval(this.clock);
      this.quote = quote;
      this.running = [];
      const shape = this.getAttribute("shape") || "product";
      const first = quote.offers[quote.first];
      const parts = [];
      if (quote.nothing) parts.push(line("main", quote.nothing));
      else if (shape === "checkout") parts.push(this.methods(quote));
      else if (first) {
        parts.push(line("main", first.days), this.countdown(first), line("soft", first.likely));
        parts.push(line("soft", shape === "cart" && first.missing));
      } else parts.push(line("main", quote.offers[0].days));
      parts.push(this.place(quote), line("soft", quote.returns));
      const scheme = schemeOf(this);
      if (scheme) this.box.dataset.scheme = scheme;
      Object.assign(this.box, { lang: quote.lang, dir: quote.dir });
      this.box.replaceChildren(...parts.filter(Boolean));
      this.count(at);
      if (this.running.length) this.clock = setInterval(() => this.count(at), RENEWED_EVERY);
    }

    methods(quote) {
      const group = make("fieldset", {}, make("legend", {}, told.words[quote.lang].methods));
      quote.offers.forEach((offer, index) => {
        const choice = make("input", { type: "radio", name: "method", value: offer.id, checked: index === 0 });
        choice.addEventListener("change", () =>
          this.dispatchEvent(new CustomEvent("aftermile-choice", { bubbles: true, composed: true, detail: { id: offer.id, name: offer.name } })),
        );
        const about = make("span", { className: "about" }, make("b", {}, offer.name), line("", offer.days), line("soft", offer.likely), this.countdown(offer));
        const costs = make("span", { className: "costs" }, make("b", {}, offer.price), line("soft", offer.missing));
        group.append(make("label", { className: "method" }, choice, about, costs));
      });
      return group;
    }

    /* Not announced: a clock that speaks up every minute helps nobody. */
    countdown(offer) {
      if (offer.seconds_left === null || offer.seconds_left > 172800) return null;
      const element = line("soft until", " ");
      this.running.push([element, offer.seconds_left]);
      return element;
    }

    count(at) {
      const gone = (performance.now() - at) / 1000;
      if (this.running.some(([, seconds]) => seconds <= gone)) return this.ask();
      for (const [element, seconds] of this.running)
        element.textContent = this.quote.within.replace("{left}", span(this.quote.lang, seconds - gone));
    }

    place(quote) {
      const say = told.words[quote.lang];
      const names = new Intl.DisplayNames([quote.lang], { type: "region" });
      const chosen = this.getAttribute("country") || told.country;
      const options = told.countries
        .split(" ")
        .map((code) => [names.of(code), code])
        .sort((one, other) => one[0].localeCompare(other[0], quote.lang))
        .map(([name, code]) => make("option", { value: code, selected: code === chosen }, name));
      const country = make("select", { name: "country" }, ...options);
      const postcode = make("input", { name: "postal", value: this.getAttribute("postal-code") || "", autocomplete: "postal-code", maxLength: 20 });
      const form = make("form", {}, make("label", {}, say.country, country), make("label", {}, say.postcode, postcode), make("button", {}, say.show));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.setAttribute("country", country.value);
        this.setAttribute("postal-code", postcode.value.trim());
        this.ask();
      });
      return make("details", {}, make("summary", {}, quote.to), form);
    }

    refuse(problem) {
      const said = line("problem", problem);
      said.setAttribute("role", "alert");
      this.box.querySelector(".problem")?.remove();
      this.box.querySelector("form")?.append(said);
    }
  }

  if (!customElements.get("aftermile-promise")) customElements.define("aftermile-promise", Promised);
})();
