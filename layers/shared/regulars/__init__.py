"""Regulars: what every function shares. Read `domain` for the rules, `usecases` for the verbs, `wiring` for who talks to what."""
