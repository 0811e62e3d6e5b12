"""Pictures, reports, moving pictures and the page in the browser."""
