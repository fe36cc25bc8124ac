// Notes beside a name that WhatsApp was opened, and copies the text for the group.
(() => {
  document.querySelectorAll("[data-whatsapp] a").forEach(link => {
    link.addEventListener("click", () => {
      const item = link.closest("li");
      if (item.querySelector(".tag")) return;
      const tag = document.createElement("span");
      tag.className = "tag tag--done";
      tag.textContent = "✓ " + item.parentElement.dataset.whatsapp;
      link.before(tag);
    });
  });
  document.querySelectorAll("[data-copy]").forEach(button => {
    const text = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      text.select();
      try {
        await navigator.clipboard.writeText(text.value);
      } catch {
        document.execCommand("copy"); // without https there is no clipboard
      }
      button.textContent = "✓ " + button.dataset.copied;
    });
  });
})();
