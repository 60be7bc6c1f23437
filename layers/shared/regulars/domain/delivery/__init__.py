"""Sending: to whom and why not, what FCM's answers mean, and how fast to go. Rules only; `adapters.fcm` does the talking."""
