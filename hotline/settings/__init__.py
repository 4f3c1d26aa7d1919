"""Settings: the environment, and the rules that `config/` states."""
