// Tools above the source of a file, for those who know no Markdown. One tab stop, arrows within, Ctrl+B and Ctrl+K in the
// text. What they write can be undone as what was typed.
(() => {
  const box = document.getElementById("bench");
  const text = document.getElementById("source");
  if (!box || !text) return;
  const names = JSON.parse(box.dataset.tools);
  const samples = JSON.parse(box.dataset.samples);
  const isQuiz = box.dataset.kind === "quiz"; // there, a heading opens a question

  // Replaces a stretch and selects a part of what was written.
  function put(from, to, words, first = words.length, last = words.length) {
    text.focus();
    text.setSelectionRange(from, to);
    let isDone = false;
    try {
      isDone = document.execCommand(words ? "insertText" : "delete", false, words);
    } catch { /* older browsers do not know it in a text box */ }
    if (!isDone || text.value.slice(from, from + words.length) !== words) {
      text.setRangeText(words, from, isDone ? from : to, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    text.setSelectionRange(from + first, from + last);
  }

  // Where the text begins below the front matter.
  function bodyStart() {
    const found = /^---\n[\s\S]*?\n---[ \t]*(?:\n|$)/.exec(text.value);
    return found ? found[0].length : 0;
  }

  function chosen() {
    const start = bodyStart();
    if (text.selectionStart < start) return [text.value.length, text.value.length];
    return [text.selectionStart, text.selectionEnd];
  }

  // A block with a blank line before and behind it.
  function block(words, first, last) {
    const [from, to] = chosen();
    const before = text.value.slice(0, from);
    const after = text.value.slice(to);
    const head = !before || /\n\n$/.test(before) ? "" : /\n$/.test(before) ? "\n" : "\n\n";
    const tail = !after || /^\n\n/.test(after) ? "\n" : /^\n/.test(after) ? "\n" : "\n\n";
    put(from, to, head + words + tail, head.length + first, head.length + last);
  }

  function wrap(mark) {
    let [from, to] = chosen();
    const value = text.value;
    while (from < to && /\s/.test(value[from])) from++;
    while (to > from && /\s/.test(value[to - 1])) to--;
    const inner = value.slice(from, to);
    const length = mark.length;
    if (value.slice(from - length, from) === mark && value.slice(to, to + length) === mark) {
      return put(from - length, to + length, inner, 0, inner.length);
    }
    const words = inner || samples.text;
    put(from, to, mark + words + mark, length, length + words.length);
  }

  // Puts a mark before each line, or takes it away where all have it.
  function lines(mark, sample) {
    const [start, end] = chosen();
    const value = text.value;
    const from = value.lastIndexOf("\n", start - 1) + 1;
    const next = value.indexOf("\n", end);
    const to = next < 0 ? value.length : next;
    const rows = value.slice(from, to).split("\n");
    const hasAll = rows.every(row => row.startsWith(mark));
    if (rows.join("") === "") return put(from, to, mark + sample, mark.length, mark.length + sample.length);
    const words = rows.map(row => hasAll ? row.slice(mark.length) : mark + row.replace(/^#+ /, "")).join("\n");
    put(from, to, words, hasAll ? 0 : mark.length, words.length);
  }

  function link() {
    const [from, to] = chosen();
    const words = text.value.slice(from, to).replace(/\n+/g, " ") || samples.text;
    const address = "https://";
    const at = words.length + 3;
    put(from, to, `[${words}](${address})`, at, at + address.length);
  }

  function table() {
    const row = words => `| ${words} | ${words} |`;
    const words = [row(samples.column), "| --- | --- |", row(samples.cell), row(samples.cell)].join("\n");
    block(words, 2, 2 + samples.column.length);
  }

  function callout() {
    const [from, to] = chosen();
    const inner = text.value.slice(from, to).trim() || samples.box;
    const head = `!!! note "${samples.note}"\n    `;
    const words = head + inner.split("\n").join("\n    ");
    block(words, head.length, words.length);
  }

  function picture() {
    const place = document.getElementById("arrival");
    place.open = true;
    document.getElementById("arrival-file").focus();
    document.getElementById("arrival-file").click();
  }

  const acts = {
    bold: () => wrap("**"), heading: () => lines("## ", samples.heading), list: () => lines("- ", samples.text),
    link, picture, table, box: callout,
  };
  const shortcuts = { b: "bold", k: "link" };
  const tools = Object.keys(acts).filter(name => !(isQuiz && name === "heading")).map(name => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool";
    button.tabIndex = -1;
    button.textContent = names[name];
    const key = Object.keys(shortcuts).find(one => shortcuts[one] === name);
    if (key) {
      button.setAttribute("aria-keyshortcuts", `Control+${key.toUpperCase()}`);
      button.title = `Ctrl+${key.toUpperCase()}`;
    }
    button.addEventListener("click", acts[name]);
    box.append(button);
    return button;
  });

  function visit(number) {
    tools.forEach((tool, at) => { tool.tabIndex = at === number ? 0 : -1; });
    tools[number].focus();
  }

  box.setAttribute("role", "toolbar");
  box.setAttribute("aria-label", box.dataset.label);
  box.setAttribute("aria-controls", text.id);
  box.className = "bench";
  box.hidden = false;
  tools[0].tabIndex = 0;
  box.addEventListener("keydown", event => {
    const at = tools.indexOf(document.activeElement);
    const last = tools.length - 1;
    const target = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    if (at < 0 || target === undefined) return;
    event.preventDefault();
    visit(target);
  });
  text.addEventListener("keydown", event => {
    const name = shortcuts[event.key.toLowerCase()];
    if (!name || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    acts[name]();
  });
  window.sourceBlock = block;
})();
