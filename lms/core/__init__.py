"""Ports to the outside: database, clock, storage, jobs, languages, the ledger. Knows no noun of the domain."""
