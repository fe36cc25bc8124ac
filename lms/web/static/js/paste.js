// What is pasted from Word or a web page comes in as Markdown, which the server makes of its HTML. Plain text is left to
// the browser; if the server does not answer, the words come in without their form.
(() => {
  const form = document.getElementById("editor");
  const words = document.getElementById("paste-words");
  const state = document.getElementById("save-state");
  if (!form || !words) return;
  const text = form.elements.text;
  const hasForm = /<(?:h[1-6]|p|ul|ol|table|b|strong|i|em|a|blockquote)[\s>]/i;

  function insert(what) {
    text.readOnly = false;
    text.focus();
    if (document.execCommand("insertText", false, what)) return; // can be undone
    text.setRangeText(what, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function converted(html) {
    const body = new FormData();
    body.append("csrf_token", form.elements.csrf_token.value);
    body.append("html", html);
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), 8000);
    try {
      const response = await fetch(words.dataset.url, {
        method: "POST", body, headers: { "X-Requested-With": "fetch" }, signal: abort.signal,
      });
      return response.ok ? (await response.json()).text : null;
    } catch {
      return null;
    } finally {
      clearTimeout(limit);
    }
  }

  text.addEventListener("paste", async event => {
    const data = event.clipboardData;
    if (event.defaultPrevented || !data || text.readOnly) return;
    const html = data.getData("text/html").replace(/(src\s*=\s*["'])data:[^"']*/gi, "$1");
    if (!hasForm.test(html)) return;
    const plain = data.getData("text/plain");
    event.preventDefault();
    text.readOnly = true; // for a moment, so that it goes where it was meant to
    if (state) state.textContent = words.dataset.busy;
    const markdown = html.length < 900000 ? await converted(html) : null;
    insert(markdown === null ? plain : markdown.replace(/\n$/, ""));
    if (markdown === null && state) state.textContent = words.dataset.plain;
  });
})();
