"""The notifier's rules and words, without any server."""
