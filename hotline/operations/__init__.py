"""Operations: doctor, backup, restore."""
