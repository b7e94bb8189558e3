"""The notifier's database, change by change."""
