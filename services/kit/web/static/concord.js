// Everything works without this file; it only saves a person a click.

// A form that was sent back with mistakes: read them out first.
document.querySelector(".govuk-error-summary [role=alert], .govuk-error-summary[role=alert]")?.focus();
