"""Questions of a file as the values of a form, and the form's values put back into the same bytes."""
