"""The page kit: access marks, the base page, macros, styles, headers. Knows nothing of the domain."""
