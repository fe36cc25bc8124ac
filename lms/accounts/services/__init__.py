"""What changes people, units, roles and sign-ins, a module per noun."""
