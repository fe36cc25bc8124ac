"""Pictures in versions for small screens and slow lines, by the hash of their content. Knows no courses."""
