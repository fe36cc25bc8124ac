// Words that are marked in a submitted text go into the fields of a note.
(() => {
  const work = document.querySelector(".grade__work .work");
  const button = document.getElementById("note-this");
  const details = document.getElementById("new-note");
  const form = document.getElementById("mark");
  if (!work || !button || !details) return;
  let marked = null;

  // Characters as the server counts them; numbers of other notes are not of the text.
  function length(range) {
    const copy = range.cloneContents();
    for (const one of copy.querySelectorAll(".ref")) one.remove();
    return Array.from(copy.textContent).length;
  }

  function words(range) {
    const copy = range.cloneContents();
    for (const one of copy.querySelectorAll(".ref")) one.remove();
    for (const one of copy.querySelectorAll("p")) one.append("\n");
    return copy.textContent;
  }

  function look() {
    const selection = document.getSelection();
    const range = selection && selection.rangeCount ? selection.getRangeAt(0) : null;
    const isInside = range && !range.collapsed && work.contains(range.commonAncestorContainer);
    const text = isInside ? words(range) : "";
    button.hidden = !text.trim();
    button.parentElement.classList.toggle("grade__end--note", !button.hidden);
    if (button.hidden) return;
    marked = { quote: text.trim(), starts: "" };
    const node = range.startContainer;
    const paragraph = (node.nodeType === 1 ? node : node.parentElement).closest("[data-starts]");
    if (!paragraph) return;
    const before = document.createRange();
    before.setStart(paragraph, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const blank = Array.from(text).length - Array.from(text.trimStart()).length;
    marked.starts = Number(paragraph.dataset.starts) + length(before) + blank;
  }

  document.addEventListener("selectionchange", look);
  // On a press the selection must stay, which is lost where the button takes the focus.
  button.addEventListener("pointerdown", event => event.preventDefault());
  button.addEventListener("click", () => {
    if (!marked) return;
    form.elements.quote.value = marked.quote;
    form.elements.starts.value = marked.starts;
    details.open = true;
    form.elements.note.focus();
    button.hidden = true;
    button.parentElement.classList.remove("grade__end--note");
  });
  // Words that are changed by hand stand wherever they are found.
  form.elements.quote.addEventListener("input", () => { form.elements.starts.value = ""; });
})();
