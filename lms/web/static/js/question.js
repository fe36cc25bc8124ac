// The form of a question: more rows without leaving the page; what is typed stays on the device until the server has
// saved it, and is offered again after a lost line, the end of a sign-in or a crash.
(() => {
  const form = document.getElementById("question");
  const offer = document.getElementById("kept");
  const state = document.getElementById("kept-state");
  if (!form || !offer || !state) return;
  const NOT_KEPT = ["csrf_token", "for", "entry"];
  const own = "question:" + (form.elements.for ? form.elements.for.value : "") + ":";
  const key = own + location.pathname;
  const entry = document.createElement("input");
  Object.assign(entry, { type: "hidden", name: "entry", value: Math.random().toString(36).slice(2, 12) });
  form.append(entry);
  let isLeaving = false;
  let isOnDevice = true;

  const isKept = field => field.name && field.tagName !== "BUTTON" && !NOT_KEPT.includes(field.name);

  // Names and values, as they are or as the server sent them: a browser that reloads a page puts back what was typed.
  function fields(asSent) {
    const found = [];
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        if (asSent ? field.defaultChecked : field.checked) found.push([field.name, field.value]);
      } else if (field.tagName === "SELECT") {
        const sent = [...field.options].find(one => one.defaultSelected) || field.options[0];
        found.push([field.name, asSent ? sent.value : field.value]);
      } else found.push([field.name, asSent ? field.defaultValue : field.value]);
    }
    return found;
  }

  const saved = JSON.stringify(fields(true));

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  // True if nothing would be lost with the page.
  function keep() {
    const now = fields();
    try {
      if (JSON.stringify(now) === saved && !("unsaved" in offer.dataset)) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify({ mark: entry.value, typedAt: Date.now(), fields: now }));
      return true;
    } catch {
      return JSON.stringify(now) === saved;
    }
  }

  function changed() {
    isOnDevice = keep();
    const words = isOnDevice ? state.dataset.kept : state.dataset.page;
    if (state.textContent === words) return;
    state.className = "saved saved--wait";
    state.textContent = words;
  }

  // The address of the page after saving names what was sent: it is no longer needed.
  function dropSaved() {
    const named = /^#saved-([a-z0-9]+)$/.exec(location.hash);
    if (!named) return;
    try {
      for (const name of Object.keys(localStorage)) {
        if (!name.startsWith(own)) continue;
        const found = read(name);
        if (found && found.mark === named[1]) localStorage.removeItem(name);
      }
    } catch { /* nothing can be kept here */ }
    history.replaceState(null, "", location.pathname + location.search);
  }

  // Gives the new row; none beyond the most.
  function add(button) {
    const list = document.getElementById(button.dataset.add);
    const n = list.children.length;
    if (n >= Number(button.dataset.most)) return undefined;
    const holder = document.createElement(list.tagName);
    holder.innerHTML = document.getElementById(button.dataset.add + "-row").innerHTML
      .replace(/__n__/g, n).replace(/__number__/g, n + 1)
      .replace(/__letter__/g, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n] || n + 1);
    list.append(holder.firstElementChild);
    button.hidden = n + 1 >= Number(button.dataset.most);
    return list.lastElementChild;
  }

  function putBack(kept) {
    const wanted = {};
    for (const [name, value] of kept) (wanted[name] = wanted[name] || []).push(value);
    for (const button of form.querySelectorAll("[data-add]")) {
      const list = document.getElementById(button.dataset.add);
      const rows = (wanted[button.dataset.rows] || []).length;
      while (list.children.length < rows && add(button));
    }
    const at = {};
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      const values = wanted[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else {
        const next = at[field.name] = field.name in at ? at[field.name] + 1 : 0;
        if (next < values.length) field.value = values[next];
        else if (field.type !== "hidden") field.value = "";
      }
      const hidden = field.closest("details");
      if (hidden && (field.checked || field.type !== "checkbox" && field.value)) hidden.open = true;
    }
  }

  /* How several answers earn points is asked where several can be right. */
  function askScoring() {
    const scoring = document.getElementById("with-several");
    const several = form.querySelector("[name=kind][value=multiple]");
    if (scoring && several) scoring.hidden = !several.checked;
  }

  function offerAgain() {
    const found = read(key);
    if (!found || !found.fields || "unsaved" in offer.dataset) return;
    if (JSON.stringify(found.fields) === saved) return localStorage.removeItem(key);
    const [back, drop] = offer.querySelectorAll("button");
    offer.querySelector("[data-at]").textContent = new Date(found.typedAt).toLocaleString(document.documentElement.lang);
    offer.hidden = false;
    back.addEventListener("click", () => {
      offer.hidden = true;
      entry.value = found.mark;
      putBack(found.fields);
      askScoring();
      changed();
      form.elements.stem.focus();
    });
    drop.addEventListener("click", () => {
      offer.hidden = true;
      if (JSON.stringify(fields()) === saved) localStorage.removeItem(key);
    });
  }

  form.addEventListener("click", event => {
    const button = event.target.closest("[data-add]");
    if (!button) return;
    event.preventDefault();
    const row = add(button);
    if (row) row.querySelector("textarea, input:not([type=hidden]):not([type=checkbox])").focus();
    changed();
  });
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("change", askScoring);
  form.addEventListener("submit", () => { isLeaving = true; });
  addEventListener("pageshow", () => { isLeaving = false; });
  addEventListener("beforeunload", event => {
    if (isLeaving || isOnDevice) return;
    event.preventDefault();
    event.returnValue = ""; // what older browsers ask for
  });
  dropSaved();
  if ("unsaved" in offer.dataset) keep();
  offerAgain();
})();
