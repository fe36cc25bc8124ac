// Items of an outline are dragged to another place; the buttons beside them do the same without a mouse.
(() => {
  const form = document.getElementById("moves");
  const lists = [...document.querySelectorAll("ol[data-folder]")];
  let held = null;
  let home = null;

  function put(name, value) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }

  function below(list, y) {
    const others = [...list.children].filter(one => one !== held);
    const at = others.findIndex(one => { const box = one.getBoundingClientRect(); return y < box.top + box.height / 2; });
    return { at: at < 0 ? others.length : at, before: at < 0 ? null : others[at] };
  }

  for (const item of document.querySelectorAll("li[data-file]")) {
    item.draggable = true;
    item.addEventListener("dragstart", event => {
      held = item;
      home = { list: item.parentNode, before: item.nextSibling };
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.dataset.file);
      item.classList.add("unit--held");
    });
    item.addEventListener("dragend", event => {
      item.classList.remove("unit--held");
      if (event.dataTransfer.dropEffect === "none") home.list.insertBefore(item, home.before);
      held = null;
    });
  }
  for (const list of lists) {
    const part = list.closest(".part");
    part.addEventListener("dragover", event => {
      if (!held) return;
      event.preventDefault();
      list.insertBefore(held, below(list, event.clientY).before);
    });
    part.addEventListener("drop", event => {
      if (!held) return;
      event.preventDefault();
      put("do", `place:${held.dataset.file}`);
      put("folder", list.dataset.folder);
      put("at", [...list.children].indexOf(held));
      form.submit();
    });
  }
})();
