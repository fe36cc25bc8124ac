// Passkeys. Where the browser has them, their buttons are shown and the words for other browsers hidden. A button asks the
// browser, and sends its answer with the form. What goes wrong is said beside it; nothing is sent then.
(() => {
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), one => one.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

  function read(json) {
    const options = JSON.parse(json), known = options.allowCredentials || options.excludeCredentials || [];
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    known.forEach(one => { one.id = bytes(one.id); });
    return options;
  }

  function written(made) {
    const { id, rawId, type, response } = made, parts = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature"].forEach(name => {
      if (response[name]) parts[name] = text(response[name]);
    });
    if (response.getTransports) parts.transports = response.getTransports();
    return JSON.stringify({ id, rawId: text(rawId), type, response: parts });
  }

  if (window.PublicKeyCredential) {
    document.querySelectorAll("[data-without-passkey]").forEach(one => { one.hidden = true; });
    document.querySelectorAll("[data-rather-passkey]").forEach(one => { one.open = false; });
    document.querySelectorAll("[data-passkey]").forEach(box => {
      box.hidden = false;
      if (!box.dataset.options) return;
      const input = document.getElementById(box.dataset.passkey), button = box.querySelector("button");
      const words = { InvalidStateError: box.dataset.known, SecurityError: box.dataset.elsewhere };
      addEventListener("pageshow", () => { button.disabled = false; }); // also when somebody comes back to the page
      const note = box.querySelector("[role=alert]");
      button.addEventListener("click", async () => {
        if (!input.form.reportValidity()) return;
        note.hidden = button.disabled = true;
        try {
          const publicKey = read(box.dataset.options), keys = navigator.credentials;
          input.value = written(await ("create" in box.dataset ? keys.create({ publicKey }) : keys.get({ publicKey })));
          input.form.submit();
        } catch (error) {
          note.textContent = words[error.name] || box.dataset.failed;
          note.hidden = button.disabled = false;
        }
      });
    });
  }
})();
