"""What keeps the service running: doctor, backup, restore."""
