"""The course page, reading, progress and the grade ledger. Must not know the types of activities."""
