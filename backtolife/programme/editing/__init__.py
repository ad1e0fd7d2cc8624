"""A service makes its own programme in the browser: drafts, previews, versions, files, and what services share."""
