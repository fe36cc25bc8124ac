"""Sign-ins, one-time codes, passwords, second factors and passkeys: what changes them."""
