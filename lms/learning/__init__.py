"""The course home, the reader, the states of items and the grade ledger. Must not know the kinds of activities."""
