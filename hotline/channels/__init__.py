"""Outgoing channels: plug-ins of one shape, each switched on by its address in `config/channels.toml`.

A module has `is_on(settings)` and `send(settings, message)`; what cannot be sent raises `NotSent`, and is tried again later.
"""
