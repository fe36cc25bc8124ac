"""The page kit: access marks, the base page, macros, styles, headers. Knows no noun of the domain."""
