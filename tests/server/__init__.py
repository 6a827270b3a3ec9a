"""The server: settings, services, health, logs, backup."""
