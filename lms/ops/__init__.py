"""Operations: backup and restore, the doctor, metrics for a monitor."""
